/**
 * `i` walks through the figures that are in view, each showing its provenance, without making thousands of figures stops
 * of the Tab key. `Esc` goes back to where the focus was.
 */
let origin: HTMLElement | null = null

export function inspectNext(step: 1 | -1 = 1): void {
  const active = document.activeElement
  const figures = visibleFigures(regionOf(active))
  if (figures.length === 0) return
  const at = active instanceof HTMLElement ? figures.indexOf(active) : -1
  if (at === -1) origin = active instanceof HTMLElement && active !== document.body ? active : null
  const next = at === -1 ? firstFor(active, figures) : (at + step + figures.length) % figures.length
  figures[next]?.focus({ preventScroll: true })
}

export function isInspecting(): boolean {
  return document.activeElement?.hasAttribute('data-inspect') === true
}

export function leaveInspection(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  origin?.focus({ preventScroll: true })
  origin = null
}

/** Where the person is looking: the selected row of a table that has the focus, what has the focus, or the view. */
function firstFor(active: Element | null, figures: readonly HTMLElement[]): number {
  const view = document.querySelector('main')
  const places = [
    active?.querySelector('[aria-selected=true]'),
    active === document.body ? null : active,
    view,
  ]
  for (const place of places) {
    const first = place == null ? -1 : figures.findIndex((figure) => place.contains(figure))
    if (first !== -1) return first
  }
  return 0
}

/** What the person is working in: an open dialog, else the whole screen. */
function regionOf(active: Element | null): ParentNode {
  return active?.closest('dialog[open]') ?? document
}

function visibleFigures(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-inspect]')].filter((element) => {
    const box = element.getBoundingClientRect()
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  })
}

import { expect, type Page } from '@playwright/test'

/** What one line of the interface, or one paragraph, may measure at most, CSS px. */
const HIGHEST: Readonly<Record<string, number>> = {
  '.status-bar': 60,
  // A source has a problem in a line, and its next step in two.
  '.table-row': 64,
  '.ranked-row': 60,
  '.chip': 60,
  '.name': 40,
  button: 100,
  select: 60,
  tr: 90,
  'h1, h2, h3': 110,
  'dt, dd': 200,
  p: 200,
  '.tile': 190,
  '.hover-card': 420,
  '[role=tooltip]': 420,
}

/**
 * Everything that is shown lies within the screen and within its row, whatever names it holds, and holds nothing that
 * cannot be seen. Tells each misfit by its element and the start of its text.
 */
export async function expectFits(page: Page): Promise<void> {
  const misfits = await page.evaluate((highest) => {
    const found: string[] = []
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').slice(0, 40)}"`
    if (document.documentElement.scrollWidth > innerWidth)
      found.push(`the page is ${document.documentElement.scrollWidth} px wide`)

    /** What of an element can be seen: its box, cut by every ancestor that clips. */
    const seenBox = (element: Element): { left: number; right: number } => {
      let { left, right } = element.getBoundingClientRect()
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        if (at === document.body || getComputedStyle(at).overflowX === 'visible') continue
        const box = at.getBoundingClientRect()
        left = Math.max(left, box.left)
        right = Math.min(right, box.right)
      }
      return { left, right }
    }
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('.visually-hidden, svg, canvas') !== null) continue
      if (getComputedStyle(element).visibility === 'hidden' || element.getClientRects().length === 0) continue
      const { left, right } = seenBox(element)
      if (right > left && (right > innerWidth + 1 || left < -1))
        found.push(`${nameOf(element)} reaches from ${left} to ${right}`)
    }
    for (const [selector, most] of Object.entries(highest)) {
      for (const element of document.querySelectorAll(selector)) {
        if (element.closest('.visually-hidden') !== null) continue
        const { height } = element.getBoundingClientRect()
        if (height > most) found.push(`${nameOf(element)} is ${height} px high, at most ${most}`)
      }
    }
    // What stands beside one another in a bar does not lie over one another.
    for (const bar of document.querySelectorAll(
      '.tenant-head, .status-bar, .tokens-controls, .floor-filter-fields',
    )) {
      const parts = [...bar.children].filter((part) => part.getClientRects().length > 0)
      for (const [place, part] of parts.entries()) {
        const [box, next] = [part.getBoundingClientRect(), parts[place + 1]?.getBoundingClientRect()]
        if (
          next !== undefined &&
          next.top < box.bottom &&
          next.left < box.right - 1 &&
          next.right > box.left + 1
        )
          found.push(`${nameOf(part)} lies over what stands beside it`)
      }
    }
    // oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
    const unseen = /[\u0000-\u0008\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u2067\ufeff]/
    const read = (text: string | null, of: Element): void => {
      if (text !== null && unseen.test(text)) found.push(`${nameOf(of)} holds what cannot be seen`)
    }
    for (const element of document.body.querySelectorAll('*')) {
      for (const name of ['title', 'aria-label']) read(element.getAttribute(name), element)
      for (const child of element.childNodes)
        if (child.nodeType === Node.TEXT_NODE) read(child.textContent, element)
    }
    return [...new Set(found)].slice(0, 20)
  }, HIGHEST)
  expect(misfits).toEqual([])
}

import { useSyncExternalStore } from 'react'

/** The custom properties that canvases need as values, because a canvas cannot read `var(--x)`. */
const TOKENS = {
  ground: '--ground',
  surface: '--surface',
  raised: '--raised',
  hairline: '--hairline',
  text: '--text',
  textSecondary: '--text-secondary',
  textFaint: '--text-faint',
  rampLow: '--ramp-low',
  rampHigh: '--ramp-high',
  advisory: '--advisory',
  critical: '--critical',
  implausible: '--implausible',
  throttle: '--throttle',
  hatch: '--hatch',
  category1: '--category-1',
  category2: '--category-2',
  category3: '--category-3',
  category4: '--category-4',
  category5: '--category-5',
  category6: '--category-6',
  category7: '--category-7',
  category8: '--category-8',
  categoryRest: '--category-rest',
} as const

/** In Wong's spirit: distinct by lightness too, so that people who see fewer hues can; quieter than any alarm. */
export const CATEGORIES = [
  'category1',
  'category2',
  'category3',
  'category4',
  'category5',
  'category6',
  'category7',
  'category8',
] as const

export type Colours = Readonly<Record<keyof typeof TOKENS, string>>

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    Object.entries(TOKENS).map(([name, property]) => [
      name,
      resolved(style.getPropertyValue(property).trim()),
    ]),
  ) as Colours
}

/**
 * A colour of the system by its value. Forced colours are given by name (`CanvasText`), which a canvas understands, but
 * nothing that has to mix or compare them.
 */
function resolved(token: string): string {
  if (!/^(?:[A-Z][A-Za-z]+$|color-mix\()/.test(token)) return token
  const probe = document.createElement('span')
  probe.style.setProperty('forced-color-adjust', 'none')
  probe.style.color = token
  document.documentElement.append(probe)
  const value = getComputedStyle(probe).color
  probe.remove()
  return value === '' ? token : asRgb(value)
}

/** A mixed colour is given in shares of 1, which the arithmetic of palettes does not read. */
export function asRgb(value: string): string {
  const [, ...shares] = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(value) ?? []
  if (shares.length === 0) return value
  return `rgb(${shares.map((share) => Math.round(Number(share) * 255)).join(', ')})`
}

let cached: { theme: string | undefined; colours: Colours } | null = null
const listeners = new Set<() => void>()
let observer: MutationObserver | null = null

function changed(): void {
  cached = null
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (observer === null) {
    observer = new MutationObserver(changed)
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    // Forced colours replace the palette without touching the attribute.
    matchMedia('(forced-colors: active)').addEventListener('change', changed)
  }
  return () => listeners.delete(listener)
}

function snapshot(): Colours {
  const theme = document.documentElement.dataset['theme']
  if (cached === null || cached.theme !== theme) cached = { theme, colours: readColours() }
  return cached.colours
}

/** The colours in force; the component renders again when the theme changes. */
export function useColours(): Colours {
  return useSyncExternalStore(subscribe, snapshot)
}

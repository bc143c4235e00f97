import { hcl, interpolateLab, lab, rgb } from 'd3'

/**
 * The tokens that a picture is painted with, as CSS colours; renderer/ui/theme/tokens.css holds the same. Critical stands
 * out from the surface more than any other of them, also to eyes that lack a kind of cones (colourVision.test.ts).
 */
export interface Palette {
  readonly ground: string
  readonly surface: string
  readonly raised: string
  readonly hairline: string
  readonly text: string
  readonly textSecondary: string
  readonly textFaint: string
  readonly rampLow: string
  readonly rampHigh: string
  readonly advisory: string
  readonly critical: string
  readonly implausible: string
  readonly throttle: string
  readonly hatch: string
}

export const PALETTES: Readonly<Record<'dark' | 'light', Palette>> = {
  dark: {
    ground: '#14171b',
    surface: '#1a1e23',
    raised: '#22272e',
    hairline: '#2f363e',
    text: '#d8dde3',
    textSecondary: '#9ba5b0',
    textFaint: '#6f7a86',
    rampLow: '#202a35',
    rampHigh: '#668cb6',
    advisory: '#b38600',
    critical: '#ff946a',
    implausible: '#c07aa2',
    throttle: '#448bb8',
    hatch: '#3a434d',
  },
  light: {
    ground: '#e9ecef',
    surface: '#f4f6f7',
    raised: '#ffffff',
    hairline: '#cfd5db',
    text: '#1c2229',
    textSecondary: '#4d5864',
    textFaint: '#75808c',
    rampLow: '#dfe7ef',
    rampHigh: '#3a6a9a',
    advisory: '#a86f00',
    critical: '#8f1d00',
    implausible: '#9c3f74',
    throttle: '#0072b2',
    hatch: '#b9c1c9',
  },
}

/**
 * The tokens in force, each replaced by the fixed palette's where it is not a colour that can be calculated with
 * (forced colours name system colours; a page without the theme names none).
 */
export function paletteFrom(tokens: Partial<Readonly<Record<keyof Palette, string>>>): Palette {
  const ground = tokens.ground ?? ''
  const light = isColour(ground) && lab(ground).l > 50
  const fallback = light ? PALETTES.light : PALETTES.dark
  const names = Object.keys(fallback) as (keyof Palette)[]
  return Object.fromEntries(
    names.map((name) => {
      const token = tokens[name] ?? ''
      return [name, isColour(token) ? token : fallback[name]]
    }),
  ) as unknown as Palette
}

function isColour(text: string): boolean {
  return Number.isFinite(rgb(text).r)
}

/** Steps of the load ramp. */
export const RAMP_STEPS = 256
/** Places in a pixel table behind the ramp and the dimmed ramp of stale cells. */
const STALE = RAMP_STEPS
const FIXED = 2 * RAMP_STEPS
export const PIXEL = {
  ramp: 0,
  /** Last known value, paler; every other cell of a stale area takes `staleTint`, so that it reads as hatched. */
  stale: STALE,
  staleTint: FIXED,
  absent: FIXED + 1,
  /** Every other cell of an absent area, so that it reads as a mesh and not as a low load. */
  absentTint: FIXED + 2,
  implausible: FIXED + 3,
  advisory: FIXED + 4,
  critical: FIXED + 5,
  /** The figure has been asked for and has not come yet; nothing may be said of the cell. */
  awaited: FIXED + 6,
} as const
/** From an entry to the same entry for a cell that a filter leaves out. */
export const DIMMED = 1024

export interface ColourTable {
  readonly palette: Palette
  /** Little-endian RGBA words as an ImageData holds them; see {@link PIXEL}, twice, the second time dimmed. */
  readonly pixels: Uint32Array
  /** The ramp as CSS colours. */
  readonly ramp: readonly string[]
  /** Per ramp step: the ink that is read best on it. */
  readonly ink: readonly string[]
  /** The ink that is read best on a critical block. */
  readonly onCritical: string
  readonly isLight: boolean
}

/** Everything that painting looks up, for one theme. */
export function createColourTable(palette: Palette): ColourTable {
  const between = interpolateLab(palette.rampLow, palette.rampHigh)
  const ramp = Array.from({ length: RAMP_STEPS }, (_, i) => rgb(between(i / (RAMP_STEPS - 1))).formatHex())
  const pixels = new Uint32Array(2 * DIMMED)
  const set = (place: number, css: string): void => {
    pixels[place] = packed(css)
    pixels[place + DIMMED] = packed(mix(palette.surface, css, 0.16))
  }
  ramp.forEach((css, i) => {
    set(PIXEL.ramp + i, css)
    set(PIXEL.stale + i, mix(palette.surface, grey(css), 0.45))
  })
  set(PIXEL.staleTint, palette.textFaint)
  set(PIXEL.absent, palette.surface)
  set(PIXEL.absentTint, palette.hairline)
  set(PIXEL.implausible, palette.implausible)
  set(PIXEL.advisory, palette.advisory)
  set(PIXEL.critical, palette.critical)
  // A filter that hides the worst would be believed.
  pixels[PIXEL.critical + DIMMED] = packed(palette.critical)
  set(PIXEL.awaited, palette.raised)
  const isLight = lab(palette.ground).l > 50
  const soft = isLight ? [palette.raised, palette.text] : [palette.text, palette.ground]
  const ink = ramp.map((css) => readableOn(css, soft))
  return { palette, pixels, ramp, ink, onCritical: readableOn(palette.critical, soft), isLight }
}

/** WCAG AA for text of any size. */
const READABLE = 4.5
const STIFFENING = 10

/**
 * The softer of a light and a dark ink, taken towards white or black only as far as reading it asks for: in the middle
 * of a ramp nothing else is read, at its ends it would glare.
 */
function readableOn(css: string, [light, dark]: readonly string[]): string {
  const onLight = contrast('#ffffff', css) < contrast('#000000', css)
  const [soft, hard] = onLight ? [dark ?? '#000000', '#000000'] : [light ?? '#ffffff', '#ffffff']
  for (let step = 0; step < STIFFENING; step++) {
    const ink = mix(soft, hard, step / STIFFENING)
    if (contrast(ink, css) >= READABLE) return ink
  }
  return hard
}

/** `share` of the second colour in the first, even to the eye. */
export function mix(base: string, other: string, share: number): string {
  return rgb(interpolateLab(base, other)(share)).formatHex()
}

function grey(css: string): string {
  const colour = hcl(css)
  colour.c = 0
  return colour.formatHex()
}

function packed(css: string): number {
  const { r, g, b } = rgb(css)
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0
}

/** WCAG 2.2 contrast ratio, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(css: string): number {
  const { r, g, b } = rgb(css)
  const [lr, lg, lb] = [r, g, b].map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb
}

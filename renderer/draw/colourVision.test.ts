import { lab, rgb } from 'd3'
import { describe, expect, it } from 'vitest'
import { contrast, createColourTable, type Palette, PALETTES } from './colour.ts'

type Vision = 'full colour vision' | 'protanopia' | 'deuteranopia' | 'tritanopia'

/**
 * How colours look to eyes that lack one kind of cones, in linear light: Machado, Oliveira and Fernandes, A
 * Physiologically-based Model for Simulation of Color Vision Deficiency (2009), severity 1.0.
 */
const VISIONS: Readonly<Record<Vision, readonly (readonly number[])[]>> = {
  'full colour vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function seen(css: string, vision: Vision): string {
  const { r, g, b } = rgb(css)
  const light = [r, g, b].map((channel) => linear(channel / 255))
  const [red = 0, green = 0, blue = 0] = VISIONS[vision].map((weights) =>
    encoded(weights.reduce((sum, weight, i) => sum + weight * (light[i] ?? 0), 0)),
  )
  return rgb(255 * red, 255 * green, 255 * blue).formatHex()
}

function linear(share: number): number {
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

function encoded(light: number): number {
  const within = Math.min(1, Math.max(0, light))
  return within <= 0.0031308 ? 12.92 * within : 1.055 * within ** (1 / 2.4) - 0.055
}

/** CIE 1976; 2.3 is just noticed side by side. */
function difference(a: string, b: string): number {
  const [one, other] = [lab(a), lab(b)]
  return Math.hypot(one.l - other.l, one.a - other.a, one.b - other.b)
}

const OTHERS = ['advisory', 'implausible', 'throttle'] as const satisfies (keyof Palette)[]
const cases = (['dark', 'light'] as const).flatMap((theme) =>
  (Object.keys(VISIONS) as Vision[]).map((vision) => [theme, vision] as const),
)

describe.each(cases)('the %s theme with %s', (theme, vision) => {
  const palette = PALETTES[theme]
  const critical = seen(palette.critical, vision)
  const surfaces = [palette.ground, palette.surface, palette.raised].map((css) => seen(css, vision))
  const ramp = createColourTable(palette).ramp.map((css) => seen(css, vision))
  const others = OTHERS.map((name) => seen(palette[name], vision))

  it('shows critical with more contrast than any other sign and any load, on every surface', () => {
    for (const surface of surfaces) {
      const strongest = Math.max(...[...others, ...ramp].map((css) => contrast(css, surface)))
      expect(contrast(critical, surface)).toBeGreaterThan(1.1 * strongest)
      expect(contrast(critical, surface)).toBeGreaterThan(4.5)
    }
  })

  it('tells critical from each other sign and from each load', () => {
    for (const css of [...others, ...ramp]) {
      expect(contrast(critical, css)).toBeGreaterThan(1.1)
      expect(difference(critical, css)).toBeGreaterThan(18)
    }
  })
})

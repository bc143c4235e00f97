import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hcl, lab } from 'd3'
import { describe, expect, it } from 'vitest'
import {
  contrast,
  createColourTable,
  DIMMED,
  type Palette,
  paletteFrom,
  PALETTES,
  PIXEL,
  RAMP_STEPS,
} from './colour.ts'

const css = readFileSync(join(import.meta.dirname, '../ui/theme/tokens.css'), 'utf8')
const themes = ['dark', 'light'] as const

function tokensOf(theme: (typeof themes)[number]): Map<string, string> {
  const block = new RegExp(`data-theme="${theme}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? ''
  return new Map(
    [...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  )
}

describe.each(themes)('the %s theme', (theme) => {
  const palette = PALETTES[theme]
  const table = createColourTable(palette)

  it('has the colours of the stylesheet', () => {
    const tokens = tokensOf(theme)
    for (const name of Object.keys(palette) as (keyof Palette)[]) {
      const token = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      expect([token, tokens.get(token)]).toEqual([token, palette[name]])
    }
  })

  it('has a ramp of one hue whose lightness changes in even steps', () => {
    const lightness = table.ramp.map((colour) => lab(colour).l)
    const step = ((lightness.at(-1) ?? 0) - (lightness[0] ?? 0)) / (RAMP_STEPS - 1)
    lightness.forEach((l, i) => expect(Math.abs(l - (lightness[0] ?? 0) - i * step)).toBeLessThan(0.8))
    const hues = table.ramp.map((colour) => hcl(colour).h)
    expect(Math.max(...hues) - Math.min(...hues)).toBeLessThan(25)
  })

  it('has an ink that is read on every step of the ramp', () => {
    table.ramp.forEach((colour, i) =>
      expect(contrast(table.ink[i] ?? '', colour)).toBeGreaterThanOrEqual(4.5),
    )
    expect(contrast(table.onCritical, palette.critical)).toBeGreaterThanOrEqual(4.5)
  })

  it('dims what a filter leaves out towards the ground, for every entry but the critical one', () => {
    for (const place of Object.values(PIXEL)) {
      const [full, dimmed] = [table.pixels[place], table.pixels[place + DIMMED]]
      // Nothing leaves out what is critical.
      if (place === PIXEL.critical) expect(dimmed).toBe(full)
      else expect(place === PIXEL.absent || dimmed !== full).toBe(true)
      expect((full ?? 0) >>> 24).toBe(255)
    }
  })

  it('keeps alarms apart from every load, also without their hue', () => {
    for (const colour of [palette.critical, palette.advisory, palette.implausible]) {
      expect(table.ramp).not.toContain(colour)
      expect(hcl(colour).c).toBeGreaterThan(25)
    }
  })
})

describe('paletteFrom', () => {
  it('takes the tokens in force and fills what cannot be calculated with', () => {
    expect(paletteFrom({ ...PALETTES.light, critical: '#123456' }).critical).toBe('#123456')
    expect(paletteFrom({ ...PALETTES.light, critical: 'CanvasText' }).critical).toBe(PALETTES.light.critical)
    expect(paletteFrom({})).toEqual(PALETTES.dark)
  })
})

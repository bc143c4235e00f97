import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIGURE, SEVERITY } from '../../shared/model/figure.ts'
import { createColourTable, DIMMED, PALETTES, PIXEL, RAMP_STEPS } from './colour.ts'
import { type HeatmapInput, paintCells, rampStep } from './heatmap.ts'

const table = createColourTable(PALETTES.dark)

function paint(
  cell: { value?: number; state: number; severity?: number },
  change: Partial<HeatmapInput> = {},
  pixel = 0,
): number {
  const pixels = new Uint32Array(4)
  const input: HeatmapInput = {
    cells: {
      values: Float32Array.of(cell.value ?? Number.NaN),
      states: Uint8Array.of(cell.state),
      severity: Uint8Array.of(cell.severity ?? SEVERITY.normal),
    },
    span: [0, 100],
    mask: null,
    severityColours: true,
    texture: true,
    ...change,
  }
  paintCells(pixels, Uint32Array.of(pixel), 4, input, table)
  return pixels[pixel] ?? 0
}
const colour = (place: number): number => table.pixels[place] ?? -1

describe('cells', () => {
  it('take the step of the ramp that their value belongs to', () => {
    fc.assert(
      fc.property(fc.float({ min: -50, max: 150, noNaN: true }), (value) => {
        const step = Math.min(RAMP_STEPS - 1, Math.max(0, Math.floor((value / 100) * RAMP_STEPS)))
        expect(paint({ value, state: FIGURE.ok })).toBe(colour(PIXEL.ramp + step))
        expect(rampStep(value, [0, 100])).toBe(step)
      }),
    )
  })

  it('are filled where they are critical, at any zoom and whatever a filter leaves; advisory while they are small', () => {
    const hot = { value: 50, state: FIGURE.ok, severity: SEVERITY.critical }
    expect(paint(hot)).toBe(colour(PIXEL.critical))
    expect(paint({ ...hot, severity: SEVERITY.advisory })).toBe(colour(PIXEL.advisory))
    expect(paint(hot, { severityColours: false })).toBe(colour(PIXEL.critical))
    expect(paint({ ...hot, state: FIGURE.absent }, { severityColours: false })).toBe(colour(PIXEL.critical))
    expect(paint({ ...hot, severity: SEVERITY.advisory }, { severityColours: false })).toBe(
      colour(PIXEL.ramp + 128),
    )
    expect(paint(hot, { mask: Uint8Array.of(0) })).toBe(colour(PIXEL.critical))
  })

  it('are never drawn as good where nothing good is known', () => {
    const ramp = new Set(Array.from({ length: RAMP_STEPS }, (_, i) => colour(PIXEL.ramp + i)))
    const unknown = [FIGURE.absent, FIGURE.stale, FIGURE.implausible, 77]
    for (const state of unknown) expect(ramp.has(paint({ value: 50, state }))).toBe(false)
    expect(paint({ value: Number.NaN, state: FIGURE.ok })).toBe(colour(PIXEL.implausible))
    expect(paint({ value: 50, state: FIGURE.ok }, { cells: null })).toBe(colour(PIXEL.absent))
  })

  it('are textured where they are stale or absent and small', () => {
    expect(paint({ value: 50, state: FIGURE.stale }, {}, 0)).toBe(colour(PIXEL.stale + 128))
    expect(paint({ value: 50, state: FIGURE.stale }, {}, 1)).toBe(colour(PIXEL.staleTint))
    expect(paint({ state: FIGURE.absent }, {}, 1)).toBe(colour(PIXEL.absentTint))
    expect(paint({ state: FIGURE.absent }, { texture: false }, 1)).toBe(colour(PIXEL.absent))
  })

  it('are dimmed where a filter leaves them out', () => {
    expect(paint({ value: 0, state: FIGURE.zero }, { mask: Uint8Array.of(0) })).toBe(
      colour(PIXEL.ramp + DIMMED),
    )
    expect(paint({ value: 0, state: FIGURE.zero }, { mask: Uint8Array.of(1) })).toBe(colour(PIXEL.ramp))
  })

  it('say nothing while their figure is awaited: neither a load nor an absence', () => {
    const critical = { state: FIGURE.absent, severity: SEVERITY.critical }
    for (const pixel of [0, 1])
      expect(paint(critical, { cells: 'awaited' }, pixel)).toBe(colour(PIXEL.awaited))
  })

  it('leave gaps alone', () => {
    const pixels = new Uint32Array(4)
    paintCells(
      pixels,
      Uint32Array.of(2),
      4,
      { cells: null, span: [0, 1], mask: null, severityColours: true, texture: false },
      table,
    )
    expect([...pixels]).toEqual([0, 0, table.pixels[PIXEL.absent], 0])
  })
})

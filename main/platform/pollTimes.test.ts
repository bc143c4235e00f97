import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTurn, patientAtFirst } from './pollTimes.ts'

describe('nextTurn', () => {
  it('keeps to the grid, not before now, and half to one and a half intervals after the last start', () => {
    const ms = fc.double({ min: 0, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(
        ms,
        fc.double({ min: 0, max: 5000, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (startedAt, took, phase) => {
          const interval = 5000
          const now = startedAt + took
          const due = nextTurn(now, startedAt, phase * interval, interval)
          const onGrid = (due - phase * interval) / interval
          expect(Math.abs(onGrid - Math.round(onGrid))).toBeLessThan(1e-6)
          expect(due).toBeGreaterThanOrEqual(now - 1e-3)
          expect(due - startedAt).toBeGreaterThanOrEqual(interval / 2 - 1e-3)
          expect(due - Math.max(now, startedAt + interval / 2)).toBeLessThanOrEqual(interval + 1e-3)
        },
      ),
    )
  })
})

describe('patientAtFirst', () => {
  it('keeps the usual turns at first, then waits longer up to its ceiling', () => {
    const after = patientAtFirst(3, { baseMs: 10_000, floorMs: 5_000, ceilingMs: 30_000 })
    expect([1, 2, 3, 4, 5, 60].map((failures) => after(failures, 0.5))).toEqual([
      null,
      null,
      7_500,
      12_500,
      17_500,
      17_500,
    ])
  })
})

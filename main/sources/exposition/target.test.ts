import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTurn, phaseOf } from './target.ts'

describe('phaseOf', () => {
  it('spreads the exporters of a floor over the interval', () => {
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let host = 0; host < 2000; host++) {
      const phase = phaseOf(`http://10.0.${host >> 8}.${host & 255}:9400/metrics`)
      tenths[Math.floor(phase * 10)] = (tenths[Math.floor(phase * 10)] ?? 0) + 1
    }
    for (const count of tenths) expect(count).toBeGreaterThan(120)
  })

  it('is the same after every start', () => {
    expect(phaseOf('http://h-1:9400/metrics')).toBe(phaseOf('http://h-1:9400/metrics'))
  })
})

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

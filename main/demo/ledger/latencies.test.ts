import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BOUNDS, dealInto, latencyLaws } from './latencies.ts'
import { shapeOf } from './shapes.ts'

describe('dealInto', () => {
  it('deals every observation to exactly one bucket', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('duration' as const, 'timeToFirstToken' as const, 'interToken' as const),
        fc.double({ min: 1e-4, max: 5000, noNaN: true }),
        fc.nat({ max: 1_000_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (kind, median, count, phase) => {
          const into = new Float64Array(BOUNDS[kind].length + 1)
          dealInto(into, 0, kind, { median, sigma: 0.5 }, count, phase)
          expect(into.reduce((a, b) => a + b, 0)).toBe(count)
          expect(Math.min(...into)).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })

  it('puts half of them below the median, single ones too when their phases vary', () => {
    const into = new Float64Array(BOUNDS.duration.length + 1)
    for (let i = 0; i < 1000; i++) {
      dealInto(into, 0, 'duration', { median: 10, sigma: 0.5 }, 1, (i * 0.618) % 1)
    }
    const below = into.slice(0, BOUNDS.duration.indexOf(10) + 1).reduce((a, b) => a + b, 0)
    expect(below).toBeGreaterThan(480)
    expect(below).toBeLessThan(520)
  })
})

describe('latencyLaws', () => {
  it('waits for the queue before the first token and for the batch between the others', () => {
    const calm = latencyLaws(shapeOf('chat'), 0.3, 0)
    const busy = latencyLaws(shapeOf('chat'), 1, 3)
    expect(calm.timeToFirstToken.median).toBeLessThan(0.5)
    expect(busy.timeToFirstToken.median).toBeGreaterThan(3)
    expect(busy.interToken.median).toBeGreaterThan(1.3 * calm.interToken.median)
    expect(latencyLaws(shapeOf('embeddings'), 0.5, 0).interToken.median).toBe(0)
  })
})

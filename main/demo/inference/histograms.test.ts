import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSpread, printed } from './histograms.ts'

const counted = {
  bounds: [1, 2, 4],
  counts: Float64Array.of(0, 0, 0, 0, 3, 5, 8, 2),
  sums: Float64Array.of(0, 40),
}

describe('printed', () => {
  it('adds the buckets of its pod up', () => {
    const histogram = printed(counted, 1)
    expect([1, 2, 4].map((bound) => histogram.upTo(bound))).toEqual([3, 8, 16])
    expect([histogram.count, histogram.sum]).toEqual([18, 40])
    expect(printed(counted, 0).count).toBe(0)
  })

  it('divides buckets evenly for other bounds, and puts nothing beyond its own below a bound', () => {
    const histogram = printed(counted, 1)
    expect([0.5, 1.5, 3, 100].map((bound) => histogram.upTo(bound))).toEqual([1.5, 5.5, 12, 16])
  })
})

describe('createSpread', () => {
  const bounds = [1, 2, 5, 10, 20, 50, 100]
  it('never shrinks, grows with the bound, and holds no more than it was given', () => {
    const additions = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true })),
    )
    fc.assert(
      fc.property(additions, (list) => {
        const spread = createSpread(bounds, 0.9)
        let before = bounds.map(() => 0)
        for (const [count, sum] of list) {
          spread.add(count, sum)
          const now = bounds.map((bound) => spread.upTo(bound))
          now.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(before[i] ?? 0)
            expect(value).toBeGreaterThanOrEqual(now[i - 1] ?? 0)
            expect(value).toBeLessThanOrEqual(spread.count * (1 + 1e-9))
          })
          before = now
        }
      }),
      { numRuns: 50 },
    )
  })

  it('lies around the mean', () => {
    const spread = createSpread(bounds, 0.9)
    spread.add(1000, 10_000)
    expect(spread.upTo(2)).toBeLessThan(200)
    expect(spread.upTo(50)).toBeGreaterThan(900)
    expect([spread.count, spread.sum]).toEqual([1000, 10_000])
  })
})

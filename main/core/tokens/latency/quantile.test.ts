import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addHistograms, countOf, EMPTY_HISTOGRAM, quantile, quantilesOf, subtract } from './quantile.ts'
import type { Histogram } from '../types.ts'

const simple: Histogram = { bounds: [0.1, 0.5, 1], counts: [10, 20, 10, 0] }

const boundsOf = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
  .map((bounds) => bounds.toSorted((a, b) => a - b))
const histograms = boundsOf.chain((bounds) =>
  fc
    .array(fc.integer({ min: 0, max: 50 }), { minLength: bounds.length + 1, maxLength: bounds.length + 1 })
    .map((counts): Histogram => ({ bounds, counts })),
)

/** Observations at or below a bound of the histogram. */
function below({ bounds, counts }: Histogram, bound: number): number {
  return counts.reduce((sum, count, bucket) => ((bounds[bucket] ?? Infinity) <= bound ? sum + count : sum), 0)
}

describe('quantile', () => {
  it('interpolates as histogram_quantile does', () => {
    // histogram_quantile(q, …) of le 0.1: 10, 0.5: 30, 1: 40, +Inf: 40.
    expect(quantile(simple, 0.5)).toBeCloseTo(0.3, 12)
    expect(quantile(simple, 0.25)).toBeCloseTo(0.1, 12)
    expect(quantile(simple, 0.9)).toBeCloseTo(0.8, 12)
    expect(quantile(simple, 0.125)).toBeCloseTo(0.05, 12)
    expect(quantile(simple, 1)).toBe(1)
  })

  it('says beyond instead of the last bound, and nothing of nothing', () => {
    expect(quantile({ bounds: [1], counts: [1, 9] }, 0.5)).toBe('beyond')
    expect(quantile({ bounds: [1], counts: [0, 0] }, 0.5)).toBeNull()
    expect(quantile(EMPTY_HISTOGRAM, 0.5)).toBeNull()
  })

  it('takes a lowest bound that is not above zero for a point', () => {
    expect(quantile({ bounds: [0, 1], counts: [10, 0, 0] }, 0.5)).toBe(0)
    expect(quantile({ bounds: [-1, 1], counts: [10, 0, 0] }, 0.5)).toBe(-1)
  })

  it('refuses what is no quantile', () => {
    expect(() => quantile(simple, 95)).toThrow('between 0 and 1')
    expect(() => quantile(simple, Number.NaN)).toThrow('between 0 and 1')
  })

  it('grows with q and stays in a bucket that observed something', () => {
    fc.assert(
      fc.property(histograms, fc.double({ min: 0, max: 1, noNaN: true }), (histogram, q) => {
        const low = quantile(histogram, q * 0.9)
        const high = quantile(histogram, q)
        if (high === null) expect(countOf(histogram)).toBe(0)
        else if (high === 'beyond') expect(histogram.counts.at(-1)).toBeGreaterThan(0)
        else {
          expect(low).toBeLessThanOrEqual(high)
          expect(high).toBeLessThanOrEqual(histogram.bounds.at(-1) ?? 0)
        }
      }),
    )
  })
})

describe('quantile against what was really observed', () => {
  /** Observations in seconds, some of them beyond the last bound, and bounds that know nothing of them. */
  const observed = fc.record({
    values: fc.array(fc.double({ min: 0.001, max: 50, noNaN: true }), { minLength: 1, maxLength: 60 }),
    bounds: boundsOf,
    // Of 1,024 parts, so that its share of a count is exact and both ways round alike.
    q: fc.integer({ min: 0, max: 1024 }).map((parts) => parts / 1024),
  })

  function bucketed(values: readonly number[], bounds: readonly number[]): Histogram {
    const counts = Array<number>(bounds.length + 1).fill(0)
    for (const value of values) {
      const bucket = bounds.findIndex((bound) => value <= bound)
      const place = bucket === -1 ? bounds.length : bucket
      counts[place] = (counts[place] ?? 0) + 1
    }
    return { bounds, counts }
  }

  it('lies in the bucket of the observation that sorting finds', () => {
    fc.assert(
      fc.property(observed, ({ values, bounds, q }) => {
        const rank = Math.max(1, Math.ceil(q * values.length))
        const exact = values.toSorted((a, b) => a - b)[rank - 1] as number
        const told = quantile(bucketed(values, bounds), q)
        const upper = bounds.find((bound) => exact <= bound)
        if (upper === undefined) expect(told).toBe('beyond')
        else {
          expect(told).toBeLessThanOrEqual(upper)
          expect(told).toBeGreaterThanOrEqual(bounds.findLast((bound) => bound < exact) ?? 0)
        }
      }),
    )
  })

  it('is where the line of what lies below reaches its share, found by halving', () => {
    /** How many observations lie below x if each bucket's are spread evenly. */
    const belowEvenly = ({ bounds, counts }: Histogram, x: number): number =>
      bounds.reduce((sum, upper, bucket) => {
        const lower = bounds[bucket - 1] ?? 0
        return sum + (counts[bucket] ?? 0) * Math.min(1, Math.max(0, (x - lower) / (upper - lower)))
      }, 0)
    fc.assert(
      fc.property(observed, ({ values, bounds, q }) => {
        const histogram = bucketed(values, bounds)
        const told = quantile(histogram, q)
        fc.pre(typeof told === 'number' && q > 0)
        let [low, high] = [0, bounds.at(-1) as number]
        for (let round = 0; round < 60; round++) {
          const middle = (low + high) / 2
          if (belowEvenly(histogram, middle) >= q * values.length - 1e-9) high = middle
          else low = middle
        }
        expect(told).toBeCloseTo(high, 5)
      }),
    )
  })

  it('is the same of two servers together as of all their observations, as far as bounds tell', () => {
    fc.assert(
      fc.property(observed, observed, (a, b) => {
        const sum = addHistograms(bucketed(a.values, a.bounds), bucketed(b.values, b.bounds))
        expect(sum).toEqual(bucketed([...a.values, ...b.values], sum.bounds))
        const shared = a.bounds.filter((bound) => b.bounds.includes(bound))
        expect(sum.bounds).toEqual(expect.arrayContaining(shared))
      }),
    )
  })
})

describe('quantilesOf', () => {
  it('names the bound that some of them lie beyond', () => {
    expect(quantilesOf({ bounds: [10, 60], counts: [90, 0, 10] })).toEqual({
      p50: (50 / 90) * 10,
      p90: 10,
      p95: null,
      p99: null,
      count: 100,
      beyond: 60,
    })
    expect(quantilesOf(simple).beyond).toBeNull()
    expect(quantilesOf(EMPTY_HISTOGRAM)).toMatchObject({ p50: null, count: 0, beyond: null })
  })
})

describe('addHistograms', () => {
  it('adds equal bounds bucket by bucket', () => {
    expect(addHistograms(simple, simple)).toEqual({ bounds: simple.bounds, counts: [20, 40, 20, 0] })
  })

  it('falls back to the bounds that both know', () => {
    const fine = { bounds: [1, 2, 3, 4], counts: [1, 1, 1, 1, 1] }
    const coarse = { bounds: [2, 4], counts: [10, 10, 10] }
    expect(addHistograms(fine, coarse)).toEqual({ bounds: [2, 4], counts: [12, 12, 11] })
  })

  it('keeps a bound where the other observed nothing around it', () => {
    const sparse = { bounds: [1, 2, 4, 8], counts: [0, 5, 0, 3, 0] }
    const other = { bounds: [2, 4], counts: [0, 7, 0] }
    // 1 lies in the other's empty first bucket, 8 above its last observation.
    expect(addHistograms(sparse, other)).toEqual({ bounds: [1, 2, 4, 8], counts: [0, 5, 7, 3, 0] })
  })

  it('loses no observation, makes up no precision, and is the same either way round', () => {
    fc.assert(
      fc.property(histograms, histograms, (a, b) => {
        const sum = addHistograms(a, b)
        expect(countOf(sum)).toBe(countOf(a) + countOf(b))
        expect(sum.counts).toHaveLength(sum.bounds.length + 1)
        expect(sum.counts.every((count) => count >= 0)).toBe(true)
        expect(addHistograms(b, a)).toEqual(sum)
        for (const bound of sum.bounds) {
          for (const one of [a, b]) {
            // Either its own bound, or inside a bucket of its own that observed nothing.
            const bucket = one.bounds.findIndex((upper) => upper >= bound)
            const exact = one.bounds.includes(bound)
            expect(exact || (one.counts[bucket === -1 ? one.bounds.length : bucket] ?? 0) === 0).toBe(true)
          }
          expect(below(sum, bound)).toBe(below(a, bound) + below(b, bound))
        }
      }),
    )
  })
})

describe('subtract', () => {
  it('gives what came in between', () => {
    const now = addHistograms(simple, { bounds: simple.bounds, counts: [1, 2, 3, 4] })
    expect(subtract(now, simple)).toEqual({ bounds: simple.bounds, counts: [1, 2, 3, 4] })
  })

  it('takes all of it after a restart or with other buckets', () => {
    const restarted = { bounds: simple.bounds, counts: [1, 0, 0, 0] }
    expect(subtract(restarted, simple)).toBe(restarted)
    const other = { bounds: [0.2], counts: [100, 0] }
    expect(subtract(other, simple)).toBe(other)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseBucket, splitAt } from './bucket.ts'

/** As three engines really have them. */
const VLLM_TTFT = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const VLLM_ITL = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5]
const SGLANG_TTFT = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6]

describe('the bucket of a threshold', () => {
  it.each([
    [VLLM_TTFT, 500, { used: 0.5, next: null }],
    [SGLANG_TTFT, 500, { used: 0.4, next: 0.6 }],
    [VLLM_ITL, 250, { used: 0.2, next: 0.3 }],
    [VLLM_ITL, 20, { used: 0.01, next: 0.025 }],
    // Computed in ms and in seconds they differ in the last digit.
    [[0.1, 0.3], 100 * 3, { used: 0.3, next: null }],
    [VLLM_TTFT, 60_000, { used: 10, next: null }],
  ])(
    'is the largest that is not above it, and the next one where it lies between two',
    (bounds, ms, chosen) => {
      expect(chooseBucket(bounds, ms)).toEqual(chosen)
    },
  )

  it('is none where every bucket lies above it, or none is there', () => {
    expect(chooseBucket(SGLANG_TTFT, 50)).toBe(null)
    expect(chooseBucket([], 500)).toBe(null)
  })
})

describe('events against a threshold', () => {
  it('are split where the bucket is, and by the next one for the least that can be bad', () => {
    const histogram = { bounds: SGLANG_TTFT, counts: [1, 2, 3, 4, 0, 0, 0, 0, 0, 5] }
    expect(splitAt(histogram, { used: 0.4, next: 0.6 })).toEqual({ good: 6, bad: 9, badLeast: 5, total: 15 })
  })

  it('are not guessed where the histogram has lost the bucket', () => {
    expect(splitAt({ bounds: [0.2, 0.6], counts: [1, 1, 1] }, { used: 0.4, next: 0.6 })).toBe(null)
    expect(splitAt({ bounds: [], counts: [0] }, { used: 0.4, next: 0.6 })).toEqual({
      good: 0,
      bad: 0,
      badLeast: 0,
      total: 0,
    })
  })

  it('never call a request in time that was too slow, nor one too slow for certain that may have been in time', () => {
    const bounds = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        bounds,
        fc.array(fc.integer({ min: 1, max: 6000 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 6000 }),
        (ms, latencies, thresholdMs) => {
          const sorted = ms.toSorted((a, b) => a - b)
          const bucket = chooseBucket(
            sorted.map((bound) => bound / 1000),
            thresholdMs,
          )
          if (bucket === null) {
            expect(sorted[0]).toBeGreaterThan(thresholdMs)
            return
          }
          const counts = Array.from({ length: sorted.length + 1 }, () => 0)
          for (const latency of latencies) {
            const index = sorted.findIndex((bound) => latency <= bound)
            const place = index === -1 ? sorted.length : index
            counts[place] = (counts[place] ?? 0) + 1
          }
          const split = splitAt({ bounds: sorted.map((bound) => bound / 1000), counts }, bucket)
          const inTime = latencies.filter((latency) => latency <= thresholdMs).length
          expect(split?.good).toBeLessThanOrEqual(inTime)
          // Beyond the last bound nothing is known of how slow they were.
          const last = sorted.at(-1) ?? 0
          if (thresholdMs <= last) {
            expect((split?.total ?? 0) - (split?.badLeast ?? 0)).toBeGreaterThanOrEqual(inTime)
          }
          expect((split?.good ?? 0) + (split?.bad ?? 0)).toBe(latencies.length)
        },
      ),
    )
  })
})

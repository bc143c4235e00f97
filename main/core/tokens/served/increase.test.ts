import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { increase, type Reading } from './increase.ts'

const LIMITS = {
  maxPerSecond: 1000,
  maxPerSecondAfterFall: 100,
  gapMs: 60_000,
  behindMs: 30_000,
  earliest: null,
}
const at = (seconds: number, value: number): Reading => ({ at: seconds * 1000, value })

describe('increase', () => {
  it.each([
    ['the first reading', null, at(0, 500), 'first', 0],
    ['growth', at(0, 500), at(10, 700), 'counted', 200],
    ['a standstill', at(0, 500), at(10, 500), 'counted', 0],
    ['a restart', at(0, 500), at(10, 40), 'restarted', 40],
    ['a restart to zero', at(0, 500), at(10, 0), 'restarted', 0],
    ['an earlier reading that comes again', at(0, 500), at(10, 400), 'behind', 0],
    ['a sum that misses a part', at(0, 500), at(31, 400), 'implausible', 0],
    ['a jump', at(0, 500), at(10, 1_000_000), 'implausible', 0],
    ['a jump after a restart', at(0, 1e9), at(10, 400_000_000), 'implausible', 0],
    ['a fall to more than was counted since', at(0, 5000), at(10, 2000), 'implausible', 0],
    ['a long pause', at(0, 500), at(61, 700), 'gap', 200],
    ['a reading that came twice', at(10, 500), at(10, 500), 'stale', 0],
    ['a reading that came late', at(10, 500), at(9, 400), 'stale', 0],
    ['no number', at(0, 500), at(10, Number.NaN), 'stale', 0],
    ['infinity', at(0, 500), at(10, Number.POSITIVE_INFINITY), 'stale', 0],
    ['a negative count', null, at(10, -1), 'stale', 0],
  ] as const)('tells %s', (_what, before, now, kind, by) => {
    expect(increase(before, now, LIMITS)).toEqual({ kind, by })
  })

  it('tells an earlier reading of a young counter from a restart by what it was before', () => {
    const young = { ...LIMITS, earliest: 300 }
    expect(increase(at(0, 1000), at(10, 300), young).kind).toBe('behind')
    expect(increase(at(0, 1000), at(10, 299), young).kind).toBe('restarted')
  })

  it('is never negative and never faster than the limit', () => {
    const readings = fc.array(fc.tuple(fc.integer({ min: -5, max: 500 }), fc.double({ min: -10, max: 1e7 })))
    fc.assert(
      fc.property(readings, (all) => {
        let before: Reading | null = null
        for (const [seconds, value] of all) {
          const now = at(seconds, value)
          const { kind, by } = increase(before, now, LIMITS)
          expect(by).toBeGreaterThanOrEqual(0)
          if (before !== null) {
            const elapsed = Math.max(0, seconds - before.at / 1000)
            expect(by).toBeLessThanOrEqual(LIMITS.maxPerSecond * elapsed + 1e-6)
          }
          if (kind !== 'stale' && kind !== 'behind') before = now
        }
      }),
    )
  })

  it('adds up to the whole growth over any readings without a restart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.nat(100_000)), { minLength: 1 }),
        (steps) => {
          let now = at(0, 7)
          let sum = 0
          for (const [seconds, tokens] of steps) {
            const next = at(now.at / 1000 + seconds, now.value + tokens)
            sum += increase(now, next, { ...LIMITS, maxPerSecond: 1e9 }).by
            now = next
          }
          expect(sum).toBe(now.value - 7)
        },
      ),
    )
  })
})

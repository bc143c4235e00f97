import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Quota, quotaState, tightestQuota } from './quota.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const quota = (limit: bigint, used: bigint, resetsAt = '2026-11-25T00:00:00Z'): Quota => ({
  name: 'per day',
  limit,
  used,
  remaining: limit > used ? limit - used : 0n,
  resetsAt,
})

describe('quotaState', () => {
  it('says when it runs out, if that is before it is reset', () => {
    expect(quotaState(quota(1000n, 400n), 1, NOW)).toEqual({ usedShare: 0.4, exhaustsAt: NOW + 600_000 })
    expect(quotaState(quota(1_000_000n, 0n), 1, NOW).exhaustsAt).toBeNull()
  })

  it('has run out now when nothing remains, also beyond its limit', () => {
    expect(quotaState(quota(1000n, 1500n), 1, NOW)).toEqual({ usedShare: 1.5, exhaustsAt: NOW })
    expect(quotaState(quota(0n, 0n), null, NOW)).toEqual({ usedShare: null, exhaustsAt: null })
    expect(quotaState(quota(0n, 5n), null, NOW)).toEqual({ usedShare: 1, exhaustsAt: NOW })
  })

  it('believes what was used rather than what is said to remain', () => {
    expect(quotaState({ ...quota(1000n, 1500n), remaining: 10n }, 1, NOW).exhaustsAt).toBe(NOW)
  })

  it('says nothing of one that should have been reset already', () => {
    const old = '2026-11-24T11:00:00Z'
    expect(quotaState(quota(1000n, 1500n, old), 1, NOW)).toEqual({ usedShare: 1.5, exhaustsAt: null })
    expect(quotaState(quota(1000n, 10n, old), 1, NOW).exhaustsAt).toBeNull()
  })

  it('is exact where doubles are not', () => {
    const limit = 2n ** 60n
    expect(quotaState(quota(limit, limit - 1n), null, NOW).exhaustsAt).toBeNull()
    expect(quotaState(quota(limit, limit), null, NOW).exhaustsAt).toBe(NOW)
    expect(quotaState(quota(limit, limit - 1n), 1, NOW).exhaustsAt).toBe(NOW + 1000)
  })

  it('does not guess without a rate', () => {
    expect(quotaState(quota(1000n, 999n), null, NOW).exhaustsAt).toBeNull()
    expect(quotaState(quota(1000n, 999n), 0, NOW).exhaustsAt).toBeNull()
  })

  it('stays within the time up to the reset, at any size', () => {
    const size = fc.bigInt({ min: 0n, max: 2n ** 80n })
    fc.assert(
      fc.property(size, size, fc.double({ min: 0, max: 1e12, noNaN: true }), (limit, used, rate) => {
        const { usedShare, exhaustsAt } = quotaState(quota(limit, used), rate, NOW)
        if (exhaustsAt !== null) {
          expect(exhaustsAt).toBeGreaterThanOrEqual(NOW)
          expect(exhaustsAt).toBeLessThan(Date.parse('2026-11-25T00:00:00Z'))
        }
        if (usedShare !== null) expect(usedShare).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('tightestQuota', () => {
  it('is the one that ends first, else the one used most', () => {
    const day = quota(1_000_000n, 900_000n)
    const month = quota(10_000n, 1000n, '2026-12-01T00:00:00Z')
    expect(tightestQuota([day, month], 1, NOW)?.exhaustsAt).toBe(NOW + 9_000_000)
    expect(tightestQuota([month, day], null, NOW)?.usedShare).toBe(0.9)
    expect(tightestQuota([], 1, NOW)).toBeNull()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from './replay.ts'
import type { ReplayMinute, ReplayRequest } from './types.ts'

const MINUTE = 60_000

function steady(tokens: number | null, requests: number | null = 100, count = 15): ReplayMinute[] {
  return Array.from({ length: count }, (_, index) => ({ at: index * MINUTE, requests, tokens }))
}

const tokensCap = (tokensPerMin: number) => ({ tokensPerMin, requestsPerMin: null })

describe('replaying minutes under a limit', () => {
  it('rejects what lies beyond the limit, and of the requests the same share', () => {
    const told = replay({ cap: tokensCap(4_000), minutes: steady(10_000) })
    expect(told.tokensPerMin).toBe(10_000)
    expect(told.rejectedTokensPerMin?.mid).toBeCloseTo(6_000 - (4_000 / 15) * 0.75, -1)
    expect(told.rejectedRequestsPerMin?.mid).toBeCloseTo(58, -0.5)
  })

  it('rejects nothing below the limit, and says so as zero', () => {
    const told = replay({ cap: tokensCap(10_001), minutes: steady(10_000) })
    expect(told.rejectedTokensPerMin).toEqual({ low: 0, mid: 0, high: 0 })
    expect(told.rejectedRequestsPerMin).toEqual({ low: 0, mid: 0, high: 0 })
  })

  it('counts minutes that were not measured in no figure, and names them', () => {
    const minutes = [...steady(10_000, 100, 5), { at: 5 * MINUTE, requests: null, tokens: null }]
    const told = replay({ cap: tokensCap(4_000), minutes })
    expect(told).toMatchObject({ measuredMinutes: 5, unmeasuredMinutes: 1, tokensPerMin: 10_000 })
    expect(told.notes.map(({ id }) => id)).toContain('preview.replay.unmeasured')
  })

  it('tells nothing where nothing was measured', () => {
    const told = replay({ cap: tokensCap(1), minutes: steady(null, null) })
    expect(told).toMatchObject({ of: 'nothing', rejectedTokensPerMin: null, rejectedRequestsPerMin: null })
    expect(replay({ cap: tokensCap(1), minutes: [] }).rejectedTokensPerMin).toBeNull()
  })

  it('blocks all at a limit of zero', () => {
    const told = replay({ cap: tokensCap(0), minutes: steady(10_000) })
    expect(told.rejectedTokensPerMin?.mid).toBe(10_000)
    expect(told.rejectedRequestsPerMin?.mid).toBe(100)
  })

  it('says of a limit of concurrent requests that it cannot be replayed', () => {
    const cap = { tokensPerMin: null, requestsPerMin: null, maxConcurrent: 4 }
    expect(replay({ cap, minutes: steady(10_000) }).notes.map(({ id }) => id)).toContain(
      'preview.replay.concurrency',
    )
  })

  it('holds single requests, however they lie and however large they are, within its range of tokens', () => {
    const request = fc.record({ at: fc.nat(15 * MINUTE - 1), tokens: fc.integer({ min: 1, max: 3_000 }) })
    fc.assert(
      fc.property(fc.array(request, { minLength: 20, maxLength: 300 }), fc.nat(20_000), (asked, limit) => {
        const requests = asked.toSorted((a, b) => a.at - b.at)
        const cap = tokensCap(limit)
        const minutes = minutesOf(requests)
        const [rough, exact] = [replay({ cap, minutes }), replay({ cap, minutes, requests })]
        const [range, found] = [rough.rejectedTokensPerMin, exact.rejectedTokensPerMin]
        // One request more or less at the edge of the bucket.
        expect(found?.high).toBeGreaterThanOrEqual((range?.low ?? 0) - 3_000 / 15 - 1e-6)
        expect(range?.low).toBeLessThanOrEqual(range?.mid ?? Number.NaN)
        expect(range?.mid).toBeLessThanOrEqual(range?.high ?? Number.NaN)
      }),
    )
  })

  it('never rejects more under a higher limit', () => {
    const amounts = fc.array(fc.nat(50_000), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(amounts, fc.nat(50_000), fc.nat(50_000), (tokens, limit, more) => {
        const minutes = tokens.map((amount, index) => ({ at: index * MINUTE, requests: 10, tokens: amount }))
        const tight = replay({ cap: tokensCap(limit), minutes }).rejectedTokensPerMin
        const wide = replay({ cap: tokensCap(limit + more), minutes }).rejectedTokensPerMin
        expect(wide?.mid).toBeLessThanOrEqual((tight?.mid ?? Number.NaN) + 1e-6)
      }),
    )
  })
})

function minutesOf(requests: readonly ReplayRequest[]): ReplayMinute[] {
  return Array.from({ length: 15 }, (_, index) => {
    const inside = requests.filter(({ at }) => Math.floor(at / MINUTE) === index)
    return {
      at: index * MINUTE,
      requests: inside.length,
      tokens: inside.reduce((sum, { tokens }) => sum + tokens, 0),
    }
  })
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOISE_PARTS } from '../../../shared/contract/tenants.ts'
import { type NoiseInput, noiseOf } from './noise.ts'

const quiet: NoiseInput = {
  tokensPerSecond: 10_000,
  share: 0.1,
  tenants: 10,
  entitled: 20_000,
  baseline: 10_000,
  requestsPerSecond: 10,
  rejectedPerSecond: 0,
  errorTokensPerSecond: 0,
}

describe('noiseOf', () => {
  it('is silent about a tenant that keeps to its own', () => {
    const { score, parts, texts } = noiseOf(quiet)
    expect(score).toBe(0)
    expect(Object.values(parts)).toEqual([0, 0, 0, 0, 0])
    expect(texts.excess).toBe('Within the entitlement of 20.0\u2009k\u2009tok/s.'.replace('k\u2009', 'k '))
  })

  it('names what is wrong with one that does not', () => {
    const { score, parts, texts } = noiseOf({
      ...quiet,
      tokensPerSecond: 62_000,
      share: 0.6,
      baseline: 15_500,
      rejectedPerSecond: 10,
      errorTokensPerSecond: 15_500,
    })
    expect(parts).toMatchObject({ share: 1, surge: 1, rejections: 1, errors: 1 })
    expect(parts.excess).toBeCloseTo(0.7)
    expect(score).toBeCloseTo(1 - 0.3 * 0.3)
    expect(texts.excess).toMatch(/^3\.1 times the entitlement of 20\.0.*tok\/s\.$/)
    expect(texts.rejections).toMatch(/^50.*% of what it asks for is rejected/)
  })

  it('leaves out what is not known, and does not judge by less than half', () => {
    const noLimits = noiseOf({ ...quiet, entitled: null, share: 0.6 })
    expect(noLimits.parts.excess).toBeNull()
    expect(noLimits.score).toBeCloseTo(0.25 / 0.7)
    const little = noiseOf({ ...quiet, entitled: null, baseline: null, rejectedPerSecond: null })
    expect(little.score).toBeNull()
    expect(little.texts.surge).toBe('Its usual rate is not known.')
  })

  it('does not call a tiny tenant a surge, nor a single tenant too large a share', () => {
    expect(noiseOf({ ...quiet, tokensPerSecond: 90, baseline: 1 }).parts.surge).toBe(0)
    expect(noiseOf({ ...quiet, share: 1, tenants: 1 }).parts.share).toBe(0)
  })

  it('is between 0 and 1 and never falls when a tenant gets worse', () => {
    const rate = fc.double({ min: 0, max: 1e9, noNaN: true })
    const known = fc.record({
      tokensPerSecond: rate,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      tenants: fc.integer({ min: 1, max: 10_000 }),
      entitled: fc.option(rate),
      baseline: fc.option(rate),
      requestsPerSecond: fc.option(rate),
      rejectedPerSecond: fc.option(rate),
      errorTokensPerSecond: fc.option(rate),
    })
    const worse = fc.constantFrom('share', 'rejectedPerSecond', 'errorTokensPerSecond' as const)
    fc.assert(
      fc.property(known, worse, fc.double({ min: 1, max: 10, noNaN: true }), (input, field, factor) => {
        const before = noiseOf(input)
        for (const part of NOISE_PARTS) {
          const value = before.parts[part]
          if (value !== null) {
            expect(value).toBeGreaterThanOrEqual(0)
            expect(value).toBeLessThanOrEqual(1)
          }
        }
        const value = input[field]
        if (value === null || before.score === null) return
        const after = noiseOf({
          ...input,
          [field]: field === 'share' ? Math.min(1, value * factor) : value * factor,
        })
        expect(after.score).toBeGreaterThanOrEqual(before.score - 1e-12)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOISE_PARTS, NOISE_WEIGHTS, scoreOf } from '../../../../shared/model/noise.ts'
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

  it('says why a small tenant is not judged, and over how long its mean was taken', () => {
    const { parts, texts } = noiseOf({
      ...quiet,
      tokensPerSecond: 90,
      entitled: 30,
      baseline: 9,
      baselineMs: 900_000,
    })
    expect(parts).toMatchObject({ excess: 0, surge: 0 })
    expect(texts.excess).toMatch(
      /^3\.0 times the entitlement of 30.*; less than 100.*disturbs no other tenant\.$/,
    )
    expect(texts.surge).toMatch(/^10\.0 times its own mean of the last 15 min, 9.*; less than 100/)
    expect(noiseOf({ ...quiet, tenants: 1 }).texts.share).toBe('No other tenant uses anything now.')
    expect(noiseOf({ ...quiet, baseline: 0 }).texts.surge).toMatch(
      /^10\.0.*, and its own recent mean is nothing\.$/,
    )
  })

  it('takes what is no number for unknown', () => {
    const { score, parts, texts } = noiseOf({ ...quiet, tokensPerSecond: Number.NaN })
    expect(score).toBeNull()
    expect(parts).toEqual({ share: 0, excess: null, surge: null, rejections: 0, errors: null })
    expect(texts.excess).toBe('Its rate is not known.')
  })

  const rate = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e9, noNaN: true }))
  const unit = fc.double({ min: 0, max: 1, noNaN: true })
  const anyone: fc.Arbitrary<NoiseInput> = fc.record({
    tokensPerSecond: fc.option(rate),
    share: fc.option(unit),
    tenants: fc.integer({ min: 1, max: 10_000 }),
    entitled: fc.option(rate),
    baseline: fc.option(rate),
    requestsPerSecond: fc.option(rate),
    rejectedPerSecond: fc.option(rate),
    errorTokensPerSecond: fc.option(rate),
  })
  /** What makes each part worse, all else equal. */
  const WORSE = {
    share: ['share', 1],
    excess: ['entitled', -1],
    surge: ['baseline', -1],
    rejections: ['rejectedPerSecond', 1],
    errors: ['errorTokensPerSecond', 1],
  } as const

  it('has parts between 0 and 1, and a score that never falls when one gets worse', () => {
    fc.assert(
      fc.property(
        anyone,
        fc.constantFrom(...NOISE_PARTS),
        fc.double({ min: 1, max: 10, noNaN: true }),
        (input, part, factor) => {
          const before = noiseOf(input)
          for (const value of [before.score, ...Object.values(before.parts)]) {
            if (value === null) continue
            expect(value).toBeGreaterThanOrEqual(0)
            expect(value).toBeLessThanOrEqual(1 + 1e-12)
          }
          const [field, direction] = WORSE[part]
          const value = input[field]
          if (value === null) return
          const worse = value * factor ** direction
          const after = noiseOf({ ...input, [field]: field === 'share' ? Math.min(1, worse) : worse })
          expect(after.parts[part] ?? 0).toBeGreaterThanOrEqual((before.parts[part] ?? 0) - 1e-12)
          expect(after.score ?? 0).toBeGreaterThanOrEqual((before.score ?? 0) - 1e-12)
        },
      ),
    )
  })

  it('never falls in its rate, where the tokens of failures grow along', () => {
    fc.assert(
      fc.property(anyone, fc.double({ min: 1, max: 10, noNaN: true }), (input, factor) => {
        const { tokensPerSecond, errorTokensPerSecond } = input
        const grown = noiseOf({
          ...input,
          tokensPerSecond: tokensPerSecond === null ? null : tokensPerSecond * factor,
          errorTokensPerSecond: errorTokensPerSecond === null ? null : errorTokensPerSecond * factor,
        })
        expect(grown.score ?? 0).toBeGreaterThanOrEqual((noiseOf(input).score ?? 0) - 1e-12)
      }),
    )
  })

  it('has a score that rises with each part by its weight', () => {
    const parts = { share: 0.5, excess: 0.5, surge: 0.5, rejections: 0.5, errors: 0.5 }
    const even = scoreOf(parts) ?? Number.NaN
    for (const part of NOISE_PARTS) {
      expect((scoreOf({ ...parts, [part]: 1 }) ?? Number.NaN) - even).toBeCloseTo(NOISE_WEIGHTS[part] / 2)
    }
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOISE_PARTS, NOISE_WEIGHTS } from '../../../shared/model/noise.ts'
import { knownWeight, noiseAdditions } from './noise.ts'

const whole = { share: 1, excess: 0.5, surge: 0, rejections: 0.2, errors: 0 }

describe('what the parts of a noisy score add', () => {
  it('is part × weight where all of them are known', () => {
    expect(noiseAdditions(0.43, whole)).toEqual({
      share: 0.25,
      excess: 0.15,
      surge: 0,
      rejections: expect.closeTo(0.03) as number,
      errors: 0,
    })
  })

  it('shares the weight of what is not known among the rest', () => {
    const { excess, share } = noiseAdditions(0.5, { ...whole, surge: null, errors: null })
    expect(excess).toBeCloseTo(0.15 / 0.7)
    expect(share).toBeCloseTo(0.25 / 0.7)
  })

  it('is nothing where there is no score', () => {
    expect(Object.values(noiseAdditions(null, whole))).toEqual([null, null, null, null, null])
  })

  it('is the score in sum, whatever is known', () => {
    const part = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(
        fc.record({ share: part, excess: part, surge: part, rejections: part, errors: part }),
        (parts) => {
          const weight = knownWeight(parts)
          const sum = NOISE_PARTS.reduce((all, name) => all + (parts[name] ?? 0) * NOISE_WEIGHTS[name], 0)
          const score = weight === 0 ? null : sum / weight
          const added = Object.values(noiseAdditions(score, parts)).reduce<number>(
            (all, one) => all + (one ?? 0),
            0,
          )
          expect(added).toBeCloseTo(score ?? 0)
          expect(added).toBeLessThanOrEqual(1 + 1e-9)
        },
      ),
    )
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const deviation = (values: readonly number[]) => {
  const m = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - m) ** 2)))
}
const draw = (count: number, next: () => number) => Array.from({ length: count }, next)
const take = (seed: number, stream: string) => draw(8, createRandom(seed, stream).next)

describe('createRandom', () => {
  it('repeats itself for the same seed and stream, and only then', () => {
    expect(take(1, 'a')).toEqual(take(1, 'a'))
    expect(take(1, 'a')).not.toEqual(take(2, 'a'))
    expect(take(1, 'a')).not.toEqual(take(1, 'b'))
  })

  it('stays uniform within [0, 1) for any seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.string(), (seed, stream) => {
        const values = draw(400, createRandom(seed, stream).next)
        expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
        expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.1)
      }),
      { numRuns: 50 },
    )
  })

  it('draws the distributions that it names', () => {
    const random = createRandom(3, 'moments')
    const normal = draw(20_000, random.normal)
    expect(mean(normal)).toBeCloseTo(0, 1)
    expect(deviation(normal)).toBeCloseTo(1, 1)
    expect(Math.max(...normal.map(Math.abs))).toBeLessThan(3.5)

    for (const variation of [0.8, 1.1, 2.6]) {
      const gamma = draw(40_000, () => random.gamma(150, variation))
      expect(mean(gamma) / 150).toBeCloseTo(1, 1)
      expect(Math.abs(deviation(gamma) / mean(gamma) - variation)).toBeLessThan(0.12 * variation)
    }

    const sizes = draw(5000, () => random.pareto(1.5, 8))
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...sizes)).toBe(8)
  })
})

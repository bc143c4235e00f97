import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffDelay } from './backoff.ts'

const policy = { baseMs: 500, ceilingMs: 30_000, floorMs: 100 }

describe('backoffDelay', () => {
  it('doubles its top with every failure up to the ceiling', () => {
    const tops = [1, 2, 3, 7, 40].map((failures) => backoffDelay(failures, policy, 1))
    expect(tops).toEqual([500, 1000, 2000, 30_000, 30_000])
  })

  it('is the floor before any failure', () => {
    expect(backoffDelay(0, policy, 0.7)).toBe(100)
    expect(backoffDelay(Number.NaN, policy, 0.7)).toBe(100)
  })

  it('stays between floor and ceiling for every count and draw', () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 1e9 }), draw, (failures, random) => {
        const delay = backoffDelay(failures, policy, random)
        expect(delay).toBeGreaterThanOrEqual(100)
        expect(delay).toBeLessThanOrEqual(30_000)
      }),
    )
  })

  it('spreads over the whole span, so that sources which failed together come back apart', () => {
    expect(backoffDelay(5, policy, 0)).toBe(100)
    expect(backoffDelay(5, policy, 0.5)).toBe((100 + 8000) / 2)
  })

  it('never exceeds a ceiling below the floor', () => {
    expect(backoffDelay(9, { baseMs: 1, ceilingMs: 50, floorMs: 80 }, 0.9)).toBe(50)
  })
})

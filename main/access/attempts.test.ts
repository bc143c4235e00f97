import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Attempts } from './attempts.ts'

const RULES = { free: 3, firstMs: 1_000, longestMs: 60_000 }

describe('wrong passwords', () => {
  it('are free at first, then wait twice as long each time, up to the longest', () => {
    const attempts = new Attempts(RULES)
    const waits: number[] = []
    let now = 0
    for (let i = 0; i < 12; i++) {
      now += attempts.waitMs('ana', now)
      attempts.begin('ana', now)
      waits.push(attempts.waitMs('ana', now) / 1000)
    }
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
  })

  it('count when they begin, so that many at once are no way around', () => {
    const attempts = new Attempts(RULES)
    let begun = 0
    for (let i = 0; i < 100; i++) {
      if (attempts.waitMs('ana', 0) > 0) continue
      attempts.begin('ana', 0)
      begun += 1
    }
    expect(begun).toBe(3)
  })

  it('are forgotten with the right one, and after an hour', () => {
    const attempts = new Attempts(RULES)
    for (let i = 0; i < 5; i++) attempts.begin('ana', 0)
    for (let i = 0; i < 5; i++) attempts.begin('ben', 0)
    attempts.clear('ana')
    expect(attempts.waitMs('ana', 0)).toBe(0)
    expect(attempts.waitMs('ben', 0)).toBe(4_000)
    attempts.begin('ben', 3_600_001)
    expect(attempts.waitMs('ben', 3_600_001)).toBe(0)
  })

  it('take bounded room whatever the names are, and keep those that still wait', () => {
    const attempts = new Attempts(RULES, 16)
    for (let i = 0; i < 8; i++) attempts.begin('ana', 0)
    for (let i = 0; i < 1_000; i++) attempts.begin(`name ${i}`, 1)
    expect(attempts.size).toBeLessThanOrEqual(16)
    expect(attempts.waitMs('ana', 1)).toBeGreaterThan(30_000)
  })

  it('never let more through in a day than the longest wait allows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 400 }), (pauses) => {
        const attempts = new Attempts(RULES)
        let now = 0
        let through = 0
        for (const pause of pauses) {
          now += pause
          if (attempts.waitMs('ana', now) > 0) continue
          attempts.begin('ana', now)
          through += 1
        }
        expect(through).toBeLessThanOrEqual(RULES.free + 7 + now / RULES.longestMs + 1)
      }),
    )
  })
})

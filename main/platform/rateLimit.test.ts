import { expect, it } from 'vitest'
import { RateLimit } from './rateLimit.ts'

it('a rate limit fills evenly and never beyond its size', () => {
  const limit = new RateLimit(2, 60_000)
  expect([limit.take(0), limit.take(0), limit.take(0)]).toEqual([true, true, false])
  expect(limit.take(30_000)).toBe(true)
  expect(limit.take(30_001)).toBe(false)
  expect([limit.take(1e9), limit.take(1e9), limit.take(1e9)]).toEqual([true, true, false])
})

import { describe, expect, it } from 'vitest'
import { manualClock, systemClock } from './clock.ts'

describe('manualClock', () => {
  it('moves both clocks together', () => {
    const clock = manualClock({ now: 1000, monotonic: 5 })
    clock.advance(250)
    expect([clock.now(), clock.monotonic()]).toEqual([1250, 255])
  })

  it('lets the wall clock jump back without touching durations', () => {
    const clock = manualClock({ now: 1000 })
    clock.advance(10)
    clock.setWall(0)
    expect([clock.now(), clock.monotonic()]).toEqual([0, 10])
    expect(() => clock.advance(-1)).toThrow(/setWall/)
  })

  it('is what the system clock looks like', () => {
    const before = systemClock.monotonic()
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before)
    expect(systemClock.now()).toBeGreaterThan(Date.UTC(2024, 0, 1))
  })
})

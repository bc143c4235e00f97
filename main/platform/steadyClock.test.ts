import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualClock } from './clock.ts'
import { type ClockEvent, createSteadyClock } from './steadyClock.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const SECOND = 1000

function steadyOver(clock = manualClock({ now: START, monotonic: 5000 })) {
  const events: ClockEvent[] = []
  return { clock, events, steady: createSteadyClock(clock, (event) => events.push(event)) }
}

describe('a steady clock', () => {
  it('is the wall clock while that is not set', () => {
    const { clock, events, steady } = steadyOver()
    for (let i = 0; i < 10; i++) {
      clock.advance(700)
      expect(steady.now()).toBe(clock.now())
    }
    expect(steady.shiftMs()).toBe(0)
    expect(events).toEqual([])
  })

  it.each([
    ['back by an hour', -HOUR],
    ['back by a day', -24 * HOUR],
    ['forward by an hour', HOUR],
    ['to the year 1970', -START],
  ])('goes on where the wall clock is set %s, and tells it once', (_, byMs) => {
    const { clock, events, steady } = steadyOver()
    clock.advance(SECOND)
    expect(steady.now()).toBe(START + SECOND)
    clock.setWall(clock.now() + byMs)
    clock.advance(SECOND)
    expect(steady.now()).toBe(START + 2 * SECOND)
    clock.advance(SECOND)
    expect(steady.now()).toBe(START + 3 * SECOND)
    expect(steady.now() + steady.shiftMs()).toBe(clock.now())
    expect(events).toEqual([{ kind: 'set', byMs }])
  })

  it('lets the time pass that the machine slept', () => {
    const { clock, events, steady } = steadyOver()
    clock.sleep(8 * HOUR)
    expect(steady.now()).toBe(START + 8 * HOUR)
    expect(steady.shiftMs()).toBe(0)
    expect(events).toEqual([{ kind: 'slept', byMs: 8 * HOUR }])
  })

  it('tells a sleep from a clock that was set meanwhile', () => {
    const { clock, events, steady } = steadyOver()
    clock.sleep(8 * HOUR)
    clock.setWall(clock.now() - HOUR)
    expect(steady.now()).toBe(START + 8 * HOUR)
    expect(steady.shiftMs()).toBe(-HOUR)
    expect(events).toEqual([
      { kind: 'slept', byMs: 8 * HOUR },
      { kind: 'set', byMs: -HOUR },
    ])
  })

  it('follows small corrections, and stands while one goes back', () => {
    const { clock, events, steady } = steadyOver()
    clock.setWall(START - 1500)
    expect(steady.now()).toBe(START)
    clock.advance(1000)
    expect(steady.now()).toBe(START)
    clock.advance(1000)
    expect(steady.now()).toBe(START + 500)
    expect(events).toEqual([])
  })
})

it('never goes back, and never passes faster than time did', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(10_000) }),
    fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: -1e9, max: 1e9 }) }),
    fc.record({ kind: fc.constant('sleep' as const), ms: fc.nat(1e8) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { clock, steady } = steadyOver()
      let passed = 0
      let followed = 0
      let before = steady.now()
      for (const { kind, ms } of steps) {
        if (kind === 'set') {
          clock.setWall(clock.now() + ms)
          if (Math.abs(ms) <= 2 * SECOND) followed += Math.abs(ms)
        } else {
          clock[kind](ms)
          passed += ms
        }
        const now = steady.now()
        expect(now).toBeGreaterThanOrEqual(before)
        before = now
      }
      const slack = followed + 2 * SECOND * (steps.length + 1)
      expect(Math.abs(before - START - passed)).toBeLessThanOrEqual(slack)
    }),
  )
})

import type { Clock } from './clock.ts'

/** The wall clock was set, or the machine slept. */
export interface ClockEvent {
  readonly kind: 'set' | 'slept'
  /** By how much it was set, negative for back; or how long it slept, ms. */
  readonly byMs: number
}

/**
 * A wall clock that cannot be set: equal to the machine's until that one jumps, and going on from there as if it had
 * not. What is measured is dated by it, so that no age, order or pause is ever wrong; {@link SteadyClock.shiftMs} leads
 * to the machine's clock as it stands now. Time that the machine slept has passed.
 */
export interface SteadyClock extends Clock {
  /** The machine's wall clock minus this one, ms: what it was set by, in all. */
  shiftMs(): number
}

/** What a wall clock and a monotonic one may differ by in one look before it was set, ms; less is followed. */
const SET_MS = 2_000

/** How often time since boot is looked at while nothing else differs, ms: it costs a call to the system. */
const BOOT_EVERY_MS = 1_000

/** @param onEvent told at the first look after it happened; the clock already goes on */
export function createSteadyClock(clock: Clock, onEvent: (event: ClockEvent) => void): SteadyClock {
  const sinceBoot = (): number => clock.sinceBoot?.() ?? clock.monotonic()
  let steady = clock.now()
  let monotonic = clock.monotonic()
  let boot = sinceBoot()
  let bootLookedAt = monotonic
  let shiftMs = 0

  /** How long the machine slept since the last look at the time since boot, ms. */
  function sleptUntil(nowMonotonic: number): number {
    const nowBoot = sinceBoot()
    const more = nowBoot - boot - (nowMonotonic - bootLookedAt)
    boot = nowBoot
    bootLookedAt = nowMonotonic
    return more > SET_MS ? more : 0
  }

  function look(): number {
    const nowMonotonic = clock.monotonic()
    const awake = steady + nowMonotonic - monotonic
    const wall = clock.now()
    const differs = Math.abs(wall - shiftMs - awake) > SET_MS
    const slept = differs || nowMonotonic - bootLookedAt >= BOOT_EVERY_MS ? sleptUntil(nowMonotonic) : 0
    monotonic = nowMonotonic
    const expected = awake + slept
    const setBy = wall - shiftMs - expected
    const wasSet = Math.abs(setBy) > SET_MS
    if (wasSet) shiftMs += setBy
    // Small differences are followed, but it never goes back.
    steady = Math.max(steady, wall - shiftMs)
    if (slept > 0) onEvent({ kind: 'slept', byMs: slept })
    if (wasSet) onEvent({ kind: 'set', byMs: setBy })
    return steady
  }

  return {
    now: look,
    monotonic: () => clock.monotonic(),
    shiftMs() {
      look()
      return shiftMs
    },
  }
}

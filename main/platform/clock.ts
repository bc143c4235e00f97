import { uptime } from 'node:os'

/** Time as the engine sees it. Decisions take times as arguments; only the edge asks a clock. */
export interface Clock {
  /** Wall clock, ms since the epoch. May jump: for stamps that people read, never for durations. */
  now(): number
  /** Never falls and ignores clock changes, ms from an arbitrary origin. For durations, ages and deadlines. */
  monotonic(): number
  /**
   * Like {@link Clock.monotonic}, ms, but time that the machine slept counts, where the system can tell; coarse. A clock
   * without it never sleeps.
   */
  sinceBoot?(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sinceBoot: () => uptime() * 1000,
}

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Both clocks move on by `ms`. */
  advance(ms: number): void
  /** The wall clock alone jumps, as NTP or a person would make it. */
  setWall(ms: number): void
  /** The machine sleeps: wall clock and time since boot move on, the monotonic clock stands. */
  sleep(ms: number): void
}

export function manualClock(start: { now?: number; monotonic?: number } = {}): ManualClock {
  let wall = start.now ?? Date.UTC(2026, 0, 1)
  let elapsed = start.monotonic ?? 0
  let slept = 0
  return {
    now: () => wall,
    monotonic: () => elapsed,
    sinceBoot: () => elapsed + slept,
    advance(ms) {
      if (ms < 0) throw new RangeError(`a clock cannot be advanced by ${ms} ms; use setWall for a jump back`)
      wall += ms
      elapsed += ms
    },
    setWall(ms) {
      wall = ms
    },
    sleep(ms) {
      wall += ms
      slept += ms
    },
  }
}

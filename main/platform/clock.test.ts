import { afterEach, describe, expect, it, vi } from 'vitest'
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

  it('sleeps as a machine does: only the wall and the time since boot go on', () => {
    const clock = manualClock({ now: 1000, monotonic: 5 })
    const bootBefore = clock.sinceBoot?.() ?? Number.NaN
    clock.sleep(8000)
    expect([clock.now(), clock.monotonic()]).toEqual([9000, 5])
    expect((clock.sinceBoot?.() ?? Number.NaN) - bootBefore).toBe(8000)
  })
})

describe('the clock of the system', () => {
  afterEach(() => void vi.useRealTimers())

  it('measures durations whatever the date is set to, and says the date that is set', () => {
    const [monotonic, boot] = [systemClock.monotonic(), systemClock.sinceBoot?.() ?? Number.NaN]
    vi.useFakeTimers({ toFake: ['Date'] })
    for (const date of ['1999-12-31T23:59:59Z', '2099-01-01T00:00:00Z']) {
      vi.setSystemTime(date)
      expect(systemClock.now()).toBe(Date.parse(date))
      for (const passed of [
        systemClock.monotonic() - monotonic,
        (systemClock.sinceBoot?.() ?? Number.NaN) - boot,
      ]) {
        expect(passed).toBeGreaterThanOrEqual(0)
        expect(passed).toBeLessThan(3_600_000)
      }
    }
  })
})

import { describe, expect, it } from 'vitest'
import { BackendClock } from './backendClock.ts'

describe("the back end's clock", () => {
  it('does not tremble with the whole seconds of a Date header', () => {
    let measured = 900
    const clock = new BackendClock(() => measured)
    for (measured of [900, -300, 1_400, 0]) clock.look()
    expect(clock.offsetMs).toBe(0)
    expect(clock.turns).toBe(0)
  })

  it('follows a clock that is wrong, and stays with it', () => {
    let measured = -90_400
    const clock = new BackendClock(() => measured)
    for (measured of [-90_400, -89_700, -91_200]) clock.look()
    expect(clock.offsetMs).toBe(-90_400)
    expect(clock.turns).toBe(1)
    expect(clock.toLocal(clock.toBackend(5_000))).toBe(5_000)
    expect(clock.toBackend(100_000)).toBe(9_600)
    measured = 0
    clock.look()
    expect(clock.offsetMs).toBe(0)
    expect(clock.turns).toBe(2)
  })

  it('ignores what is no number', () => {
    const clock = new BackendClock(() => Number.NaN)
    clock.look()
    expect(clock.toBackend(1)).toBe(1)
  })
})

describe('instants of a back end', () => {
  it('are told by the clock of this machine', () => {
    const clock = new BackendClock(() => 300_000)
    clock.look()
    expect(clock.readLocal('2026-11-28T18:05:00Z')).toBe(Date.UTC(2026, 10, 28, 18, 0))
  })

  it('are none where there is none or no one can read it', () => {
    const clock = new BackendClock(() => 0)
    expect(clock.readLocal(null)).toBeNull()
    expect(clock.readLocal('last Tuesday')).toBeNull()
  })
})

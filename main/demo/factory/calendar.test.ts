import { describe, expect, it } from 'vitest'
import { atLocalTime, createCalendar } from './calendar.ts'

describe('createCalendar', () => {
  it('reads the clock of the zone, with fractions and half-hour offsets', () => {
    const at = Date.UTC(2026, 10, 23, 13, 37, 30)
    expect(createCalendar('UTC')(at).hour).toBeCloseTo(13.625, 6)
    expect(createCalendar('Europe/Berlin')(at).hour).toBeCloseTo(14.625, 6)
    expect(createCalendar('Asia/Kolkata')(at).hour).toBeCloseTo(19.125, 6)
  })

  it('knows weekends by the local day, not by UTC', () => {
    const fridayNight = Date.UTC(2026, 10, 20, 23, 30)
    expect(createCalendar('UTC')(fridayNight).weekend).toBe(false)
    expect(createCalendar('Asia/Tokyo')(fridayNight).weekend).toBe(true)
  })

  it('follows a change to summer time', () => {
    const calendar = createCalendar('Europe/Berlin')
    const change = Date.UTC(2026, 2, 29, 1, 0)
    expect(calendar(change - 60_000).hour).toBeCloseTo(1 + 59 / 60, 6)
    expect(calendar(change + 60_000).hour).toBeCloseTo(3 + 1 / 60, 6)
  })

  it('refuses a zone that does not exist', () => {
    expect(() => createCalendar('Mars/Olympus')).toThrow(RangeError)
  })
})

describe('atLocalTime', () => {
  it('finds the asked time on the same local day', () => {
    const at = Date.UTC(2026, 10, 23, 13, 37, 30)
    const start = atLocalTime(at, 'America/New_York', 8, 30)
    expect(new Date(start).toISOString()).toBe('2026-11-23T13:30:00.000Z')
  })
})

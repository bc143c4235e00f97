import { assert, constantFrom, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAge, formatClock, formatDuration, formatInstant, isTimeZone, zoneName } from './time.ts'

const plain = (text: string) => text.replaceAll('\u2009', ' ')
const WINTER = Date.UTC(2026, 10, 23, 21, 14, 7)
const SUMMER = Date.UTC(2026, 6, 1, 12)

describe('durations', () => {
  it.each([
    [850, '850 ms'],
    [41_900, '41 s'],
    [60_000, '1 min'],
    [250_000, '4 min 10 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-5, '0 ms'],
  ])('says %d ms as %s', (ms, expected) => {
    expect(plain(formatDuration(ms))).toBe(expected)
  })
})

describe('formatAge', () => {
  it.each([
    [WINTER, 'now'],
    [WINTER - 12_000, '12 s ago'],
    [WINTER - 240_000, '4 min ago'],
    [WINTER - 3_600_000, '20:14:07 UTC'],
    [WINTER - 86_400_000, '22 Nov 2026 21:14 UTC'],
    [WINTER + 2000, 'now'],
    [WINTER + 180_000, '3 min ahead of the clock'],
  ])('is relative under an hour and absolute beyond: %d', (at, expected) => {
    expect(plain(formatAge(at, WINTER))).toBe(expected)
  })
})

describe('clocks', () => {
  it('names the zone with its daylight saving', () => {
    expect(formatInstant(WINTER, 'Europe/Paris')).toBe('22:14:07 CET')
    expect(zoneName(SUMMER, 'Europe/Paris')).toBe('CEST')
    expect(formatClock(SUMMER, 'Europe/Paris', 'minutes')).toBe('14:00')
  })

  it('says midnight as 00, not as 24', () => {
    expect(formatClock(Date.UTC(2026, 0, 1))).toBe('00:00:00')
  })

  it('falls back to UTC, by name, for a zone that does not exist', () => {
    expect(isTimeZone('Mars/Olympus')).toBe(false)
    expect(formatInstant(WINTER, 'Mars/Olympus')).toBe('21:14:07 UTC')
  })

  it('survives any number that a message may carry', () => {
    assert(
      property(double(), constantFrom('UTC', 'Europe/Paris', 'x'), (at, zone) => {
        expect(typeof formatAge(at, WINTER, zone)).toBe('string')
        expect(typeof formatClock(at, zone)).toBe('string')
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { calendarBuckets } from '../../../core/tokens/usage/calendar.ts'
import { stepsOf } from './times.ts'

const HOUR_MS = 3_600_000

describe('calendar hours', () => {
  it.each([
    ['forward by half an hour', '2026-10-03T14:30:00Z', '01:00 03:00 04:00'],
    ['back by half an hour', '2026-04-04T14:00:00Z', '01:00 02:00 03:00'],
  ])('begin on the full hour where the clocks of Lord Howe go %s', (_what, from, clocks) => {
    const fromMs = Date.parse(from)
    const { starts } = stepsOf({
      fromMs,
      toMs: fromMs + 3.5 * HOUR_MS,
      bucket: 'hour',
      timezone: 'Australia/Lord_Howe',
    })
    const shown = new Intl.DateTimeFormat('en-GB', { timeZone: 'Australia/Lord_Howe', timeStyle: 'short' })
    expect(starts.map((start) => shown.format(start)).join(' ')).toBe(clocks)
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBe(1.5 * HOUR_MS)
  })

  it.each([
    ['Australia/Lord_Howe', '2026-10-04T06:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T06:00:00Z'],
    ['Asia/Pyongyang', '2015-08-15T06:00:00Z'],
    ['Asia/Pyongyang', '2018-05-05T06:00:00Z'],
    ['America/Caracas', '2016-05-01T12:00:00Z'],
    ['America/St_Johns', '2010-11-08T12:00:00Z'],
    ['Antarctica/Troll', '2026-03-29T12:00:00Z'],
    ['Antarctica/Troll', '2026-10-25T12:00:00Z'],
    ['Europe/Berlin', '2026-03-29T12:00:00Z'],
    ['Europe/Berlin', '2026-10-25T12:00:00Z'],
    ['Asia/Kathmandu', '2026-03-25T12:00:00Z'],
  ])('are those of the reader, from every minute on: %s %s', (timezone, now) => {
    const buckets = calendarBuckets('hour', 48, timezone, Date.parse(now))
    const toMs = buckets.at(-1)?.toMs ?? 0
    for (const [i, { fromMs }] of buckets.entries()) {
      for (const later of [0, 1, 29, 31, 59]) {
        const from = fromMs + later * 60_000
        const expected = buckets.filter((bucket) => bucket.toMs > from)
        const { starts, endMs } = stepsOf({ fromMs: from, toMs, bucket: 'hour', timezone })
        expect([i, later, starts, endMs]).toEqual([i, later, expected.map((one) => one.fromMs), toMs])
      }
    }
  })
})

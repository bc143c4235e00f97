import * as fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { datesBetween, daysBetween } from '../usage/calendar.ts'
import { dailySpans, evidenceSpans } from './spans.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const ZONES = [
  'Asia/Kolkata',
  'Australia/Adelaide',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Chatham',
  'Africa/Cairo',
  'Europe/Berlin',
  'UTC',
]
const date = fc
  .integer({ min: Date.UTC(2019, 0) / DAY, max: Date.UTC(2027, 0) / DAY })
  .map((day) => new Date(day * DAY).toISOString().slice(0, 10))
/** Midnight of a date as Temporal has it, ms. */
const midnight = (day: string, zone: string, days = 0) =>
  Temporal.PlainDate.from(day).add({ days }).toZonedDateTime(zone).epochMilliseconds

describe('a period of evidence', () => {
  it.each(ZONES)('of a year is a small question in %s', (zone) => {
    const range = daysBetween('2025-07-01', '2026-06-30', zone)
    expect(range).toEqual({ fromMs: midnight('2025-07-01', zone), toMs: midnight('2026-07-01', zone) })
    const spans = evidenceSpans(range, [], MINUTE) ?? []
    const steps = spans.reduce((sum, { fromMs, toMs, stepMs }) => sum + (toMs - fromMs) / stepMs, 0)
    expect(steps).toBeLessThan(500)
    expect(spans.length).toBeLessThanOrEqual(3)
  })

  it('is cut into spans without gap or overlap whose steps begin where steps do, in any zone, whatever prices do', () => {
    const cuts = fc.array(fc.integer({ min: Date.UTC(2019, 0), max: Date.UTC(2028, 0) }), { maxLength: 80 })
    const minStep = fc.constantFrom(1000, 10_000, MINUTE, 5 * MINUTE, 15 * MINUTE)
    fc.assert(
      fc.property(
        date,
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(...ZONES),
        cuts,
        minStep,
        (first, days, zone, at, minStepMs) => {
          const last = Temporal.PlainDate.from(first).add({ days }).toString()
          const range = daysBetween(first, last, zone)
          expect(range.fromMs).toBe(midnight(first, zone))
          expect(range.toMs).toBe(midnight(first, zone, days + 1))
          const spans = evidenceSpans(range, at, minStepMs) ?? []
          expect(spans[0]?.fromMs).toBe(range.fromMs)
          expect(spans.at(-1)?.toMs).toBe(range.toMs)
          for (const [i, { fromMs, toMs, stepMs }] of spans.entries()) {
            if (i > 0) expect(fromMs).toBe(spans[i - 1]?.toMs)
            expect(toMs).toBeGreaterThan(fromMs)
            for (const ms of [fromMs % stepMs, toMs % stepMs, stepMs % minStepMs]) expect(ms).toBe(0)
          }
        },
      ),
    )
  })

  it('begins a step where a price changes, such as at the midnight of its zone', () => {
    const range = daysBetween('2026-01-01', '2026-12-31', 'Asia/Kolkata')
    const change = midnight('2026-04-01', 'Asia/Kolkata')
    const spans = evidenceSpans(range, [change, change + 1, 0], MINUTE) ?? []
    expect(spans.map(({ fromMs }) => fromMs)).toContain(change)
    expect(spans).toHaveLength(6)
  })

  it('has half hours where the clocks of Lord Howe change by half an hour', () => {
    const spans = evidenceSpans(daysBetween('2026-04-05', '2026-04-05', 'Australia/Lord_Howe'), [], MINUTE)
    // 24.5 hours: from 13:00 UTC of the day before to 13:30.
    expect(spans?.map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000)).toEqual([24.5])
    expect(spans?.[0]?.stepMs).toBe(30 * MINUTE)
  })

  it('is none where it does not begin with a step of the back end', () => {
    expect(evidenceSpans({ fromMs: 30_000, toMs: DAY }, [], MINUTE)).toBeNull()
    expect(
      evidenceSpans(daysBetween('2026-01-01', '2026-01-31', 'Asia/Kathmandu'), [], 30 * MINUTE),
    ).toBeNull()
  })
})

it.each(ZONES)('cuts every step at the bounds of the days of %s, without gap or overlap', (zone) => {
  const days = datesBetween('2026-03-20', '2026-04-10').map((day) => daysBetween(day, day, zone))
  const spans = dailySpans(days, [], MINUTE) ?? []
  expect(spans.length).toBeLessThanOrEqual(6)
  let at = days[0]?.fromMs ?? 0
  const starts = new Set<number>()
  for (const { fromMs, toMs, stepMs } of spans) {
    expect(fromMs).toBe(at)
    for (let step = fromMs; step < toMs; step += stepMs) starts.add(step)
    at = toMs
  }
  expect(at).toBe(days.at(-1)?.toMs)
  for (const { fromMs } of days) expect(starts.has(fromMs)).toBe(true)
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarBuckets, intoBuckets } from './calendar.ts'
import { tableOf } from './testing/tables.ts'
import { addTotals, sumTotals } from './totals.ts'

const HOUR = 3_600_000
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Pacific/Apia',
]
const hours = (bucket: { fromMs: number; toMs: number } | undefined) =>
  bucket === undefined ? Number.NaN : (bucket.toMs - bucket.fromMs) / HOUR

describe('calendarBuckets', () => {
  it('has days of 23 and 25 hours when the clocks change', () => {
    const spring = calendarBuckets('day', 2, 'Europe/Berlin', Date.parse('2026-03-30T10:00:00Z'))
    expect(spring.map(hours)).toEqual([23, 24])
    const autumn = calendarBuckets('day', 2, 'Europe/Berlin', Date.parse('2026-10-26T10:00:00Z'))
    expect(autumn.map(hours)).toEqual([25, 24])
    expect(autumn[0]?.fromMs).toBe(Date.parse('2026-10-24T22:00:00Z'))
    const half = calendarBuckets('day', 2, 'Australia/Lord_Howe', Date.parse('2026-04-06T00:00:00Z'))
    expect(half.map(hours)).toEqual([24.5, 24])
  })

  it('counts both of two equal hours of the clock', () => {
    const twice = calendarBuckets('hour', 3, 'Europe/Berlin', Date.parse('2026-10-25T01:30:00Z'))
    expect(twice.map(({ fromMs }) => new Date(fromMs).toISOString())).toEqual([
      '2026-10-24T23:00:00.000Z',
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
    ])
  })

  it('begins hours where the clock of a zone does', () => {
    const [hour] = calendarBuckets('hour', 1, 'Asia/Kathmandu', Date.parse('2026-11-24T10:00:00Z'))
    expect(new Date(hour?.fromMs ?? 0).toISOString()).toBe('2026-11-24T09:15:00.000Z')
  })

  it('knows a day that begins at one o’clock, and months of every length', () => {
    const [day] = calendarBuckets('day', 1, 'America/Sao_Paulo', Date.parse('2018-11-04T12:00:00Z'))
    expect(new Date(day?.fromMs ?? 0).toISOString()).toBe('2018-11-04T03:00:00.000Z')
    expect(hours(day)).toBe(23)
    const months = calendarBuckets('month', 3, 'UTC', Date.parse('2026-03-31T12:00:00Z'))
    expect(months.map((month) => hours(month) / 24)).toEqual([31, 28, 31])
  })

  it('is without gaps, ascending, and ends with the bucket that holds now', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom('hour' as const, 'day' as const, 'month' as const),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2030, 0) }),
        (zone, bucket, count, now) => {
          const buckets = calendarBuckets(bucket, count, zone, now)
          expect(buckets).toHaveLength(count)
          for (const [i, { fromMs, toMs }] of buckets.entries()) {
            expect(toMs).toBeGreaterThan(fromMs)
            if (i > 0) expect(fromMs).toBe(buckets[i - 1]?.toMs)
          }
          const last = buckets.at(-1)
          expect(last?.fromMs).toBeLessThanOrEqual(now)
          expect(last?.toMs).toBeGreaterThan(now)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('refuses a zone that is none', () => {
    expect(() => calendarBuckets('day', 1, 'Mars/Olympus', 0)).toThrow(RangeError)
  })
})

describe('intoBuckets', () => {
  it('loses nothing in the weeks in which clocks change', () => {
    const weeks = fc.constantFrom('2026-03-31T00:00:00Z', '2026-10-27T00:00:00Z', '2018-11-06T00:00:00Z')
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        weeks,
        fc.bigInt({ min: 0n, max: 2n ** 66n }),
        (zone, end, base) => {
          const buckets = calendarBuckets('day', 7, zone, Date.parse(end))
          const startMs = buckets[0]?.fromMs ?? 0
          const stepMs = 900_000
          const steps = ((buckets.at(-1)?.toMs ?? 0) - startMs) / stepMs
          const counts = Array.from({ length: steps }, (_, i) => base + BigInt(i))
          const table = tableOf({ startMs, stepMs, steps }, [{ tenant: 'a', input: counts, output: counts }])
          const days = intoBuckets(table, buckets)
          const summed = buckets.map((_, day) => sumTotals(days, 0, day)).reduce(addTotals)
          expect(summed).toEqual(sumTotals(table, 0, 'all'))
          const [first] = buckets
          const inFirst = counts.slice(0, ((first?.toMs ?? 0) - startMs) / stepMs).reduce((a, b) => a + b, 0n)
          expect(sumTotals(days, 0, 0).input).toBe(inFirst.toString())
        },
      ),
      { numRuns: 40 },
    )
  })

  it('refuses a step that crosses from one day into another', () => {
    const buckets = calendarBuckets('day', 2, 'Asia/Kathmandu', Date.parse('2026-11-24T10:00:00Z'))
    const startMs = (buckets[0]?.fromMs ?? 0) - ((buckets[0]?.fromMs ?? 0) % HOUR)
    const table = tableOf({ startMs, stepMs: HOUR, steps: 24 }, [{ input: [1n] }])
    expect(() => intoBuckets(table, buckets)).toThrow(/lies in no bucket/)
  })

  it('marks what no step was given for', () => {
    const buckets = calendarBuckets('hour', 2, 'UTC', Date.parse('2026-11-24T10:30:00Z'))
    const startMs = buckets[0]?.fromMs ?? 0
    const table = tableOf({ startMs, stepMs: HOUR, steps: 1 }, [{ input: [7n] }])
    expect([...intoBuckets(table, buckets).given]).toEqual([1, 0])
  })
})

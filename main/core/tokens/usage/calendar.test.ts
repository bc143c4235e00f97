import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarBuckets, daysBetween, intoBuckets } from './calendar.ts'
import { tableOf } from '../testing/tables.ts'
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
  'America/St_Johns',
]
/** Within half a day of instants at which the clocks of one of the zones changed. */
const aroundChanges = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29T01:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-03-08T07:00:00Z',
      '2026-11-01T06:00:00Z',
      '2026-04-04T15:00:00Z',
      '2026-10-03T15:30:00Z',
      '2018-02-18T02:00:00Z',
      '2018-11-04T03:00:00Z',
      '2011-12-30T10:00:00Z',
      '2010-11-07T02:31:00Z',
    ),
    fc.integer({ min: -43_200_000, max: 43_200_000 }),
  )
  .map(([change, distance]) => Date.parse(change) + distance)
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

  it('makes one hour of ninety minutes where the clocks change by half an hour', () => {
    const minutesAt = (now: string) =>
      calendarBuckets('hour', 4, 'Australia/Lord_Howe', Date.parse(now)).map((hour) => hours(hour) * 60)
    expect(minutesAt('2026-04-04T15:10:00Z')).toEqual([60, 60, 60, 90])
    expect(minutesAt('2026-04-04T15:40:00Z')).toEqual([60, 60, 90, 60])
    expect(minutesAt('2026-10-03T15:45:00Z')).toEqual([60, 60, 60, 90])
    expect(minutesAt('2026-10-03T16:00:00Z')).toEqual([60, 60, 90, 60])
  })

  it('has no day for a date that a zone left out', () => {
    const days = calendarBuckets('day', 3, 'Pacific/Apia', Date.parse('2011-12-31T00:00:00Z'))
    expect(days.map(({ fromMs }) => new Date(fromMs).toISOString().slice(0, 10))).toEqual([
      '2011-12-28',
      '2011-12-29',
      '2011-12-30',
    ])
    expect(days.map(hours)).toEqual([24, 24, 24])
  })

  it('is without gaps, ascending, and ends with the bucket that holds now', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom('hour' as const, 'day' as const, 'month' as const),
        fc.integer({ min: 1, max: 40 }),
        fc.oneof(fc.integer({ min: Date.UTC(2008, 0), max: Date.UTC(2030, 0) }), aroundChanges),
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
          // Whenever it is asked in a bucket, it is the same bucket.
          expect(calendarBuckets(bucket, 1, zone, last?.fromMs ?? 0)).toEqual([last])
          expect(calendarBuckets(bucket, 1, zone, (last?.toMs ?? 0) - 1)).toEqual([last])
        },
      ),
      { numRuns: 500 },
    )
  })

  it('refuses a zone that is none', () => {
    expect(() => calendarBuckets('day', 1, 'Mars/Olympus', 0)).toThrow(RangeError)
  })
})

describe('intoBuckets', () => {
  it('loses nothing in the weeks in which clocks change', () => {
    // Each after a change in one of the zones, in both directions.
    const weeks = fc.constantFrom(
      '2026-03-31T00:00:00Z',
      '2026-10-27T00:00:00Z',
      '2026-03-10T00:00:00Z',
      '2026-11-03T00:00:00Z',
      '2026-04-06T00:00:00Z',
      '2026-10-05T00:00:00Z',
      '2018-02-20T00:00:00Z',
      '2018-11-06T00:00:00Z',
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom('hour' as const, 'day' as const),
        weeks,
        fc.bigInt({ min: 0n, max: 2n ** 66n }),
        (zone, bucket, end, base) => {
          const buckets = calendarBuckets(bucket, bucket === 'day' ? 7 : 60, zone, Date.parse(end))
          const startMs = buckets[0]?.fromMs ?? 0
          const stepMs = 900_000
          const steps = ((buckets.at(-1)?.toMs ?? 0) - startMs) / stepMs
          const counts = Array.from({ length: steps }, (_, i) => base + BigInt(i))
          const table = tableOf({ startMs, stepMs, steps }, [{ tenant: 'a', input: counts, output: counts }])
          const summed = intoBuckets(table, buckets)
          expect(buckets.map((_, i) => sumTotals(summed, 0, i)).reduce(addTotals)).toEqual(
            sumTotals(table, 0, 'all'),
          )
          for (const [i, { fromMs, toMs }] of buckets.entries()) {
            const own = counts.slice((fromMs - startMs) / stepMs, (toMs - startMs) / stepMs)
            expect(sumTotals(summed, 0, i).input).toBe(own.reduce((a, b) => a + b, 0n).toString())
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps how far the data reach, the row of the rest and what is not counted', () => {
    const buckets = calendarBuckets('hour', 1, 'UTC', Date.parse('2026-11-24T10:30:00Z'))
    const startMs = buckets[0]?.fromMs ?? 0
    const dataAsOf = startMs + 1000
    const grid = { startMs, stepMs: HOUR / 2, steps: 2, dataAsOf, complete: false }
    const table = { ...tableOf(grid, [{ input: [1n, 2n] }, { input: [3n, 4n] }]), restRow: 1, missing: ['x'] }
    const summed = intoBuckets(table, buckets)
    expect(summed).toMatchObject({ dataAsOf, complete: false, missing: ['x'], restRow: 1 })
    expect(summed.counts.output).toBeNull()
    expect([0, 1].map((row) => summed.counts.input?.exact(row))).toEqual([3n, 7n])
  })

  it('refuses a step that crosses from one day into another', () => {
    const buckets = calendarBuckets('day', 2, 'Asia/Kathmandu', Date.parse('2026-11-24T10:00:00Z'))
    const startMs = (buckets[0]?.fromMs ?? 0) - ((buckets[0]?.fromMs ?? 0) % HOUR)
    const table = tableOf({ startMs, stepMs: HOUR, steps: 24 }, [{ input: [1n] }])
    expect(() => intoBuckets(table, buckets)).toThrow(
      'The step 2026-11-22T18:00:00.000Z to 2026-11-22T19:00:00.000Z does not lie wholly in one bucket: it crosses a bound of the bucket 2026-11-22T18:15:00.000Z to 2026-11-23T18:15:00.000Z.',
    )
    const outside = tableOf({ startMs: startMs - 24 * HOUR, stepMs: HOUR / 4, steps: 1 }, [{ input: [1n] }])
    expect(() => intoBuckets(outside, buckets)).toThrow(/lies outside the bucket .* and all others/)
    expect(() => intoBuckets(outside, [])).toThrow(/there is no bucket/)
  })

  it('marks what no step was given for', () => {
    const buckets = calendarBuckets('hour', 2, 'UTC', Date.parse('2026-11-24T10:30:00Z'))
    const startMs = buckets[0]?.fromMs ?? 0
    const table = tableOf({ startMs, stepMs: HOUR, steps: 1 }, [{ input: [7n] }])
    expect([...intoBuckets(table, buckets).given]).toEqual([1, 0])
  })
})

describe('daysBetween', () => {
  it('has whole days of the zone, the last one included', () => {
    expect(daysBetween('2026-03-29', '2026-03-29', 'Europe/Paris')).toEqual({
      fromMs: Date.parse('2026-03-28T23:00:00Z'),
      toMs: Date.parse('2026-03-29T22:00:00Z'),
    })
    expect(daysBetween('2026-10-01', '2026-10-31', 'UTC')).toEqual({
      fromMs: Date.UTC(2026, 9, 1),
      toMs: Date.UTC(2026, 10, 1),
    })
  })

  it('begins where the first day does, at midnight or not', () => {
    // On that day the clocks of São Paulo went from midnight to one.
    const { fromMs } = daysBetween('2018-11-04', '2018-11-04', 'America/Sao_Paulo')
    expect(new Date(fromMs).toISOString()).toBe('2018-11-04T03:00:00.000Z')
  })

  it('refuses dates and zones that are none', () => {
    expect(() => daysBetween('2026-02-30', '2026-03-01', 'UTC')).toThrow(RangeError)
    expect(() => daysBetween('2026-02-01', '2026-03-01', 'Mars/Olympus')).toThrow(RangeError)
  })
})

import { Temporal } from 'temporal-polyfill'
import type { Bucket } from '../../../../shared/metering/capabilities.ts'
import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from './counts.ts'
import type { UsageTable } from '../types.ts'

/** From `fromMs` up to `toMs`, ms since the epoch. */
export interface CalendarBucket {
  readonly fromMs: number
  readonly toMs: number
}

const HOUR_MS = 3_600_000

/**
 * The newest `count` hours, days or months of a zone, the present one last; without gaps. A day begins at its first
 * instant, which is not midnight everywhere, and has 23 or 25 hours when the clocks change; a date that a zone left out
 * is no day. An hour begins when the clock shows a full one: of two hours with the same name each is one, and where the
 * clocks change by half an hour, one hour has ninety minutes.
 * @throws RangeError for a zone that is none
 */
export function calendarBuckets(
  bucket: Bucket,
  count: number,
  timezone: string,
  nowMs: number,
): CalendarBucket[] {
  const now = zoned(Math.floor(nowMs), timezone)
  const bounds = bucket === 'hour' ? hourBounds(now, count) : dateBounds(bucket, now, count)
  return bounds.slice(0, -1).map((fromMs, i) => ({ fromMs, toMs: bounds[i + 1] as number }))
}

/** Starts of the newest hours and the end of the present one, ms, ascending. */
function hourBounds(now: Temporal.ZonedDateTime, count: number): number[] {
  const start = fullHour(now)
  const zone = now.timeZoneId
  const inAnHour = fullHour(zoned(start + HOUR_MS, zone))
  const bounds = [inAnHour > start ? inAnHour : fullHour(zoned(start + 2 * HOUR_MS, zone))]
  for (let at = start; bounds.length <= count; at = fullHour(zoned(at - 1, zone))) bounds.push(at)
  return bounds.toReversed()
}

/** The newest instant up to this one at which the clock showed a full hour, ms. */
function fullHour(at: Temporal.ZonedDateTime): number {
  const ms = at.epochMilliseconds
  const past = (ms + at.offsetNanoseconds / 1_000_000) % HOUR_MS
  const start = ms - (past < 0 ? past + HOUR_MS : past)
  // A change at this very instant counts as passed.
  const changed = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  if (changed === null || start >= changed.epochMilliseconds) return start
  // There was no full hour since the clocks changed; before, they ran differently.
  return fullHour(changed.subtract({ milliseconds: 1 }))
}

/** Starts of the newest days or months and the end of the present one, ms, ascending. */
function dateBounds(bucket: 'day' | 'month', now: Temporal.ZonedDateTime, count: number): number[] {
  const unit = bucket === 'day' ? 'days' : 'months'
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(now.timeZoneId).epochMilliseconds
  let date = bucket === 'day' ? now.toPlainDate() : now.toPlainDate().with({ day: 1 })
  // Clocks that go back across midnight show the old date again in a day that has begun.
  while (startOf(date.add({ [unit]: 1 })) <= now.epochMilliseconds) date = date.add({ [unit]: 1 })
  const bounds = [startOf(date.add({ [unit]: 1 }))]
  for (; bounds.length <= count; date = date.subtract({ [unit]: 1 })) {
    const start = startOf(date)
    // A date that the zone left out begins when the next one does.
    if (start < (bounds.at(-1) as number)) bounds.push(start)
  }
  return bounds.toReversed()
}

/**
 * From the first instant of the first day to the last of the last one, in a zone. A day that the zone left out is empty.
 * @param first "2026-10-01"
 * @throws RangeError for a date or a zone that is none
 */
export function daysBetween(first: string, last: string, timezone: string): CalendarBucket {
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(timezone).epochMilliseconds
  return {
    fromMs: startOf(Temporal.PlainDate.from(first)),
    toMs: startOf(Temporal.PlainDate.from(last).add({ days: 1 })),
  }
}

/** Every date from the first to the last one, both included. @throws RangeError for a date that is none */
export function datesBetween(first: string, last: string): string[] {
  const dates: string[] = []
  const end = Temporal.PlainDate.from(last)
  for (
    let date = Temporal.PlainDate.from(first);
    Temporal.PlainDate.compare(date, end) <= 0;
    date = date.add({ days: 1 })
  )
    dates.push(date.toString())
  return dates
}

function zoned(ms: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone)
}

/**
 * Sums steps into coarser buckets, exactly. A bucket is given where any of its steps is.
 * @throws RangeError for a step that does not lie wholly in one bucket: its tokens could not be distinguished
 */
export function intoBuckets(table: UsageTable, buckets: readonly CalendarBucket[]): UsageTable {
  const steps = table.times.length
  const bucketOf = placesOf(table, buckets)
  const size = table.rows.length * buckets.length
  const eachCell = (visit: (from: number, into: number) => void) => {
    for (let row = 0; row < table.rows.length; row++) {
      for (let step = 0; step < steps; step++) {
        visit(row * steps + step, row * buckets.length + (bucketOf[step] as number))
      }
    }
  }
  const given = new Uint8Array(size)
  eachCell((from, into) => {
    if (table.given[from] === 1) given[into] = 1
  })
  const summed = (measure: Measure): Counts | null => {
    const counts = table.counts[measure]
    if (counts === null) return null
    const sums = new Counts(size)
    eachCell((from, into) => {
      // Half a million of these are one question: doubles for as long as they are exact.
      const near = counts.approximate(from)
      if (near !== 0) sums.add(into, near <= Number.MAX_SAFE_INTEGER ? near : counts.exact(from))
    })
    return sums
  }
  return {
    ...table,
    times: buckets.map(({ fromMs }) => fromMs),
    toMs: buckets.at(-1)?.toMs ?? table.toMs,
    counts: Object.fromEntries(MEASURES.map((measure) => [measure, summed(measure)])) as UsageTable['counts'],
    given,
  }
}

/** Which bucket each step lies in. Both ascend. */
function placesOf({ times, toMs }: UsageTable, buckets: readonly CalendarBucket[]): number[] {
  let place = 0
  return times.map((time, step) => {
    const end = times[step + 1] ?? toMs
    while (place < buckets.length - 1 && (buckets[place] as CalendarBucket).toMs <= time) place += 1
    const bucket = buckets[place]
    if (bucket !== undefined && bucket.fromMs <= time && end <= bucket.toMs) return place
    const cut =
      bucket === undefined
        ? 'there is no bucket'
        : time < bucket.toMs && end > bucket.fromMs
          ? `it crosses a bound of the bucket ${inUtc(bucket.fromMs, bucket.toMs)}`
          : `it lies outside the bucket ${inUtc(bucket.fromMs, bucket.toMs)} and all others`
    throw new RangeError(
      `The step ${inUtc(time, end)} does not lie wholly in one bucket: ${cut}. Ask for finer steps, or for steps of the buckets' own time.`,
    )
  })
}

function inUtc(fromMs: number, toMs: number): string {
  return `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`
}

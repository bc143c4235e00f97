import { Temporal } from 'temporal-polyfill'
import type { Bucket } from '../../../shared/metering/capabilities.ts'
import { MEASURES, type Measure } from '../../../shared/model/tokens.ts'
import { Counts } from './counts.ts'
import type { UsageTable } from './types.ts'

/** From `fromMs` up to `toMs`, ms since the epoch. */
export interface CalendarBucket {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * The newest `count` hours, days or months of a zone, the present one last. A day begins at its first instant, which is
 * not midnight everywhere, and has 23 or 25 hours when the clocks change; hours are real hours, so that no day has two
 * of the same.
 * @throws RangeError for a zone that is none
 */
export function calendarBuckets(
  bucket: Bucket,
  count: number,
  timezone: string,
  nowMs: number,
): CalendarBucket[] {
  const now = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(timezone)
  const starts = Array.from({ length: count + 1 }, (_, i) => startOf(bucket, now, i + 1 - count))
  return starts.slice(0, -1).map((fromMs, i) => ({ fromMs, toMs: starts[i + 1] ?? fromMs }))
}

/** Start of the bucket that lies `offset` buckets after the present one, ms. */
function startOf(bucket: Bucket, now: Temporal.ZonedDateTime, offset: number): number {
  if (bucket === 'hour') {
    // Added in real time: a repeated hour of the wall clock is two hours.
    const hour = now.round({ smallestUnit: 'hour', roundingMode: 'floor' })
    return hour.add({ hours: offset }).epochMilliseconds
  }
  const date = now.toPlainDate()
  const first = bucket === 'day' ? date.add({ days: offset }) : date.with({ day: 1 }).add({ months: offset })
  return first.toZonedDateTime({ timeZone: now.timeZoneId }).startOfDay().epochMilliseconds
}

/**
 * Sums steps into coarser buckets, exactly. A bucket is given where any of its steps is.
 * @throws RangeError for a step that lies in no bucket or in two: its tokens could not be told apart
 */
export function intoBuckets(table: UsageTable, buckets: readonly CalendarBucket[]): UsageTable {
  const steps = table.times.length
  const bucketOf = table.times.map((time, step) => place(time, table.times[step + 1] ?? table.toMs, buckets))
  const size = table.rows.length * buckets.length
  const given = new Uint8Array(size)
  for (let row = 0; row < table.rows.length; row++) {
    for (let step = 0; step < steps; step++) {
      if (table.given[row * steps + step] === 1) given[row * buckets.length + (bucketOf[step] as number)] = 1
    }
  }
  const summed = (measure: Measure): Counts | null => {
    const counts = table.counts[measure]
    if (counts === null) return null
    const sums = new Counts(size)
    for (let row = 0; row < table.rows.length; row++) {
      for (let step = 0; step < steps; step++) {
        sums.add(row * buckets.length + (bucketOf[step] as number), counts.exact(row * steps + step))
      }
    }
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

function place(fromMs: number, toMs: number, buckets: readonly CalendarBucket[]): number {
  const found = buckets.findIndex((bucket) => bucket.fromMs <= fromMs && toMs <= bucket.toMs)
  if (found >= 0) return found
  const named = `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`
  throw new RangeError(`The step from ${named} lies in no bucket, or in more than one.`)
}

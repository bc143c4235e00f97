import type { BucketTotals } from '../../../shared/contract/tokens.ts'
import { formatClock, formatDate, zoneName } from '../../../shared/model/time.ts'
import type { Charted } from '../../../shared/model/tokens.ts'
import { say } from '../../../shared/messages/format.ts'
import type { Layer } from '../../ui/chart/stacked/stack.ts'
import { chartedTotal } from '../../state/tokens/measures.ts'

type Bucket = BucketTotals['buckets'][number]
const HOUR_MS = 3_600_000

/** "23 Nov 14:00 CET", "Mon 23 Nov", "Nov 2026", in the site's zone. */
export function bucketName(
  { fromMs }: Pick<Bucket, 'fromMs'>,
  size: 'hour' | 'day' | 'month',
  zone: string,
): string {
  const date = formatDate(fromMs, zone)
  if (size === 'month') return date.replace(/^\d+ /, '')
  const day = date.replace(/ \d{4}$/, '')
  if (size === 'day') return `${weekday(fromMs, zone)} ${day}`
  return `${day} ${formatClock(fromMs, zone, 'minutes')} ${zoneName(fromMs, zone)}`
}

/** What is unusual about a bucket: that it goes on, that its figures are doubted, or that daylight saving made it shorter or longer. */
export function bucketNotes(
  { fromMs, toMs, partial, doubtful }: Bucket,
  size: 'hour' | 'day' | 'month',
  now: number,
): string[] {
  const hours = (toMs - fromMs) / HOUR_MS
  const unusual = size === 'day' && hours !== 24
  return [
    ...(partial ? [toMs > now ? say('tokens.bucket.soFar') : say('tokens.bucket.partly')] : []),
    ...(doubtful ? [say('tokens.bucket.inexact')] : []),
    ...(unusual ? [`${Number.isInteger(hours) ? hours : hours.toFixed(1)} h`] : []),
  ]
}

function weekday(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short' }).format(at)
}

/** Exact totals per bucket and group for one measure; null where it is unknown or not counted. */
export function exactColumns(totals: BucketTotals, measure: Charted): (bigint | null)[][] {
  return totals.groups.map((group) =>
    group.totals.map((one) => (one === null ? null : chartedTotal(one, measure))),
  )
}

/** Sum of a bucket over all groups; null where one of them is not known. */
export function bucketSum(columns: readonly (readonly (bigint | null)[])[], at: number): bigint | null {
  return columns.reduce<bigint | null>(
    (sum, column) => {
      const value = column[at] ?? null
      return sum === null || value === null ? null : sum + value
    },
    columns.length === 0 ? null : 0n,
  )
}

/** For the picture alone: drawn heights need no exact digits. */
export function drawnLayers(totals: BucketTotals, columns: readonly (readonly (bigint | null)[])[]): Layer[] {
  return totals.groups.map(({ name, rest }, group) => ({
    name,
    rest,
    values: (columns[group] ?? []).map((value) => (value === null ? null : Number(value))),
  }))
}

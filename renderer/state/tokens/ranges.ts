import { say } from '../../../shared/messages/format.ts'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A stretch of time up to now, drawn as rates. */
interface SpanRange {
  readonly kind: 'span'
  /** What stands on the switch, and what it means. */
  readonly title: string
  readonly words: string
  readonly spanMs: number
  /** How often a new point can be expected at the steps that such a span is drawn in. */
  readonly everyMs: number
}

/** Whole hours, days or months of the site's calendar, as exact totals. */
interface BucketRange {
  readonly kind: 'buckets'
  readonly title: string
  readonly words: string
  readonly bucket: 'hour' | 'day' | 'month'
  readonly buckets: number
  readonly everyMs: number
}

export const RANGES = {
  live: {
    kind: 'span',
    title: say('tokens.range.live'),
    words: say('tokens.range.live.words'),
    spanMs: 15 * MINUTE,
    everyMs: 5000,
  },
  hour: {
    kind: 'span',
    title: say('tokens.range.hour'),
    words: say('tokens.range.hour.words'),
    spanMs: HOUR,
    everyMs: 15_000,
  },
  day: {
    kind: 'span',
    title: say('tokens.range.day'),
    words: say('tokens.range.day.words'),
    spanMs: DAY,
    everyMs: MINUTE,
  },
  month: {
    kind: 'span',
    title: say('tokens.range.month'),
    words: say('tokens.range.month.words'),
    spanMs: 31 * DAY,
    everyMs: 5 * MINUTE,
  },
  hourly: {
    kind: 'buckets',
    title: say('tokens.range.hourly'),
    words: say('tokens.range.hourly.words'),
    bucket: 'hour',
    buckets: 24,
    everyMs: 30_000,
  },
  daily: {
    kind: 'buckets',
    title: say('tokens.range.daily'),
    words: say('tokens.range.daily.words'),
    bucket: 'day',
    buckets: 31,
    everyMs: MINUTE,
  },
  monthly: {
    kind: 'buckets',
    title: say('tokens.range.monthly'),
    words: say('tokens.range.monthly.words'),
    bucket: 'month',
    buckets: 12,
    everyMs: 5 * MINUTE,
  },
} as const satisfies Record<string, SpanRange | BucketRange>

export type RangeName = keyof typeof RANGES
export type Range = SpanRange | BucketRange
/** In the order of the switch, which is the order of the keys 1 to 7. */
export const RANGE_NAMES = ['live', 'hour', 'day', 'month', 'hourly', 'daily', 'monthly'] as const

export function rangeOf(name: RangeName): Range {
  return RANGES[name]
}

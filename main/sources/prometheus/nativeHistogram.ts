import { AnswerError, type JsonCursor } from './jsonCursor.ts'
import { sampleValue } from './sampleValue.ts'

/** A bucket of a native histogram: how many observations lie between two bounds. Empty buckets are not sent. */
export interface NativeBucket {
  /** Which bounds belong to the bucket: 0 the right one, 1 the left one, 2 none, 3 both. */
  readonly rule: number
  readonly left: number
  readonly right: number
  readonly count: number
}

/** A native histogram as the API writes it; of a rate all figures are per second. Buckets ascend. */
export interface NativeHistogram {
  readonly count: number
  readonly sum: number
  readonly buckets: readonly NativeBucket[]
}

/** Prometheus keeps a native histogram well below this; more is a mistake. */
const MOST_BUCKETS = 4096

/**
 * Takes `[seconds, {"count": "…", "sum": "…", "buckets": [[rule, "left", "right", "count"], …]}]`, which stands in a row
 * instead of its value. @throws AnswerError
 */
export function readHistogramPair(cursor: JsonCursor): { at: number; histogram: NativeHistogram } {
  cursor.expect('[')
  const seconds = cursor.number()
  cursor.expect(',')
  let count = Number.NaN
  let sum = Number.NaN
  const buckets: NativeBucket[] = []
  cursor.object((key) => {
    if (key === 'count') count = sampleValue(cursor)
    else if (key === 'sum') sum = sampleValue(cursor)
    else if (key === 'buckets' && cursor.peek() === 0x5b /* [ */) {
      cursor.array(() => {
        if (buckets.length >= MOST_BUCKETS) throw cursor.error(`at most ${MOST_BUCKETS} buckets`)
        buckets.push(bucket(cursor, buckets.at(-1)))
      })
    } else cursor.skip()
  })
  cursor.expect(']')
  return { at: Math.round(seconds * 1000), histogram: { count, sum, buckets } }
}

function bucket(cursor: JsonCursor, before: NativeBucket | undefined): NativeBucket {
  cursor.expect('[')
  const at = cursor.at
  const rule = cursor.number()
  cursor.expect(',')
  const left = sampleValue(cursor)
  cursor.expect(',')
  const right = sampleValue(cursor)
  cursor.expect(',')
  const count = sampleValue(cursor)
  cursor.expect(']')
  if (!(left <= right) || (before !== undefined && left < before.left)) {
    throw new AnswerError(at, 'buckets with ascending bounds')
  }
  return { rule, left, right, count }
}

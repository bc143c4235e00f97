import type { Histogram } from '../../core/tokens/types.ts'
import type { AnsweredHistogram } from './types.ts'

/**
 * A classic histogram from its `le` bounds and cumulative counts, in any order. A count that falls from one bound to
 * the next (scraped while it was written, or a rate's rounding) is taken for the one before, as Prometheus does.
 * Null without a readable bucket.
 */
export function fromCumulative(
  bounds: readonly number[],
  counts: ArrayLike<number>,
  scale = 1,
): Histogram | null {
  const order = [...bounds.keys()]
    .filter((index) => !Number.isNaN(bounds[index]) && Number.isFinite(counts[index]))
    .toSorted((a, b) => (bounds[a] as number) - (bounds[b] as number))
  if (order.length === 0) return null
  const finite: number[] = []
  const each: number[] = []
  let below = 0
  for (const index of order) {
    const upTo = Math.max(below, counts[index] as number)
    const bound = bounds[index] as number
    if (Number.isFinite(bound)) finite.push(bound * scale)
    each.push(upTo - below)
    below = upTo
  }
  // Without +Inf nothing is known above the last bound, and nothing is added there.
  if (each.length === finite.length) each.push(0)
  return { bounds: finite, counts: each }
}

/** `le` as a number; NaN where it is none. */
export function boundOf(le: string | undefined): number {
  if (le === '+Inf' || le === 'Inf') return Number.POSITIVE_INFINITY
  return le === undefined || le.trim() === '' ? Number.NaN : Number(le)
}

/** Stretches between buckets that were not sent are empty. Prometheus widens nothing, so neither is done here. */
export function fromNative({ buckets }: AnsweredHistogram, scale = 1): Histogram | null {
  const bounds: number[] = []
  const counts: number[] = []
  for (const { left, right, count } of buckets) {
    if (!Number.isFinite(count) || !Number.isFinite(left) || Number.isNaN(right)) continue
    const last = bounds.at(-1)
    if (last === undefined || left * scale > last) {
      bounds.push(left * scale)
      counts.push(0)
    }
    if (right === Number.POSITIVE_INFINITY) {
      counts.push(count)
      return { bounds, counts }
    }
    bounds.push(right * scale)
    counts.push(count)
  }
  if (bounds.length === 0) return null
  counts.push(0)
  return { bounds, counts }
}

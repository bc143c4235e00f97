import type { Histogram } from '../../core/tokens/types.ts'
import type { AnsweredHistogram } from './types.ts'

/**
 * A classic histogram from its `le` bounds and cumulative counts, in any order. As Prometheus does, counts at one bound
 * are added (servers spell it "1" and "1.0"), and a count that falls from one bound to the next (scraped while it was
 * written, or a rate's rounding) is taken for the one before. Null without +Inf: how many there were in all is not known.
 */
export function fromCumulative(
  bounds: readonly number[],
  counts: ArrayLike<number>,
  scale = 1,
): Histogram | null {
  const atBound = new Map<number, number>()
  for (const [index, bound] of bounds.entries()) {
    const count = counts[index] ?? Number.NaN
    if (!(bound > Number.NEGATIVE_INFINITY) || !Number.isFinite(count)) continue
    atBound.set(bound, (atBound.get(bound) ?? 0) + count)
  }
  if (!atBound.has(Number.POSITIVE_INFINITY)) return null
  const finite: number[] = []
  const each: number[] = []
  let below = 0
  for (const [bound, count] of [...atBound].toSorted(([a], [b]) => a - b)) {
    const upTo = Math.max(below, count)
    if (Number.isFinite(bound)) finite.push(bound * scale)
    each.push(upTo - below)
    below = upTo
  }
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

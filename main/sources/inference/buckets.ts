import type { Histogram } from '../../core/tokens/types.ts'
import type { AnsweredHistogram } from './types.ts'

/** A count this much lower than the one before, of that one, is rounding of a rate or a scrape in the midst of a write. */
const ROUNDING = 1e-3

/**
 * A classic histogram from its `le` bounds and cumulative counts, in any order. As Prometheus does, counts at one bound
 * are added (servers spell it "1" and "1.0"). Null without +Inf: how many there were in all is not known.
 *
 * The counts may be sums over servers with different bounds. A bound that not all of them have counts some only, so it
 * is left out, and what lies below it is known at the next bound that all have.
 * @param having how many servers have each bound; where it is not given, only a count that falls from one bound to the
 * next tells (one that falls by rounding alone is taken for the one before)
 */
export function fromCumulative(
  bounds: readonly number[],
  counts: ArrayLike<number>,
  scale = 1,
  having: ReadonlyMap<number, number> = new Map(),
): Histogram | null {
  const atBound = new Map<number, number>()
  for (const [index, bound] of bounds.entries()) {
    const count = counts[index] ?? Number.NaN
    // What no server counts in a million years is no count: sums of it would be infinite.
    if (!(bound > Number.NEGATIVE_INFINITY) || !(Math.abs(count) <= Number.MAX_SAFE_INTEGER)) continue
    atBound.set(bound, (atBound.get(bound) ?? 0) + count)
  }
  const all = atBound.get(Number.POSITIVE_INFINITY)
  if (all === undefined) return null
  atBound.delete(Number.POSITIVE_INFINITY)
  const most = having.get(Number.POSITIVE_INFINITY) ?? 0
  const finite: number[] = []
  const each: number[] = []
  let below = 0
  for (const [bound, count] of [...atBound].toSorted(([a], [b]) => a - b)) {
    if ((having.get(bound) ?? most) < most || count < below * (1 - ROUNDING)) continue
    const upTo = Math.max(below, count)
    finite.push(bound * scale)
    each.push(upTo - below)
    below = upTo
  }
  each.push(Math.max(0, all - below))
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

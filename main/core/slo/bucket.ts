import type { Histogram } from '../tokens/types.ts'

/** The two bounds around a threshold, seconds. Requests between them may have been in time or not. */
export interface ChosenBucket {
  /** The largest bound that is not above the threshold: pessimistic, and what an objective is judged by. */
  readonly used: number
  /** The next bound, where the threshold lies between two; null where it is a bound itself, or the last one. */
  readonly next: number | null
}

/** Bounds and thresholds differ by a rounding of units where one is in ms and the other in seconds. */
const EQUAL = 1e-9

/**
 * Which bucket stands for a threshold. Bounds are compared as numbers: servers write "1" and "1.0".
 * @param bounds ascending, seconds
 * @returns null where no bound lies at or below the threshold: such an objective cannot be measured
 */
export function chooseBucket(bounds: readonly number[], thresholdMs: number): ChosenBucket | null {
  const threshold = thresholdMs / 1000
  let used: number | null = null
  for (const bound of bounds) {
    if (bound <= threshold * (1 + EQUAL)) {
      used = bound
      continue
    }
    if (used === null) return null
    return { used, next: isSame(used, threshold) ? null : bound }
  }
  return used === null ? null : { used, next: null }
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(Math.abs(a), Math.abs(b)) * EQUAL
}

/** Events of a histogram against a threshold. */
export interface SplitEvents {
  readonly good: number
  readonly bad: number
  /** Those that are too slow by the next bound as well. */
  readonly badLeast: number
  readonly total: number
}

/** @returns null where the histogram observed something and none of its bounds is the bucket's */
export function splitAt({ bounds, counts }: Histogram, { used, next }: ChosenBucket): SplitEvents | null {
  let total = 0
  for (const count of counts) total += count
  if (total === 0) return { good: 0, bad: 0, badLeast: 0, total: 0 }
  const good = upTo(bounds, counts, used)
  if (good === null) return null
  const most = next === null ? good : (upTo(bounds, counts, next) ?? total)
  return { good, bad: total - good, badLeast: total - most, total }
}

function upTo(bounds: readonly number[], counts: readonly number[], bound: number): number | null {
  let below = 0
  for (const [index, upper] of bounds.entries()) {
    below += counts[index] ?? 0
    if (isSame(upper, bound)) return below
  }
  return null
}

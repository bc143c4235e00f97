import type { Quantiles } from '../../../../shared/model/tokens.ts'
import type { Histogram } from '../types.ts'

/**
 * Quantiles of latency histograms, read as Prometheus' histogram_quantile reads them: linear inside a bucket, from zero
 * in the lowest one. What lies above the last finite bound is not guessed.
 */

/** Nothing was observed. */
export const EMPTY_HISTOGRAM: Histogram = { bounds: [], counts: [0] }

/** Observations in all buckets. */
export function countOf({ counts }: Histogram): number {
  let total = 0
  for (const count of counts) total += count
  return total
}

/**
 * @param q 0–1
 * @returns seconds; 'beyond' above the last finite bound; null where nothing was observed
 */
export function quantile(histogram: Histogram, q: number): number | 'beyond' | null {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile lies between 0 and 1, not at ${q}`)
  const { bounds, counts } = histogram
  const total = countOf(histogram)
  if (!(total > 0)) return null
  const rank = q * total
  let below = 0
  for (let bucket = 0; bucket < bounds.length; bucket++) {
    const count = counts[bucket] ?? 0
    if (count > 0 && below + count >= rank) return inside(bounds, bucket, (rank - below) / count)
    below += count
  }
  return 'beyond'
}

function inside(bounds: readonly number[], bucket: number, share: number): number {
  const upper = bounds[bucket] as number
  // The lowest bucket starts at zero, or is a point where its bound is not above zero.
  const lower = bucket > 0 ? (bounds[bucket - 1] as number) : Math.min(0, upper)
  return lower + (upper - lower) * Math.min(1, Math.max(0, share))
}

/** The quantiles that are shown everywhere; null where they lie beyond the last bound, which `beyond` then names. */
export function quantilesOf(histogram: Histogram): Quantiles {
  const at = (q: number) => quantile(histogram, q)
  const all = { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) }
  const seconds = (value: number | 'beyond' | null) => (value === 'beyond' ? null : value)
  return {
    p50: seconds(all.p50),
    p90: seconds(all.p90),
    p95: seconds(all.p95),
    p99: seconds(all.p99),
    count: countOf(histogram),
    beyond: Object.values(all).includes('beyond') ? (histogram.bounds.at(-1) ?? null) : null,
  }
}

/**
 * Both together. Where their bounds differ, a bound stays only if both say exactly how many observations lie below it:
 * it is a bound of both, or falls where the other observed nothing. No precision is made up.
 */
export function addHistograms(a: Histogram, b: Histogram): Histogram {
  if (sameBounds(a, b)) {
    return { bounds: a.bounds, counts: a.counts.map((count, bucket) => count + (b.counts[bucket] ?? 0)) }
  }
  const left = new Cumulative(a)
  const right = new Cumulative(b)
  const bounds: number[] = []
  const counts: number[] = []
  let counted = 0
  for (const bound of unionOf(a.bounds, b.bounds)) {
    const below = left.at(bound)
    const other = right.at(bound)
    if (below === null || other === null) continue
    bounds.push(bound)
    counts.push(below + other - counted)
    counted = below + other
  }
  counts.push(countOf(a) + countOf(b) - counted)
  return { bounds, counts }
}

/**
 * What was observed between two readings of one cumulative histogram. A bucket that fell, or other bounds, mean that
 * the process restarted: then it is all of `now`, as Prometheus has it.
 */
export function subtract(now: Histogram, before: Histogram): Histogram {
  if (!sameBounds(now, before)) return now
  const counts = now.counts.map((count, bucket) => count - (before.counts[bucket] ?? 0))
  return counts.some((count) => count < 0) ? now : { bounds: now.bounds, counts }
}

export function sameBounds(a: Histogram, b: Histogram): boolean {
  return (
    a.bounds === b.bounds ||
    (a.bounds.length === b.bounds.length && a.bounds.every((bound, index) => bound === b.bounds[index]))
  )
}

/** Ascending, each once. */
function unionOf(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].toSorted((x, y) => x - y)
}

/** How many observations lie at or below a bound, asked in ascending order. */
class Cumulative {
  readonly #of: Histogram
  #bucket = 0
  #below = 0

  constructor(of: Histogram) {
    this.#of = of
  }

  /** Null inside a bucket that observed something: how it is spread there is not known. */
  at(bound: number): number | null {
    const { bounds, counts } = this.#of
    while (this.#bucket < bounds.length && (bounds[this.#bucket] as number) <= bound) {
      this.#below += counts[this.#bucket] ?? 0
      this.#bucket++
    }
    const isBound = this.#bucket > 0 && bounds[this.#bucket - 1] === bound
    return isBound || (counts[this.#bucket] ?? 0) === 0 ? this.#below : null
  }
}

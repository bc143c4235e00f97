/** A histogram as an exposition prints it. */
export interface PrintedHistogram {
  /** Observations up to a bound; grows with the bound and never shrinks over time. */
  upTo(bound: number): number
  readonly count: number
  readonly sum: number
}

/** Buckets as the ledger counts them: not cumulative, one more count than bounds. */
export interface CountedHistogram {
  readonly bounds: readonly number[]
  readonly counts: Float64Array
  readonly sums: Float64Array
}

/**
 * One pod's part of a counted histogram. Where the printed bounds are not the counted ones, a bucket is divided evenly.
 */
export function printed({ bounds, counts, sums }: CountedHistogram, pod: number): PrintedHistogram {
  const first = pod * (bounds.length + 1)
  const below = new Float64Array(bounds.length)
  let count = 0
  bounds.forEach((_, i) => {
    count += counts[first + i] ?? 0
    below[i] = count
  })
  const within = count
  count += counts[first + bounds.length] ?? 0
  return {
    count,
    sum: sums[pod] ?? 0,
    upTo(bound) {
      const i = bounds.findIndex((each) => each >= bound)
      if (i < 0) return within
      const high = bounds[i] ?? bound
      const low = bounds[i - 1] ?? 0
      const before = below[i - 1] ?? 0
      return before + ((below[i] ?? 0) - before) * ((bound - low) / (high - low))
    },
  }
}

/**
 * A histogram of which only the number of observations and their sum are known: spread around their mean as sizes and
 * durations of requests are, log-normally. It only ever adds, so that what is printed never goes back.
 */
export interface SpreadHistogram extends PrintedHistogram {
  /** So many more observations with so much in sum. */
  add(count: number, sum: number): void
}

export function createSpread(bounds: readonly number[], sigma: number): SpreadHistogram {
  const below = new Float64Array(bounds.length)
  let total = 0
  let sums = 0
  return {
    get count() {
      return total
    },
    get sum() {
      return sums
    },
    upTo: (bound) => below[bounds.indexOf(bound)] ?? total,
    add(count, sum) {
      if (!(count > 0)) return
      total += count
      sums += Math.max(0, sum)
      const centre = Math.log(Math.max(1e-6, sum / count)) - (sigma * sigma) / 2
      bounds.forEach((bound, i) => {
        below[i] = (below[i] ?? 0) + count * normalBelow((Math.log(bound) - centre) / sigma)
      })
    },
  }
}

/** The normal distribution's share below x, by the logistic curve that is nowhere more than 0.01 off. */
function normalBelow(x: number): number {
  return 1 / (1 + Math.exp(-1.702 * x))
}

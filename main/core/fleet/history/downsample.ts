/**
 * Fewer points without losing what matters: every bucket of time keeps its lowest and its highest value, in the order
 * in which they came, so that a spike of one sample stays a spike of the same height.
 */

/** Which samples share a bucket: `[from, to)` positions of each, at most `maxPoints / 2` buckets. */
export interface Buckets {
  readonly times: number[]
  readonly ranges: readonly (readonly [number, number])[]
  /** Two points a bucket, or every sample as it is. */
  readonly paired: boolean
}

/** @param times ascending, ms @param maxPoints at least 2 */
export function bucketsOf(times: readonly number[], maxPoints: number): Buckets {
  if (times.length <= maxPoints) {
    return { times: [...times], ranges: times.map((_, i) => [i, i + 1] as const), paired: false }
  }
  const count = Math.max(1, Math.floor(maxPoints / 2))
  const first = times[0] as number
  const span = (times.at(-1) as number) - first
  const ranges: [number, number][] = []
  const shown: number[] = []
  let from = 0
  for (let bucket = 0; bucket < count && from < times.length; bucket++) {
    const end = bucket === count - 1 ? Number.POSITIVE_INFINITY : first + (span * (bucket + 1)) / count
    let to = from
    while (to < times.length && (times[to] as number) < end) to++
    if (to === from) continue
    ranges.push([from, to])
    // A pair needs two times; within one sample both stand at that sample.
    shown.push(times[from] as number, times[to - 1] as number)
    from = to
  }
  return { times: shown, ranges, paired: true }
}

/** The values of one series for {@link bucketsOf}; `at(i)` is NaN where there is none. */
export function pick(buckets: Buckets, at: (position: number) => number): (number | null)[] {
  const values: (number | null)[] = []
  for (const [from, to] of buckets.ranges) {
    let low = -1
    let high = -1
    for (let i = from; i < to; i++) {
      const value = at(i)
      if (value !== value) continue
      if (low < 0 || value < at(low)) low = i
      if (high < 0 || value >= at(high)) high = i
    }
    const early = Math.min(low, high)
    const late = Math.max(low, high)
    values.push(early < 0 ? null : at(early))
    if (buckets.paired) values.push(late < 0 ? null : at(late))
  }
  return values
}

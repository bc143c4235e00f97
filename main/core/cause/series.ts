/** Arithmetic on minute series; NaN is a minute that was not measured, and is never counted as zero. */

export interface Span {
  /** Index of the first minute, and behind the last. */
  readonly from: number
  readonly to: number
}

/** Mean of the measured minutes; NaN where none is. */
export function meanOf(series: Float64Array, { from, to }: Span): number {
  let [sum, count] = [0, 0]
  for (let minute = Math.max(0, from); minute < Math.min(series.length, to); minute++) {
    const value = series[minute] as number
    if (value !== value) continue
    sum += value
    count += 1
  }
  return count === 0 ? Number.NaN : sum / count
}

/** Sum of the measured minutes. */
export function sumOf(series: Float64Array, { from, to }: Span): number {
  let sum = 0
  for (let minute = Math.max(0, from); minute < Math.min(series.length, to); minute++) {
    const value = series[minute] as number
    if (value === value) sum += value
  }
  return sum
}

export function measuredIn(series: Float64Array, { from, to }: Span): number {
  let count = 0
  for (let minute = Math.max(0, from); minute < Math.min(series.length, to); minute++) {
    if (!Number.isNaN(series[minute])) count += 1
  }
  return count
}

/** @param q 0–1; NaN where nothing is measured */
export function quantileOf(values: readonly number[], q: number): number {
  const sorted = values.filter((value) => value === value).toSorted((a, b) => a - b)
  if (sorted.length === 0) return Number.NaN
  const place = q * (sorted.length - 1)
  const [low, high] = [Math.floor(place), Math.ceil(place)]
  const [below, above] = [sorted[low] as number, sorted[high] as number]
  return below + (above - below) * (place - low)
}

/** Means over `width` minutes that end at each minute; NaN where fewer than half of them are measured. */
export function smoothed(series: Float64Array, width: number): Float64Array {
  return series.map((_, minute) => {
    const span = { from: minute - width + 1, to: minute + 1 }
    return measuredIn(series, span) * 2 >= Math.min(width, minute + 1) ? meanOf(series, span) : Number.NaN
  })
}

/** Minute by minute; a minute that one of them lacks is not known. */
export function added(all: readonly Float64Array[], minutes: number): Float64Array {
  const sum = new Float64Array(minutes)
  for (const series of all) {
    for (let minute = 0; minute < minutes; minute++)
      sum[minute] = (sum[minute] as number) + (series[minute] ?? Number.NaN)
  }
  return sum
}

/** The median where each value counts by its weight; NaN without weight. */
export function weightedMedian(
  values: readonly { readonly value: number; readonly weight: number }[],
): number {
  const sorted = values
    .filter(({ value, weight }) => value === value && weight > 0)
    .toSorted((a, b) => a.value - b.value)
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0)
  let passed = 0
  for (const { value, weight } of sorted) {
    passed += weight
    if (passed * 2 >= total) return value
  }
  return Number.NaN
}

/** The value below which `share` (0–1) of the sorted sample lies, by the nearest rank. NaN for an empty sample. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  return sorted[rank] as number
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}

/** Two-sided 95 % of Student's t by degrees of freedom; beyond the table the normal distribution's. */
const T_95 = [
  12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.1,
  2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04,
]

/**
 * The slope of a straight line through the points, by least squares, and the ends of its 95 % interval.
 * @throws RangeError for fewer than three points
 */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): {
  readonly slope: number
  readonly lower: number
  readonly upper: number
} {
  const n = points.length
  if (n < 3) throw new RangeError(`a slope needs three points, here are ${n}`)
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / n
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
  const sxx = points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0)
  const slope = points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) / sxx
  const residual = points.reduce((sum, { x, y }) => sum + (y - my - slope * (x - mx)) ** 2, 0)
  const error = Math.sqrt(residual / (n - 2) / sxx) * (T_95[n - 3] ?? 1.98)
  return { slope, lower: slope - error, upper: slope + error }
}

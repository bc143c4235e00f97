/** A point of something that never falls as `x` grows; `weight` is how much it counts. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly weight: number
}

/**
 * The step function that never falls and lies closest to the points (pool adjacent violators). Points are joined in the
 * order of `x`; the result has one level per run of points.
 */
export function monotone(points: readonly Point[]): readonly Point[] {
  const runs: { x: number; y: number; weight: number; from: number }[] = []
  for (const { x, y, weight } of points.toSorted((a, b) => a.x - b.x)) {
    runs.push({ x, y, weight, from: x })
    for (let last = runs.at(-1); last !== undefined && runs.length > 1; last = runs.at(-1)) {
      const before = runs[runs.length - 2]
      if (before === undefined || before.y <= last.y) break
      const weight_ = before.weight + last.weight
      runs.splice(-2, 2, {
        from: before.from,
        x: last.x,
        y: (before.y * before.weight + last.y * last.weight) / weight_,
        weight: weight_,
      })
    }
  }
  return runs
}

/** The level at `x`: that of the first run which reaches so far; the last beyond all. NaN without points. */
export function levelAt(runs: readonly Point[], x: number): number {
  for (const run of runs) if (x <= run.x) return run.y
  return runs.at(-1)?.y ?? Number.NaN
}

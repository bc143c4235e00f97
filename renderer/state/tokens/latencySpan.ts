/** Below this share of its range a course is a spike at the edge, from which nothing can be read. */
const TOO_LITTLE = 0.05
/** Fewer points are no course. */
const FEWEST = 2

interface Points {
  readonly times: readonly number[]
  readonly stepMs: number
  readonly fromMs: number
  readonly toMs: number
}

/**
 * How much of a range is known, ms: points of which any value is known, each as long as its step.
 * @returns `little` where too little is known to be drawn as a course of the whole range
 */
export function knownSpan(
  { times, stepMs, fromMs, toMs }: Points,
  columns: readonly (readonly (number | null)[])[],
): { readonly ms: number; readonly little: boolean } {
  const known = times.filter((_, at) => columns.some((values) => values[at] != null)).length
  const ms = Math.min(known * stepMs, toMs - fromMs)
  return { ms, little: known < FEWEST || ms < TOO_LITTLE * (toMs - fromMs) }
}

export interface BackoffPolicy {
  /** Ceiling of the first delay; it doubles with every further failure, ms. */
  readonly baseMs: number
  /** No delay is longer, ms. */
  readonly ceilingMs: number
  /** No delay is shorter, ms; 0 where none is given. */
  readonly floorMs?: number
}

/**
 * How long to wait after the n-th failure in a row: exponential with full jitter (uniform between the floor and the
 * doubled base), so that a thousand sources that failed together do not come back together.
 *
 * @param failures failures in a row, from 1; below 1 nothing failed and the delay is the floor
 * @param random in [0, 1), passed in so that the decision stays pure
 */
export function backoffDelay(failures: number, policy: BackoffPolicy, random: number): number {
  const floor = Math.min(policy.floorMs ?? 0, policy.ceilingMs)
  if (!(failures >= 1)) return floor
  // 2^53 would already outlast the factory; the bound keeps the product finite.
  const doubled = policy.baseMs * 2 ** Math.min(failures - 1, 52)
  const top = Math.max(floor, Math.min(policy.ceilingMs, doubled))
  return floor + (top - floor) * random
}

import { backoffDelay, type BackoffPolicy } from './backoff.ts'

/** From the n-th failure in a row to the next round, ms; null: at the usual turn. `random` lies in [0, 1). */
export type AfterFailures = (failures: number, random: number) => number | null

/** A first failure is looked at again soon; news do not come oftener than this, ms. */
export const SECOND_LOOK_MS = 1_000

/** After a first failure a second look soon, then longer and longer up to `longestMs`. */
export function secondLook(everyMs: number, longestMs: number): AfterFailures {
  const soonMs = Math.min(everyMs, SECOND_LOOK_MS)
  const policy: BackoffPolicy = {
    baseMs: Math.min(everyMs, longestMs),
    ceilingMs: longestMs,
    floorMs: soonMs,
  }
  return (failures, random) => (failures === 1 ? soonMs : backoffDelay(failures, policy, random))
}

/** At its turn for as long as it may be chance, then longer and longer: from the `patience`-th failure in a row on. */
export function patientAtFirst(patience: number, policy: BackoffPolicy): AfterFailures {
  return (failures, random) =>
    failures < patience ? null : backoffDelay(failures - patience + 1, policy, random)
}

/**
 * When a round is due again that keeps to its phase: half an interval after the last start at the earliest. All in
 * monotonic ms.
 */
export function nextTurn(now: number, startedAt: number, phaseMs: number, everyMs: number): number {
  const earliest = Math.max(now, startedAt + everyMs / 2)
  return phaseMs + Math.ceil((earliest - phaseMs) / everyMs) * everyMs
}

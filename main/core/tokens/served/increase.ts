/**
 * What a counter counted between two readings, separated from what only looks like it: a restart, a jump that no
 * machine can do, a reading that came twice or late.
 */

/** One reading of a counter that grows from the start of its process. */
export interface Reading {
  /** When it was true, ms. */
  readonly at: number
  readonly value: number
}

export interface IncreaseLimits {
  /** More than this per second is no count but a fault: another process under the same name, a wrong unit. */
  readonly maxPerSecond: number
  /** The same of what was counted since a restart. */
  readonly maxPerSecondAfterFall: number
  /** Readings further apart than this leave open when between them something was counted, ms. */
  readonly gapMs: number
  /** A reading that is lower may be an older one that comes again, for so long, ms; never where none is given. */
  readonly behindMs?: number
  /** The lowest reading that may come again, where one is known. */
  readonly earliest?: number | null
}

/**
 * `first`: nothing to compare with. `counted`: grew by `by`. `gap`: grew by `by`, but it is not known when. `restarted`:
 * fell; at least `by` (the new value) was counted since, what was counted before the restart is lost. `implausible`:
 * grew faster than can be, or fell by a part only, as a sum does that misses one of its parts; nothing is taken.
 * `behind`: as an earlier reading, and not for long yet: of another replica that scraped the same counter a little before;
 * nothing is taken, and the reading before, which is higher, stays. `stale`: not newer than the reading before, or no
 * number; nothing is taken and the reading before stays.
 */
export type IncreaseKind = 'first' | 'counted' | 'gap' | 'restarted' | 'implausible' | 'behind' | 'stale'

export interface Increase {
  readonly kind: IncreaseKind
  readonly by: number
}

/** Share of the value before below which a counter that fell is taken to have restarted. */
const RESTARTED_BELOW = 0.5

const NOTHING: Readonly<Record<'first' | 'implausible' | 'behind' | 'stale', Increase>> = {
  first: { kind: 'first', by: 0 },
  implausible: { kind: 'implausible', by: 0 },
  behind: { kind: 'behind', by: 0 },
  stale: { kind: 'stale', by: 0 },
}

/** `before` is the last reading that was neither `stale` nor `behind`. */
export function increase(before: Reading | null, now: Reading, limits: IncreaseLimits): Increase {
  if (!Number.isFinite(now.value) || now.value < 0 || !Number.isFinite(now.at)) return NOTHING.stale
  if (before === null) return NOTHING.first
  const elapsed = now.at - before.at
  if (elapsed <= 0) return NOTHING.stale
  const restarted = now.value < before.value
  if (restarted && elapsed <= (limits.behindMs ?? 0) && isEarlier(before, now, limits.earliest ?? null))
    return NOTHING.behind
  const by = restarted ? now.value : now.value - before.value
  const most = restarted ? limits.maxPerSecondAfterFall : limits.maxPerSecond
  if (by > (most * elapsed) / 1000) return NOTHING.implausible
  // A process that restarts starts at zero; Prometheus would take the rest of the sum for an increase.
  if (restarted && now.value > before.value * RESTARTED_BELOW) return NOTHING.implausible
  if (restarted) return { kind: 'restarted', by }
  return { kind: elapsed > limits.gapMs ? 'gap' : 'counted', by }
}

/** Whether a lower reading is one that the counter may have had a little before; a new process starts at zero. */
function isEarlier(before: Reading, now: Reading, earliest: number | null): boolean {
  return now.value > before.value * RESTARTED_BELOW || (earliest !== null && now.value >= earliest)
}

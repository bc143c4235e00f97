import type { Incident } from '../../../shared/model/incident.ts'

/** All ms. */
export const RULES = {
  /** A finding has to last so long: time for the others of the same cause to show. A burn has windows of its own. */
  openAfterMs: { finding: 15_000, burn: 0 },
  /** The trouble has to be over for so long; twice as long for each return, up to 32 times. */
  recoverAfterMs: { finding: 120_000, burn: 60_000 },
  mostReturnsCounted: 5,
  /** It could not be judged for so long: then that stands in the timeline. */
  unknownAfterMs: 120_000,
  /** The same cause so soon after it was resolved is the same incident. */
  reopenWithinMs: 15 * 60_000,
  /** A wider cause takes in narrower ones that were opened so lately. */
  absorbWithinMs: 15 * 60_000,
  /** Recovered for so long without a word from anybody, it is resolved. */
  expireAfterMs: 24 * 3_600_000,
  /** Figures of an incident are written down so often at most. */
  figuresEveryMs: 30_000,
  /** Not resolved at one time; a floor in such trouble has one cause that is not understood. */
  mostOpen: 500,
} as const

export function recoverAfterMs({ kind, returns }: Incident): number {
  return RULES.recoverAfterMs[kind] * 2 ** Math.min(returns, RULES.mostReturnsCounted)
}

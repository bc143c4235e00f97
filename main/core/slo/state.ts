import type { Message } from '../../../shared/messages/message.ts'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import type { Alert } from './alert.ts'
import type { ChosenBucket } from './bucket.ts'
import { Budget, budgetOf, exhaustionOf } from './budget.ts'
import { coverageOf, judgePair, LEAST_COVERAGE, presentBurn } from './burn.ts'
import { MINUTE_MS, type MinuteLedger } from './ledger.ts'
import { type Judged, wordsOf } from './words.ts'

/** What recovered means is judged by this many minutes. */
const SLI_MINUTES = 5
const MOST_WORDS = 20

export interface Circumstances {
  /** Wall clock, ms. */
  readonly now: number
  readonly alert: Alert
  readonly bucket: ChosenBucket | null
  /** What keeps the source from telling, in words, and what else is worth knowing of it. */
  readonly trouble: readonly Message[]
  readonly notes?: readonly Message[]
}

/** How an objective stands: every figure that is shown of it anywhere. */
export function stateOf(objective: Objective, ledger: MinuteLedger, around: Circumstances): BurnState {
  const { now, alert, bucket, trouble, notes = [] } = around
  const { end, start } = ledger
  const known = end !== null && start !== null
  const pairs = objective.pairs.map((pair) =>
    known ? judgePair(ledger, end, objective, pair) : { ...pair, long: null, short: null, firing: false },
  )
  const budget = known ? Budget.of(ledger, end, objective.windowDays, objective.target) : null
  const left = budget !== null && known ? budgetOf(budget, end) : null
  const judged: Judged = {
    objectiveId: objective.id,
    at: now,
    asOf: known ? end * MINUTE_MS : null,
    knownFrom: known ? start * MINUTE_MS : null,
    sli: known ? sliOf(ledger, end) : null,
    pairs,
    budget: left,
    exhaustionMs: left === null ? null : exhaustionOf(left.left, presentBurn(pairs), objective.windowDays),
    coverage: known ? coverageOf(ledger.sums(end - objective.windowDays * 1440, end)) : 0,
    state: known ? alert.state : 'unknown',
    since: alert.since,
    frozenSince: known ? alert.frozenSince : null,
    ...(bucket === null ? {} : { bucket }),
  }
  return { ...judged, why: [...wordsOf(objective, judged, trouble), ...notes].slice(0, MOST_WORDS) }
}

function sliOf(ledger: MinuteLedger, end: number): BurnState['sli'] {
  const sums = ledger.sums(end - SLI_MINUTES, end)
  if (sums.expected === 0 || coverageOf(sums) < LEAST_COVERAGE) return null
  const { good, bad, badLeast, total } = sums
  return { good, bad, badLeast, total }
}

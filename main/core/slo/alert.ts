import { ALERT_SEVERITIES, type BurnStateName, type Objective } from '../../../shared/model/objective.ts'
import { exceeds, isBlind, type JudgedPair, judgePair } from './burn.ts'
import { MINUTE_MS, type MinuteLedger } from './ledger.ts'

/** What an objective's alert says. */
export interface Alert {
  readonly state: BurnStateName
  /** Since when, ms. */
  readonly since: number
  /** Since when it cannot be judged and `state` stands as it was, ms; null while it can. */
  readonly frozenSince: number | null
}

/** How long one is told that an alert is over. */
export const RESOLVED_SHOWN_MS = 60 * MINUTE_MS
/** How far back alerts are followed, minutes: a page that lasts longer began "at least" then. */
const FOLLOWED = 3 * 1440
/** Late minutes change what was judged; this many back are followed again at most, unless something older changed. */
const REPEATED = 30

/**
 * Follows the alert of an objective minute by minute. It is made of the minutes and of nothing else: after a restart it is
 * what it was, and minutes that come late change what they would have changed.
 */
export class AlertTrail {
  readonly #objective: Objective
  readonly #ledger: MinuteLedger
  /** As judged at a minute some time ago. */
  #checkpoint: { readonly minute: number; readonly alert: Alert } | null = null

  constructor(objective: Objective, ledger: MinuteLedger) {
    this.#objective = objective
    this.#ledger = ledger
  }

  /** @param changedFrom the earliest minute that is not as it was at the last call */
  at(endMinute: number, changedFrom: number): Alert {
    if (this.#checkpoint !== null && changedFrom < this.#checkpoint.minute) this.#checkpoint = null
    const start = this.#ledger.start ?? endMinute
    const first = Math.min(endMinute, Math.max(start + 1, endMinute - FOLLOWED))
    let from = first
    let alert: Alert | null = null
    if (this.#checkpoint !== null && this.#checkpoint.minute < endMinute) {
      alert = this.#checkpoint.alert
      from = this.#checkpoint.minute + 1
    }
    for (let minute = from; minute <= endMinute; minute++) {
      alert = nextAlert(alert, this.#judged(minute), minute * MINUTE_MS, this.#objective.minBad)
      if (minute === endMinute - REPEATED) this.#checkpoint = { minute, alert }
    }
    return alert ?? { state: 'unknown', since: endMinute * MINUTE_MS, frozenSince: null }
  }

  #judged(minute: number): JudgedPair[] {
    return this.#objective.pairs.map((pair) => judgePair(this.#ledger, minute, this.#objective, pair))
  }
}

/** @param before null where nothing was judged before */
export function nextAlert(
  before: Alert | null,
  pairs: readonly JudgedPair[],
  atMs: number,
  minBad: number,
): Alert {
  const judged = judge(before?.state ?? null, pairs, minBad)
  if (judged === 'frozen' && before !== null) return { ...before, frozenSince: before.frozenSince ?? atMs }
  const state =
    judged === 'frozen' ? 'unknown' : judged === 'ok' && isResolved(before, atMs) ? 'resolved' : judged
  return { state, since: state === before?.state ? before.since : atMs, frozenSince: null }
}

function judge(
  before: BurnStateName | null,
  pairs: readonly JudgedPair[],
  minBad: number,
): BurnStateName | 'frozen' {
  for (const severity of ALERT_SEVERITIES) {
    const own = pairs.filter((pair) => pair.severity === severity)
    if (own.some(({ firing }) => firing)) return severity
    // It was firing, and whether it still would be cannot be said.
    if (before === severity && own.some(isBlind)) return 'frozen'
  }
  const worst = ALERT_SEVERITIES.find((severity) => pairs.some((pair) => pair.severity === severity))
  const decisive = pairs.filter(({ severity }) => severity === worst)
  if (decisive.length === 0 || decisive.some(isBlind)) return before === 'pending' ? 'frozen' : 'unknown'
  if (decisive.some(({ short }) => short?.total === 0)) return 'idle'
  return pairs.some((pair) => isPending(pair, minBad)) ? 'pending' : 'ok'
}

/** On its way: the short window burns fast enough and the long one not yet, or too few events are bad so far. */
function isPending(pair: JudgedPair, minBad: number): boolean {
  if (!exceeds(pair.short, pair)) return false
  return (pair.short?.bad ?? 0) >= Math.min(minBad, 3) || exceeds(pair.long, pair)
}

/** An alert is over, or was so within the hour. */
function isResolved(before: Alert | null, atMs: number): boolean {
  if (before === null) return false
  if (before.state === 'page' || before.state === 'ticket') return true
  return before.state === 'resolved' && atMs - before.since < RESOLVED_SHOWN_MS
}

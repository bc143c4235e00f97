import type { Objective } from '../../../shared/model/objective.ts'
import { Budget, type BudgetLeft } from './budget.ts'
import { MINUTE_MS, type MinuteLedger, minuteOf, type Sums } from './ledger.ts'

/** A stretch of an objective's past: its events, how much of it is known, and the budget that was left after it. */
export interface HistoryPoint extends Sums {
  /** Start, ms. */
  readonly at: number
  /** After the stretch; null outside of the period of the budget. */
  readonly budget: BudgetLeft | null
}

export interface History {
  readonly stepMs: number
  readonly points: readonly HistoryPoint[]
}

/** Steps that divide a day, minutes. */
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440]

/** In as few steps as are wanted, each of whole minutes; the last one may be shorter. */
export function historyOf(
  objective: Objective,
  ledger: MinuteLedger,
  fromMs: number,
  toMs: number,
  maxPoints: number,
): History {
  const { start, end } = ledger
  const first = Math.max(minuteOf(fromMs), start ?? 0)
  const last = Math.min(minuteOf(toMs), end ?? 0)
  const wanted = (last - first) / maxPoints
  const step = STEPS.find((minutes) => minutes >= wanted) ?? Math.ceil(wanted / 1440) * 1440
  const stepMs = step * MINUTE_MS
  if (start === null || end === null || first >= last) return { stepMs, points: [] }
  const budget = Budget.of(ledger, end, objective.windowDays, objective.target)
  const points: HistoryPoint[] = []
  for (let from = Math.floor(first / step) * step; from < last; from += step) {
    const to = Math.min(from + step, last)
    const begin = Math.max(from, first)
    points.push({
      at: begin * MINUTE_MS,
      ...ledger.sums(begin, to),
      budget: budget?.leftAt(to) ?? null,
    })
  }
  return { stepMs, points }
}

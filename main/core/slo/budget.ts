import type { BurnState } from '../../../shared/model/objective.ts'
import { MINUTE_MS, type MinuteLedger, type Sums } from './ledger.ts'

/** Parts of the budget that are left: 1 is untouched, below 0 it is overdrawn. */
export interface BudgetLeft {
  readonly left: number
  /** Every minute that is not measured as all bad, and as all good. */
  readonly leftWorst: number
  readonly leftBest: number
}

/**
 * The budget of a whole period: what may be bad of the events that a period has at the present traffic. Minutes that are
 * not measured count as those that are; those before the objective was watched have spent nothing.
 *
 * Spending up to some minute, so that a burn-down is drawn of the same figures and ends at the same value.
 */
export class Budget {
  readonly #ledger: MinuteLedger
  readonly #first: number
  readonly #allowance: number
  /** Per known minute. */
  readonly #badPerMinute: number
  readonly #totalPerMinute: number
  readonly sums: Sums

  private constructor(
    ledger: MinuteLedger,
    first: number,
    end: number,
    windowMinutes: number,
    target: number,
  ) {
    this.#ledger = ledger
    this.#first = first
    this.sums = ledger.sums(first, end)
    const { known, bad, total } = this.sums
    this.#badPerMinute = known > 0 ? bad / known : 0
    this.#totalPerMinute = known > 0 ? total / known : 0
    this.#allowance = (1 - target) * this.#totalPerMinute * windowMinutes
  }

  /** @returns null where nothing happened in the period, or nothing is known of it */
  static of(ledger: MinuteLedger, end: number, windowDays: number, target: number): Budget | null {
    const windowMinutes = windowDays * 1440
    const budget = new Budget(ledger, end - windowMinutes, end, windowMinutes, target)
    return budget.#allowance > 0 ? budget : null
  }

  /** What is left after all minutes before this one. */
  leftAt(minute: number): BudgetLeft {
    const { bad, known, expected } = this.#ledger.sums(this.#first, minute)
    const unknown = Math.max(0, expected - known)
    const after = (spent: number) => 1 - spent / this.#allowance
    return {
      left: after(bad + this.#badPerMinute * unknown),
      leftWorst: after(bad + this.#totalPerMinute * unknown),
      leftBest: after(bad),
    }
  }
}

/** How long the budget lasts at this burn, ms; null where it is not spent faster than it renews itself; 0 where it is gone. */
export function exhaustionOf(left: number, burn: number | null, windowDays: number): number | null {
  if (left <= 0) return 0
  if (burn === null || burn <= 1) return null
  return (left * windowDays * 1440 * MINUTE_MS) / burn
}

export function budgetOf(budget: Budget | null, end: number): BurnState['budget'] {
  if (budget === null) return null
  const { good, bad, total } = budget.sums
  return { ...budget.leftAt(end), good, bad, total }
}

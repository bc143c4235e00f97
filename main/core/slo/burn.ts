import type { Burn, BurnState, Objective, Pair } from '../../../shared/model/objective.ts'
import { MINUTE_MS, type MinuteLedger, type Sums } from './ledger.ts'

/** A window of which less is known says nothing: an alert then freezes. Three of four minutes. */
export const LEAST_COVERAGE = 0.75

/** Known minutes of those that are expected, 0–1; 1 where none is. */
export function coverageOf({ known, expected }: Pick<Sums, 'known' | 'expected'>): number {
  return expected === 0 ? 1 : Math.min(1, known / expected)
}

/**
 * How fast a window burns that ends at a minute: events over events. A window that reaches back beyond the first known
 * minute is of what there is. Null where nothing of it is expected.
 */
export function burnOf(
  ledger: MinuteLedger,
  endMinute: number,
  windowMs: number,
  target: number,
): Burn | null {
  const sums = ledger.sums(endMinute - Math.round(windowMs / MINUTE_MS), endMinute)
  if (sums.expected === 0) return null
  const { good, bad, badLeast, total } = sums
  const coverage = coverageOf(sums)
  const burn = coverage < LEAST_COVERAGE || total <= 0 ? null : bad / total / (1 - target)
  return { burn, good, bad, badLeast, total, coverage }
}

export type JudgedPair = BurnState['pairs'][number]

export function judgePair(
  ledger: MinuteLedger,
  endMinute: number,
  { target, minBad }: Pick<Objective, 'target' | 'minBad'>,
  pair: Pair,
): JudgedPair {
  const long = burnOf(ledger, endMinute, pair.longMs, target)
  const short = burnOf(ledger, endMinute, pair.shortMs, target)
  const firing = exceeds(long, pair) && exceeds(short, pair) && (long?.bad ?? 0) >= minBad
  return { ...pair, long, short, firing }
}

export function exceeds(burn: Burn | null, { factor }: Pick<Pair, 'factor'>): boolean {
  return burn !== null && burn.burn !== null && burn.burn > factor
}

/** Whether a pair can be judged at all: enough of both of its windows is known. */
export function isBlind({ long, short }: Pick<JudgedPair, 'long' | 'short'>): boolean {
  return [long, short].some((burn) => burn === null || burn.coverage < LEAST_COVERAGE)
}

/** The rate that both windows of some pair bear out, the fastest of them; null where none is known. */
export function presentBurn(pairs: readonly JudgedPair[]): number | null {
  let fastest: number | null = null
  for (const { long, short } of pairs) {
    // Nobody called in the short window: nothing is being spent.
    const now = short !== null && short.total === 0 && short.coverage >= LEAST_COVERAGE ? 0 : short?.burn
    const sustained = long?.burn
    if (typeof now !== 'number' || typeof sustained !== 'number') continue
    fastest = Math.max(fastest ?? 0, Math.min(now, sustained))
  }
  return fastest
}

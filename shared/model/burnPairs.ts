import type { Pair } from './objective.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The four pairs of the SRE workbook: windows, and the share of the period's budget that the long one may spend. */
const WORKBOOK = [
  { longMs: HOUR_MS, shortMs: HOUR_MS / 12, budgetShare: 0.02, severity: 'page' },
  { longMs: 6 * HOUR_MS, shortMs: HOUR_MS / 2, budgetShare: 0.05, severity: 'page' },
  { longMs: DAY_MS, shortMs: 2 * HOUR_MS, budgetShare: 0.1, severity: 'ticket' },
  { longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS, budgetShare: 0.1, severity: 'ticket' },
] as const

/** Where nobody chose the pairs, none asks for more bad requests than this: 90 % owed would make 14.4 unreachable. */
const MOST_SHARE_BY_DEFAULT = 0.8

/** The workbook's pairs for a period: the factor is budget share × period ÷ long window. Pairs longer than the period are left out. */
export function defaultPairs(target: number, windowDays: number): Pair[] {
  const most = MOST_SHARE_BY_DEFAULT / (1 - target)
  return WORKBOOK.filter(({ longMs }) => longMs < windowDays * DAY_MS).map(
    ({ longMs, shortMs, budgetShare, severity }) => ({
      longMs,
      shortMs,
      factor: rounded(Math.min((budgetShare * windowDays * DAY_MS) / longMs, most)),
      severity,
    }),
  )
}

/** Factors are read by people: 5.6, not 5.599999999999999. */
function rounded(factor: number): number {
  return Number(factor.toPrecision(6))
}

/** What has to happen before a pair fires. */
export interface PairReach {
  /** A burn cannot be faster: everything is bad then. */
  readonly mostBurn: number
  /** Share of bad events above which it fires, 1 and more: never. */
  readonly badShare: number
  /** How long everything has to be bad until it fires, ms. */
  readonly firesAfterMs: number
}

/** Burn = bad ratio ÷ (1 − target), and a ratio is at most 1. */
export function reachOf({ factor, longMs }: Pick<Pair, 'factor' | 'longMs'>, target: number): PairReach {
  const badShare = factor * (1 - target)
  return { mostBurn: 1 / (1 - target), badShare, firesAfterMs: badShare * longMs }
}

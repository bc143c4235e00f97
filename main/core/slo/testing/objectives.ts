import type { Objective } from '../../../../shared/model/objective.ts'
import { type Minute, MINUTE_MS } from '../ledger.ts'
import { defaultPairs } from '../../../../shared/model/burnPairs.ts'

/** 99 % of requests succeed, over 30 days, with the workbook's pairs. */
export function objective(changes: Partial<Objective> = {}): Objective {
  const target = changes.target ?? 0.99
  const windowDays = changes.windowDays ?? 30
  return {
    id: 'api',
    name: 'api',
    kind: 'availability',
    target,
    scope: {},
    source: 'metering',
    windowDays,
    pairs: defaultPairs(target, windowDays),
    minBad: 10,
    ...changes,
  }
}

/** A minute that is known: by its number since 1970. */
export function minute(at: number, total: number, bad: number, badLeast = bad): Minute {
  return { at: at * MINUTE_MS, good: total - bad, bad, badLeast, known: 1 }
}

/** So many minutes alike. */
export function minutes(from: number, count: number, total: number, bad: number): Minute[] {
  return Array.from({ length: count }, (_, i) => minute(from + i, total, bad))
}

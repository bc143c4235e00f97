import type { LatencyFigures, TokensOverview, YieldRow } from '../../../../shared/contract/tokens.ts'
import type { Rates } from '../../../../shared/model/tokens.ts'

/** What is shown of a figure that is not known: null, never 0. */
export const NO_RATES: Rates = {
  input: null,
  output: null,
  cachedInput: null,
  reasoning: null,
  requests: null,
  rejected: null,
  errors: null,
  errorTokens: null,
}

export const NO_SHARES = { byRequests: null, byTokens: null } as const

export const NO_SERVERS: TokensOverview['servers'] = {
  count: 0,
  silent: 0,
  running: null,
  waiting: null,
  kvCache: null,
  kvCacheMost: null,
  at: null,
  doubtful: 0,
  implausible: false,
  notes: [],
}

export function noLatency(note: string): LatencyFigures {
  return { duration: null, timeToFirstToken: null, interToken: null, source: '', note, at: null }
}

export function blankYieldRow(gpuType: string, notes: readonly string[]): YieldRow {
  return {
    gpuType,
    gpus: { provisioned: 0, allocated: null, active: null },
    capacity: null,
    tokensPerSecond: null,
    perGpuHour: { provisioned: null, allocated: null, active: null },
    reference: null,
    costPerGpuHour: null,
    costPerMegatoken: null,
    spendPerMegatoken: null,
    tokensPerCostDollar: null,
    tokensPerSpendDollar: null,
    tokensPerJoule: null,
    watts: null,
    notes: [...notes],
  }
}

/** One value for each of the names. */
export function byName<N extends string, T>(names: readonly N[], make: (name: N) => T): Record<N, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, T>
}

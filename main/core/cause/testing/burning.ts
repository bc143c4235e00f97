import type { CauseInput, LoadSeries, PoolSeries } from '../types.ts'

/** Minutes of a burn by hand: calm for 60 minutes, then something for 15. */
export const MINUTES = 75
export const ONSET = 60

/** A value before the onset, and from there on; or another first minute of the rise. */
export function step(before: number, since: number, from = ONSET): Float64Array {
  return Float64Array.from({ length: MINUTES }, (_, minute) => (minute < from ? before : since))
}

/** Output tokens per minute of a route; a quarter as many prompt tokens, a request for each hundred. */
export function load(
  tenant: string | null,
  output: Float64Array,
  route: Partial<Pick<LoadSeries, 'model' | 'endpoint' | 'key'>> = {},
): LoadSeries {
  return {
    tenant,
    model: 'llama-70b',
    endpoint: 'chat',
    key: null,
    ...route,
    requests: output.map((value) => value / 100),
    input: output.map((value) => value / 4),
    output,
  }
}

/** Servers that did all that was metered. */
export function pool(loads: readonly LoadSeries[], over: Partial<PoolSeries> = {}): PoolSeries {
  const sum = (of: 'input' | 'output') =>
    Float64Array.from({ length: MINUTES }, (_, minute) =>
      loads.reduce((total, each) => total + (each[of][minute] as number), 0),
    )
  return {
    model: 'llama-70b',
    servers: step(8, 8),
    running: step(100, 160),
    waiting: step(0, 0),
    input: sum('input'),
    output: sum('output'),
    ...over,
  }
}

/** An objective that burns 14-fold from the onset on. */
export function burning(loads: readonly LoadSeries[], over: Partial<CauseInput> = {}): CauseInput {
  return {
    objectiveId: 'ttft-chat',
    fromMs: 0,
    minutes: MINUTES,
    target: 0.95,
    models: ['llama-70b'],
    events: { bad: step(10, 700), total: step(1000, 1000) },
    byTenant: null,
    loads,
    pools: [pool(loads)],
    entitled: new Map(),
    ...over,
  }
}

import type { Range, Relief } from '../../../shared/model/preview.ts'
import { burnOnset } from '../../core/cause/onset.ts'
import { added } from '../../core/cause/series.ts'
import type { CauseInput, LoadSeries } from '../../core/cause/types.ts'
import { workOf } from '../../core/cause/work.ts'
import { covers } from '../../core/throttles/index.ts'
import { relief, reliefMinutes, workAfter } from '../../core/preview/index.ts'

export interface ReliefAsked {
  readonly tenant: string
  /** Empty lists narrow nothing. */
  readonly scope: {
    readonly models: readonly string[]
    readonly endpoints: readonly string[]
    readonly keys: readonly string[]
  }
  /** Of the scope's own traffic, 0–1: what is left of it once the limit is in force. */
  readonly left: Range
}

/** What the servers of an objective are expected to do under a limit; null where they, or the tenant, are not measured. */
export function reliefOf(input: CauseInput, { tenant, scope, left }: ReliefAsked): Relief | null {
  const { minutes, fromMs, target, events, models } = input
  const covered = models.length > 0 ? models : scope.models
  const isConcerned = ({ model }: { readonly model: string }) => covers(covered, model)
  const pools = input.pools.filter(isConcerned)
  const loads = input.loads.filter(isConcerned)
  if (pools.length === 0 || loads.length === 0) return null
  const limited = (load: LoadSeries) =>
    load.tenant === tenant &&
    covers(scope.models, load.model) &&
    covers(scope.endpoints, load.endpoint) &&
    (load.key === null || covers(scope.keys, load.key))
  const onset = burnOnset(events, target) ?? minutes
  const mine = added(loads.filter(limited).map(workSeries), minutes)
  const since = mine.subarray(Math.min(onset, minutes - 5)).filter((value) => value === value)
  if (since.length === 0) return null
  const asked = since.reduce((sum, value) => sum + value, 0) / since.length
  const names = [...new Set(loads.map((load) => load.tenant))]
  const others = names.map((name) =>
    added(loads.filter((load) => load.tenant === name && !limited(load)).map(workSeries), minutes),
  )
  const sum = (of: (pool: (typeof pools)[number]) => Float64Array) => added(pools.map(of), minutes)
  return relief({
    minutes: reliefMinutes({
      fromMs,
      done: sum(workSeries),
      servers: sum(({ servers }) => servers),
      waiting: sum(({ waiting }) => waiting),
      ...events,
    }),
    workAfter: workAfter(others, onset, {
      low: asked * left.low,
      mid: asked * left.mid,
      high: asked * left.high,
    }),
    target,
  })
}

function workSeries({
  input,
  output,
}: {
  readonly input: Float64Array
  readonly output: Float64Array
}): Float64Array {
  return input.map((value, minute) => workOf(value, output[minute] as number))
}

import type { LoadSeries, TenantEvents } from '../../core/cause/types.ts'
import type { Group } from '../../../shared/metering/capabilities.ts'
import type { MinuteBucket, TenantMinutes } from '../../../shared/model/objective.ts'
import { isKnownStep } from '../../core/tokens/usage/totals.ts'
import type { Filters, UsageTable } from '../../core/tokens/types.ts'
import type { RemoteTime } from '../../platform/remoteClock.ts'
import type { MeteringSource } from '../../sources/metering/types.ts'

export const MINUTE_MS = 60_000
/** Rows of an answer: more tenants than this that use something are summed, and told as of no name. */
const MOST_ROWS = 1000

/** Whole minutes, by this machine's clock. */
export interface MinuteRange {
  readonly fromMs: number
  readonly minutes: number
}

export interface Metering {
  readonly source: Pick<MeteringSource, 'usage' | 'abilities'>
  readonly clock: RemoteTime
}

/**
 * What each tenant used, minute by minute; empty where the back end tells no tenants or no minutes.
 * @param tenant of this one by key as well
 * @throws SourceFailure, AbilityMissing
 */
export async function askLoads(
  { source, clock }: Metering,
  { fromMs, minutes }: MinuteRange,
  tenant: string | null,
  signal: AbortSignal,
): Promise<LoadSeries[]> {
  const { groups, minStepMs } = await source.abilities(signal)
  const wanted: readonly Group[] =
    tenant === null ? ['tenant', 'model', 'endpoint'] : ['key', 'model', 'endpoint']
  const isTold = groups.has('tenant') && (tenant === null || groups.has('key'))
  if (!isTold || MINUTE_MS % minStepMs !== 0) return []
  // The other clock's whole minutes: half a minute more or less matters to nobody, steps must be whole.
  const from = Math.round(clock.toRemote(fromMs) / MINUTE_MS) * MINUTE_MS
  const filters: Filters = tenant === null ? {} : { tenant: [tenant] }
  const table = await source.usage(
    {
      fromMs: from,
      toMs: from + minutes * MINUTE_MS,
      step: { ms: MINUTE_MS },
      groupBy: wanted.filter((group) => groups.has(group)),
      filters,
      top: MOST_ROWS,
    },
    signal,
  )
  return loadsOf(table, from, minutes, tenant)
}

/** @param tenant whose rows these are, where they do not say it */
export function loadsOf(
  table: UsageTable,
  fromMs: number,
  minutes: number,
  tenant: string | null,
): LoadSeries[] {
  const { times, rows, restRow, counts } = table
  const known = new Set<number>()
  const places = times.map((time, step) => {
    const minute = Math.round((time - fromMs) / MINUTE_MS)
    if (table.complete && isKnownStep(table, step) && !isSpread(table, time)) known.add(minute)
    return minute
  })
  return rows.map((dims, row): LoadSeries => {
    const of = (measure: 'requests' | 'input' | 'output') => {
      const column = counts[measure]
      const series = new Float64Array(minutes)
      for (let minute = 0; minute < minutes; minute++) {
        if (column === null || !known.has(minute)) series[minute] = Number.NaN
      }
      for (const [step, minute] of places.entries()) {
        if (column === null || !known.has(minute) || minute < 0 || minute >= minutes) continue
        series[minute] = column.approximate(row * times.length + step)
      }
      return series
    }
    return {
      tenant: row === restRow ? null : (dims.tenant ?? tenant),
      model: dims.model ?? '',
      endpoint: dims.endpoint ?? '',
      key: row === restRow ? null : (dims.key ?? null),
      requests: of('requests'),
      input: of('input'),
      output: of('output'),
    }
  })
}

function isSpread({ spread = [] }: UsageTable, at: number): boolean {
  return spread.some(({ fromMs, toMs }) => at < toMs && at + MINUTE_MS > fromMs)
}

/** Events of an objective, minute by minute; NaN where they were not measured. */
export function eventsOf(
  list: readonly MinuteBucket[],
  { fromMs, minutes }: MinuteRange,
): { readonly bad: Float64Array; readonly total: Float64Array } {
  const bad = new Float64Array(minutes).fill(Number.NaN)
  const total = new Float64Array(minutes).fill(Number.NaN)
  for (const bucket of list) {
    const minute = Math.round((bucket.at - fromMs) / MINUTE_MS)
    if (minute < 0 || minute >= minutes || bucket.measured === 'unmeasured') continue
    bad[minute] = bucket.bad
    total[minute] = bucket.total
  }
  return { bad, total }
}

/** Null where the source of the objective does not tell tenants apart. */
export function tenantEvents(
  list: readonly TenantMinutes[] | null,
  range: MinuteRange,
): TenantEvents[] | null {
  if (list === null || list.some(({ dims }) => dims.tenant === undefined)) return null
  return list.map(({ dims, minutes }) => ({
    tenant: dims.tenant ?? '',
    model: dims.model ?? '',
    endpoint: dims.endpoint ?? '',
    ...eventsOf(minutes, range),
  }))
}

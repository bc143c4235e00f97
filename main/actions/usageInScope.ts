import type { Capabilities } from '../../shared/metering/capabilities.ts'
import type { ThrottleScope } from '../../shared/contract/throttles.ts'
import type { UsageTable } from '../core/tokens/types.ts'
import type { Usage, UsedStep } from '../core/throttles/index.ts'
import type { MeteringAbilities, UsageQuestion } from '../sources/metering/types.ts'
import type { ThrottleLink } from './types.ts'

/** Finer steps show nothing that a proof needs, ms. */
const FINEST_STEP_MS = 10_000
/** Of one question: an API answers an hour of fine steps at once. */
const LONGEST_MS = 60 * 60_000

export interface InScope {
  readonly tenant: string
  readonly scope: ThrottleScope
}

/**
 * What was used in the scope of a throttle, of what a throttle reaches.
 * @param range on this engine's clock, ms; cut to what one answer holds, the newest part of it
 * @returns null where the back end cannot tell it apart, or a part of it has not reported
 */
export async function usageInScope(
  link: ThrottleLink,
  { tenant, scope }: InScope,
  range: { readonly fromMs: number; readonly toMs: number },
  signal: AbortSignal,
): Promise<Usage | null> {
  const abilities = await link.source.abilities(signal)
  const groupBy = groupsFor(scope, abilities.throttle)
  if (lacksAny(abilities, scope, groupBy)) return null
  const stepMs = Math.ceil(FINEST_STEP_MS / abilities.minStepMs) * abilities.minStepMs
  const { backendClock } = link
  const toMs = Math.ceil(backendClock.toRemote(range.toMs) / stepMs) * stepMs
  const fromMs = Math.max(
    Math.floor(backendClock.toRemote(range.fromMs) / stepMs) * stepMs,
    toMs - Math.floor(LONGEST_MS / stepMs) * stepMs,
  )
  const table = await link.source.usage(
    {
      fromMs,
      toMs,
      step: { ms: stepMs },
      groupBy,
      filters: {
        tenant: [tenant],
        ...(scope.models.length > 0 ? { model: scope.models } : {}),
        ...(scope.endpoints.length > 0 ? { endpoint: scope.endpoints } : {}),
      },
      top: null,
    },
    signal,
  )
  if (!table.complete) return null
  const { uncoveredEndpoints = [] } = abilities.throttle ?? {}
  return summed(
    table,
    stepMs,
    (instant) => backendClock.toLocal(instant),
    (dims) => {
      if (dims.endpoint !== undefined && uncoveredEndpoints.includes(dims.endpoint)) return false
      return scope.keys.length === 0 || (dims.key !== undefined && scope.keys.includes(dims.key))
    },
  )
}

type Throttling = Capabilities['throttle']

/** Rows are told apart only by what decides whether they count. */
function groupsFor(scope: ThrottleScope, throttle: Throttling): UsageQuestion['groupBy'] {
  return [
    ...((throttle?.uncoveredEndpoints.length ?? 0) > 0 ? (['endpoint'] as const) : []),
    ...(scope.keys.length > 0 ? (['key'] as const) : []),
  ]
}

function lacksAny(
  { lacks }: MeteringAbilities,
  scope: ThrottleScope,
  groupBy: UsageQuestion['groupBy'],
): boolean {
  const needed = [
    'liveUsage' as const,
    'tenant' as const,
    ...groupBy,
    ...(scope.models.length > 0 ? (['model'] as const) : []),
    ...(scope.endpoints.length > 0 ? (['endpoint'] as const) : []),
  ]
  return needed.some((ability) => lacks.has(ability))
}

/** The sum of the rows that count, up to where the data reach: a step inside that without a point is zero. */
function summed(
  table: UsageTable,
  stepMs: number,
  toLocal: (instant: number) => number,
  counts: (dims: UsageTable['rows'][number]) => boolean,
): Usage {
  const rows = table.rows.flatMap((dims, row) => (counts(dims) ? [row] : []))
  const { input, output, requests, rejected } = table.counts
  const width = table.times.length
  const steps: UsedStep[] = []
  for (const [i, time] of table.times.entries()) {
    if (time + stepMs > table.dataAsOf) break
    const sum = (count: typeof input) =>
      rows.reduce((total, row) => total + (count?.approximate(row * width + i) ?? 0), 0)
    steps.push({
      at: toLocal(time),
      tokens: sum(input) + sum(output),
      requests: sum(requests),
      rejected: rejected === null ? null : sum(rejected),
    })
  }
  return { stepMs, steps, until: toLocal(table.dataAsOf) }
}

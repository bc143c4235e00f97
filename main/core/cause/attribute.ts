import { message, type Message } from '../../../shared/messages/message.ts'
import { excessByTenant, type TenantExcess, workSeries } from './excess.ts'
import { burnOnset, usualSpan } from './onset.ts'
import { lagOf, type PoolState, poolState, unaccounted } from './pools.ts'
import { proposalOf } from './proposal.ts'
import { narrow } from './scope.ts'
import { added, meanOf, measuredIn, type Span, sumOf } from './series.ts'
import { suffersOf } from './suffers.ts'
import type { Attribution, Cause, CauseInput } from './types.ts'
import { reasons } from './reasons.ts'
import { judge, type Evidence } from './verdict.ts'

const MINUTE_MS = 60_000
/** So many minutes tell what is usual, and so many of the burn what is now. */
const LEAST_USUAL = 20
const LEAST_MEASURED = 0.6
const LEAST_MEASURED_NOW = 0.4
const NEWEST = 5
/** Listed with its figures; the rest is small. */
const MOST_LISTED = 10
const LEAST_LISTED = 0.03

/**
 * Who suffers, who causes, and what could be done: two lists, because the largest victim is seldom the culprit. Proposes a
 * limit only for those whose excess on the same servers began before the burn and explains it. Pure.
 */
export function attribute(input: CauseInput): Attribution {
  const { minutes, fromMs, objectiveId } = input
  const at = fromMs + minutes * MINUTE_MS
  const onset = burnOnset(input.events, input.target)
  const blank = { objectiveId, at, onset: null, suffers: null, causes: [], proposal: null }
  if (onset === null) {
    return { ...blank, verdict: 'quiet', headline: message('cause.quiet'), why: [] }
  }
  const sinceMs = fromMs + onset * MINUTE_MS
  const burning: Span = { from: Math.max(0, onset - 1), to: minutes }
  const suffers = suffersOf(input.byTenant, { from: onset, to: minutes })
  const unknown = (why: Message): Attribution => ({
    ...blank,
    onset: sinceMs,
    suffers,
    verdict: 'unknown',
    headline: message('cause.unknown'),
    why: [why],
  })
  const usual = usualSpan(onset)
  if (usual === null) return unknown(message('cause.unknown.past', { minutes: onset }))
  const models = concerned(input, { from: onset, to: minutes })
  const of = <T extends { readonly model: string }>(all: readonly T[]) =>
    models.length === 0 ? all : all.filter(({ model }) => models.includes(model))
  const loads = of(input.loads)
  const pools = of(input.pools)
  const metered = workSeries(loads, minutes)
  if (loads.length === 0) return unknown(message('cause.unknown.noTenants'))
  const told = measuredIn(metered, usual)
  const toldNow = measuredIn(metered, burning)
  if (told < LEAST_USUAL || told < LEAST_MEASURED * (usual.to - usual.from))
    return unknown(message('cause.unknown.usual', { measured: told, minutes: usual.to - usual.from }))
  const span = burning.to - burning.from
  if (toldNow < LEAST_MEASURED_NOW * span || measuredIn(metered, { from: minutes - NEWEST, to: minutes }) < 2)
    return unknown(message('cause.unknown.now', { measured: toldNow, minutes: span }))

  const tenants = excessByTenant({
    loads,
    everywhere: input.loads,
    entitled: input.entitled,
    minutes,
    onset,
    usual,
    burning,
    lag: lagOf(
      pools,
      added(
        loads.map(({ requests }) => requests),
        minutes,
      ),
    ),
  })
  const nameless = loads.filter(({ tenant }) => tenant === null)
  const evidence: Evidence = {
    tenants,
    pool: poolState(pools, usual, burning),
    usual: meanOf(metered, usual),
    now: meanOf(metered, burning),
    nameless: growthOf(workSeries(nameless, minutes), usual, burning),
    unaccounted: growthBetween(unaccounted(pools, metered, usual), unaccounted(pools, metered, burning)),
    minutes,
    onset,
  }
  const verdict = judge(evidence)
  const excess = tenants.reduce((sum, one) => sum + one.excess, 0)
  const spans = { usual, burning }
  const causes = listed(tenants, excess, suffers).map((one): Cause => {
    const scope = narrow(one, input.loads, minutes, spans)
    return {
      tenant: one.tenant,
      models: [...scope.models],
      endpoints: [...scope.endpoints],
      keys: [...scope.keys],
      tokensNow: one.tokensNow,
      tokensUsual: one.tokensUsual,
      excess: one.growth > 0 ? ((one.tokensNow - one.tokensUsual) * one.excess) / one.growth : 0,
      share: excess > 0 ? one.excess / excess : 0,
      entitled: boughtPerMin(input.entitled.get(one.tenant)),
      onset: one.rise === null ? null : fromMs + one.rise * MINUTE_MS,
      cleared: one.cleared,
    }
  })
  const proposal =
    verdict === 'tenants' ? proposalOf(tenants, (one) => narrow(one, input.loads, minutes, spans)) : null
  const shown = verdict === 'tenants' && proposal === null ? 'unclear' : verdict
  return {
    objectiveId,
    at,
    onset: sinceMs,
    suffers,
    causes,
    verdict: shown,
    proposal,
    ...reasons(shown, evidence, proposal, onset),
  }
}

/** Models whose requests have gone bad; all that the objective covers where that is not known. */
function concerned({ models, byTenant, loads }: CauseInput, burning: Span): readonly string[] {
  const covered = models.length > 0 ? models : [...new Set(loads.map(({ model }) => model))]
  if (byTenant === null || covered.length < 2) return covered
  const bad = new Map<string, number>()
  for (const events of byTenant)
    bad.set(events.model, (bad.get(events.model) ?? 0) + sumOf(events.bad, burning))
  const total = [...bad.values()].reduce((sum, value) => sum + value, 0)
  const touched = covered.filter((model) => (bad.get(model) ?? 0) >= 0.1 * total && total > 0)
  return touched.length > 0 ? touched : covered
}

/** Those with excess, and those that suffer most: one would suspect them. */
function listed(
  tenants: readonly TenantExcess[],
  excess: number,
  suffers: Attribution['suffers'],
): TenantExcess[] {
  const suspects = new Set((suffers ?? []).slice(0, 3).map(({ tenant }) => tenant))
  return tenants
    .filter((one) => one.excess > LEAST_LISTED * excess || suspects.has(one.tenant))
    .slice(0, MOST_LISTED)
}

function growthOf(work: Float64Array, usual: Span, burning: Span): number {
  const growth = meanOf(work, burning) - meanOf(work, usual)
  return growth > 0 ? growth : 0
}

function growthBetween(before: number | null, now: number | null): number | null {
  return before === null || now === null ? null : Math.max(0, now - before)
}

function boughtPerMin(perSecond: number | null | undefined): number | null {
  return perSecond === null || perSecond === undefined ? null : perSecond * 60
}

export type { PoolState }

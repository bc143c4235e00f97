import { message, type Message } from '../../../shared/messages/message.ts'
import { burstsOf, riseOnset } from './onset.ts'
import { added, meanOf, type Span, weightedMedian } from './series.ts'
import type { LoadSeries } from './types.ts'
import { workOf } from './work.ts'

/** A rise may be seen this much later than the burn, besides what requests take: they count when they end. Minutes. */
const ONSET_SLACK = 2
/** One tenant's load on the servers concerned, per minute; work as of {@link workOf}. */
export interface TenantExcess {
  readonly tenant: string
  readonly series: readonly LoadSeries[]
  readonly work: Float64Array
  readonly usual: number
  readonly now: number
  readonly tokensNow: number
  readonly tokensUsual: number
  /** Beyond usual, whoever is entitled to it. */
  readonly growth: number
  /** Beyond usual, beyond what everybody grew by, and beyond its entitlement. */
  readonly excess: number
  /** First minute of the rise; null where there is none. */
  readonly rise: number | null
  /** Null: it counts as a cause. Else why not. */
  readonly cleared: Message | null
  readonly reason: 'none' | 'entitled' | 'common' | 'late' | 'usual'
}

export interface ExcessInput {
  readonly loads: readonly LoadSeries[]
  /** Everything that a tenant does, on all servers: what its entitlement is for. */
  readonly everywhere: readonly LoadSeries[]
  readonly entitled: ReadonlyMap<string, number | null>
  readonly minutes: number
  readonly onset: number
  readonly usual: Span
  readonly burning: Span
  /** How long requests take at a minute, minutes; 0 where it is not known. */
  readonly lag: (minute: number) => number
}

/** The load of every tenant against its usual, what all grew by, and its entitlement. */
export function excessByTenant(input: ExcessInput): TenantExcess[] {
  const tenants = [...new Set(input.loads.flatMap(({ tenant }) => tenant ?? []))]
  const measured = tenants.map((tenant) => measure(input, tenant))
  return measured
    .map((one) => judge(input, one, commonGrowth(measured, one)))
    .toSorted((a, b) => b.excess - a.excess || b.growth - a.growth)
}

interface Measured {
  readonly tenant: string
  readonly series: readonly LoadSeries[]
  readonly work: Float64Array
  readonly usual: number
  readonly now: number
}

function measure({ loads, minutes, usual, burning }: ExcessInput, tenant: string): Measured {
  const series = loads.filter((load) => load.tenant === tenant)
  const work = workSeries(series, minutes)
  return {
    tenant,
    series,
    work,
    usual: zeroIfNone(meanOf(work, usual)),
    now: zeroIfNone(meanOf(work, burning)),
  }
}

/** Factor by which the others grew, at least 1: the middle one of them, each weighed by its usual load. */
function commonGrowth(all: readonly Measured[], but: Measured): number {
  const others = all.filter((one) => one !== but && one.usual > 0)
  const middle = weightedMedian(others.map(({ usual, now }) => ({ value: now / usual, weight: usual })))
  // Two others are no measure of what all do.
  return others.length < 3 || Number.isNaN(middle) ? 1 : Math.max(1, middle)
}

function judge(input: ExcessInput, one: Measured, common: number): TenantExcess {
  const { minutes, onset, usual, burning, entitled, everywhere, lag } = input
  const { tenant, series, work } = one
  const growth = Math.max(0, one.now - one.usual)
  // What it has done before for some minutes is usual as well.
  const known = Math.max(one.usual * common, burstsOf(work, usual))
  const beyondKnown = Math.max(0, one.now - known)
  const tokens = tokenSeries(series, minutes)
  const all = tokenSeries(
    everywhere.filter((load) => load.tenant === tenant),
    minutes,
  )
  const bought = entitled.get(tenant) ?? null
  const rise = riseOnset(work, one.usual, Math.max(one.now, meanOf(work, { from: minutes - 3, to: minutes })))
  const within = partWithin(bought, meanOf(all, burning), meanOf(all, usual))
  const excess = Math.min(beyondKnown, growth * (1 - within))
  const told = {
    ...one,
    growth,
    rise,
    tokensNow: zeroIfNone(meanOf(tokens, burning)),
    tokensUsual: zeroIfNone(meanOf(tokens, usual)),
  }
  const clear = (reason: TenantExcess['reason'], cleared: Message | null): TenantExcess => ({
    ...told,
    excess: reason === 'none' ? excess : 0,
    reason,
    cleared,
  })
  if (growth <= 0.02 * one.usual || growth === 0) return clear('usual', message('cause.cleared.usual'))
  if (rise !== null && rise > onset + ONSET_SLACK + lag(rise))
    return clear('late', message('cause.cleared.late', { minutes: rise - onset }))
  if (beyondKnown <= 0) {
    return common > 1.05 && one.usual * common >= one.now
      ? clear('common', message('cause.cleared.common', { percent: Math.round((common - 1) * 100) }))
      : clear('usual', message('cause.cleared.bursts'))
  }
  if (excess <= 0 && bought !== null)
    return clear('entitled', message('cause.cleared.entitled', { tokens: Math.round(bought * 60) }))
  return clear('none', null)
}

/** Of a growth, the share that is within what was bought, 0–1. All tokens per minute. */
function partWithin(bought: number | null, now: number, usual: number): number {
  if (bought === null || !(now > usual)) return 0
  return Math.min(1, Math.max(0, (bought * 60 - usual) / (now - usual)))
}

export function workSeries(series: readonly LoadSeries[], minutes: number): Float64Array {
  return added(
    series.map(({ input, output }) => input.map((value, minute) => workOf(value, output[minute] as number))),
    minutes,
  )
}

export function tokenSeries(series: readonly LoadSeries[], minutes: number): Float64Array {
  return added(
    series.map(({ input, output }) => input.map((value, minute) => value + (output[minute] as number))),
    minutes,
  )
}

/** Nothing measured of a tenant while the metering as a whole is measured is decided elsewhere: here it has no load. */
function zeroIfNone(value: number): number {
  return value === value ? value : 0
}

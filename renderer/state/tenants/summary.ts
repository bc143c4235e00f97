import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { NOISE_PARTS, type NoisePart } from '../../../shared/model/noise.ts'
import { NEAR_EXHAUSTION_MS } from './states.ts'

/** What the strip says of all tenants; null where it is known of none of them. */
export interface TenantsSummary {
  readonly listed: number
  /** With tokens in the window. */
  readonly using: number | null
  readonly tokens: number | null
  readonly input: number | null
  readonly output: number | null
  /** Of whom the rate is not known: the sum is of the others. */
  readonly unknown: number
  /** Place of the tenant with the largest share, -1 for none. */
  readonly top: number
  readonly beyond: number | null
  readonly excess: number | null
  /** Agreed rates that excess can be told against. */
  readonly entitled: number
  readonly nearExhaustion: number | null
  /** Place of the tenant whose quota runs out first, -1 for none. */
  readonly soonest: number
  readonly rejected: number | null
  readonly rejecting: number | null
  readonly noisiest: number
}

export function summariseTenants(item: TenantsItem, now: number): TenantsSummary {
  const { tokensPerSecond, excess, quotaUsed, exhaustsAt, rejectedPerSecond } = item
  const known = tokensPerSecond.filter((rate) => rate !== null)
  const near = exhaustsAt.filter((at) => at !== null && at - now < NEAR_EXHAUSTION_MS)
  return {
    listed: item.ids.length,
    using: known.length === 0 ? null : known.filter((rate) => rate > 0).length,
    tokens: sumKnown(tokensPerSecond),
    input: sumKnown(item.inputPerSecond),
    output: sumKnown(item.outputPerSecond),
    unknown: tokensPerSecond.length - known.length,
    top: placeOfMost(item.share),
    beyond: countAbove(excess, 0),
    excess: sumKnown(excess),
    entitled: item.entitled.filter((rate) => rate !== null).length,
    nearExhaustion: quotaUsed.some((used) => used !== null) ? near.length : null,
    soonest: placeOfMost(exhaustsAt.map((at) => (at === null ? null : -at))),
    rejected: sumKnown(rejectedPerSecond),
    rejecting: countAbove(rejectedPerSecond, 0),
    noisiest: placeOfMost(item.noise),
  }
}

/** The five parts of one tenant's noisy score, 0–1 each. */
export function noiseOf(item: TenantsItem, place: number): Readonly<Record<NoisePart, number | null>> {
  const parts = NOISE_PARTS.map((part) => [part, item.noiseParts[part][place] ?? null])
  return Object.fromEntries(parts) as Record<NoisePart, number | null>
}

function sumKnown(values: readonly (number | null)[]): number | null {
  let sum: number | null = null
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value
  return sum
}

function countAbove(values: readonly (number | null)[], least: number): number | null {
  let known = false
  let count = 0
  for (const value of values) {
    if (value === null) continue
    known = true
    if (value > least) count += 1
  }
  return known ? count : null
}

function placeOfMost(values: readonly (number | null)[]): number {
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  values.forEach((value, place) => {
    if (value === null || value <= most) return
    best = place
    most = value
  })
  return best
}

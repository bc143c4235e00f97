import type { Tenant } from '../../../../shared/metering/tenants.ts'

export type Quota = Tenant['quotas'][number]

export interface QuotaState {
  /** 0–1, and beyond where more was used than bought; null for a quota of nothing that nothing was used of. */
  readonly usedShare: number | null
  /** When it runs out at the present rate, ms on the back end's clock; null: not before it is reset, or not known. */
  readonly exhaustsAt: number | null
}

/** @param tokensPerSecond of the tenant now; null where it is not known */
export function quotaState(quota: Quota, tokensPerSecond: number | null, nowMs: number): QuotaState {
  const { limit, used } = quota
  const usedShare = limit > 0n ? ratio(used, limit) : used > 0n ? 1 : null
  const at = usedShare === null ? null : endOf(quota, tokensPerSecond, nowMs)
  // One that should have been reset already is old news: of its successor nothing is known.
  return { usedShare, exhaustsAt: at !== null && at < Date.parse(quota.resetsAt) ? at : null }
}

/** When nothing would remain if it were never reset. What is used up ends now, whatever is said to remain of it. */
function endOf(
  { limit, used, remaining }: Quota,
  tokensPerSecond: number | null,
  nowMs: number,
): number | null {
  if (remaining <= 0n || used >= limit) return nowMs
  if (tokensPerSecond === null || !(tokensPerSecond > 0)) return null
  return nowMs + (Number(remaining) / tokensPerSecond) * 1000
}

/** Of several quotas the one that runs out first; where none will, the one that is used most. Null without any. */
export function tightestQuota(
  quotas: readonly Quota[],
  tokensPerSecond: number | null,
  nowMs: number,
): QuotaState | null {
  let tightest: QuotaState | null = null
  for (const quota of quotas) {
    const state = quotaState(quota, tokensPerSecond, nowMs)
    if (tightest === null || isTighter(state, tightest)) tightest = state
  }
  return tightest
}

function isTighter(state: QuotaState, than: QuotaState): boolean {
  const ends = (state.exhaustsAt ?? Number.POSITIVE_INFINITY) - (than.exhaustsAt ?? Number.POSITIVE_INFINITY)
  if (ends < 0 || ends > 0) return ends < 0
  return (state.usedShare ?? 0) > (than.usedShare ?? 0)
}

/** Of two exact counts, to more digits than a screen shows. */
function ratio(part: bigint, whole: bigint): number {
  return Number((part * 1_000_000n) / whole) / 1_000_000
}

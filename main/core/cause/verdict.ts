import type { TenantExcess } from './excess.ts'
import { latest } from './onset.ts'
import type { PoolState } from './pools.ts'
import type { CauseVerdict } from './types.ts'

/** All that a verdict is made of; work per minute. */
export interface Evidence {
  readonly tenants: readonly TenantExcess[]
  readonly pool: PoolState
  /** Metered work of all on the servers concerned, as usual and now. */
  readonly usual: number
  readonly now: number
  /** Growth of those that the back end sums without their names. */
  readonly nameless: number
  /** Growth of what servers did and no tenant is metered for; null where it cannot be compared. */
  readonly unaccounted: number | null
  readonly minutes: number
  /** First minute of the burn. */
  readonly onset: number
}

/** Of the usual load: less excess than this does not overload servers that were well. */
export const LEAST_EXCESS = 0.15
/** Of all growth: less excess than this, and what grew is everybody, or what was bought. */
export const LEAST_PART = 0.35
/** Where it is less than half of all growth, it has to be this much of the usual load: loads wander. */
const LEAST_AMONG_OTHERS = 0.3
/** Servers that are gone, of those that were there. */
const LOST = 0.1
/** Work done below its usual, while requests wait: the servers are to blame, whoever else grew. */
const STILL = 1.05
/** Of a rise, what must be left of it now for a limit to change anything. */
const ONGOING = 0.35

export function judge(evidence: Evidence): CauseVerdict {
  const { tenants, pool, usual, now } = evidence
  const excess = tenants.reduce((sum, one) => sum + one.excess, 0)
  const growth = tenants.reduce((sum, one) => sum + one.growth, 0)
  const stranger = Math.max(evidence.nameless, evidence.unaccounted ?? 0)
  const fewer = pool.serversRatio !== null && pool.serversRatio < 1 - LOST
  const done = pool.workRatio ?? now / usual
  // More work from fewer servers is still more work; as much work as usual or less is the servers' own matter.
  if (fewer && done < 1 + LEAST_EXCESS) return 'capacityLost'
  if (stranger > LEAST_EXCESS * usual && stranger > 0.4 * (growth + stranger)) return 'unknown'
  if (done < STILL) return pool.workRatio === null ? 'unclear' : 'serversSlow'
  const least = excess >= 0.5 * growth ? LEAST_EXCESS : LEAST_AMONG_OTHERS
  if (excess >= least * usual && excess >= LEAST_PART * growth) {
    return ongoing(evidence) ? 'tenants' : 'over'
  }
  if (growth < LEAST_EXCESS * usual) return 'unclear'
  const bought = tenants.reduce((sum, one) => sum + (one.reason === 'none' ? one.growth - one.excess : 0), 0)
  const entitled = tenants.reduce((sum, one) => sum + (one.reason === 'entitled' ? one.growth : 0), 0)
  return entitled + bought >= 0.5 * growth ? 'entitledGrowth' : 'everyoneGrew'
}

/** Whether those with excess still have it. */
function ongoing({ tenants, minutes }: Evidence): boolean {
  const causing = tenants.filter(({ excess }) => excess > 0)
  const [then, still] = causing.reduce(
    ([sum, left], { work, usual, now }) => {
      const newest = latest(work, Math.min(3, minutes))
      return [sum + now - usual, left + Math.max(0, (newest === newest ? newest : now) - usual)]
    },
    [0, 0],
  )
  return then <= 0 || still >= ONGOING * then
}

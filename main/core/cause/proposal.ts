import type { TenantExcess } from './excess.ts'
import type { Narrowed } from './scope.ts'
import type { Proposal } from './types.ts'

/** Of the excess, what a proposal explains at least. */
export const EXPLAINED = 0.8
/** More tenants than this are no longer a cause that one limits: everybody has grown. */
const MOST_TENANTS = 3

/** The fewest tenants that explain the excess, each at its narrowest scope; null where it takes too many. */
export function proposalOf(
  tenants: readonly TenantExcess[],
  narrow: (one: TenantExcess) => Narrowed,
): Proposal | null {
  const total = tenants.reduce((sum, { excess }) => sum + excess, 0)
  const chosen: TenantExcess[] = []
  let explained = 0
  for (const one of tenants) {
    if (explained >= EXPLAINED * total) break
    chosen.push(one)
    explained += one.excess
  }
  if (!(total > 0) || chosen.length > MOST_TENANTS) return null
  return {
    share: explained / total,
    parts: chosen.map((one) => {
      const { models, endpoints, keys, tokensNow, tokensUsual } = narrow(one)
      // What of the growth in this scope is excess goes; what it is entitled to stays.
      const beyond = one.growth > 0 ? Math.min(1, one.excess / one.growth) : 0
      const cap = tokensNow - beyond * Math.max(0, tokensNow - tokensUsual)
      return {
        tenant: one.tenant,
        models: [...models],
        endpoints: [...endpoints],
        keys: [...keys],
        tokensPerMin: tokensNow,
        capTokensPerMin: Math.max(1, cap),
      }
    }),
  }
}

import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { Dimension } from '../../../../shared/metering/capabilities.ts'
import { firstOf, type Message, message, said } from '../../../../shared/messages/message.ts'
import { DIMENSIONS, type TokenFilters } from '../../../../shared/model/tokens.ts'
import type { ServedRate } from '../../../core/tokens/served/types.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'

const MOST_NAMES = 3

/** What a question distinguishes or narrows: the groups and the filters alike. */
export function dimensionsOf(groupBy: Dimension | null, filters: TokenFilters): Dimension[] {
  return DIMENSIONS.filter((dimension) => dimension === groupBy || filters[dimension] !== undefined)
}

/** Why the metering cannot say it, a sentence in its own words; null where it can, or has not said what it can. */
export function meteringLack(
  abilities: MeteringAbilities | null,
  dimensions: readonly Dimension[],
): Message | null {
  const missing = abilities === null ? undefined : dimensions.find((one) => !abilities.groups.has(one))
  return abilities === null || missing === undefined ? null : lackOf(abilities, missing)
}

/** Why what it told is not of now, a sentence; null while it answers. What it can tell is told again once it does. */
export function meteringDown({ state, text }: Pick<TokenOrigin, 'state' | 'text'>): Message | null {
  return state === 'failing' ? text : null
}

/** Why it does not distinguish this dimension. */
export function lackOf(abilities: MeteringAbilities, dimension: Dimension): Message {
  const own = abilities.lacks.get(dimension)
  return own === undefined ? message(`lack.${dimension}`, { backend: abilities.backend }) : said(own)
}

/**
 * Why inference servers cannot say it, a sentence; null where they can. A split that ignored a filter would be a wrong
 * one, so it is not shown at all.
 */
export function servedLack(
  flows: readonly ServedRate[],
  groupBy: Dimension | null,
  filters: TokenFilters,
): Message | null {
  if (groupBy === 'tenant') return message('lack.served.tenants')
  if (filters.tenant !== undefined) {
    return message(groupBy === null ? 'lack.served.tenant' : `lack.served.tenant.${groupBy}`)
  }
  for (const dimension of ['model', 'endpoint'] as const) {
    const names = filters[dimension]
    if (names === undefined || flows.length === 0) continue
    const unheard = names.filter((name) => !flows.some((flow) => flow[dimension] === name))
    if (unheard.length === 0) continue
    if (flows.every((flow) => flow[dimension] === '')) return message(`lack.served.unnamed.${dimension}`)
    const shown = unheard.map((name) => (name === '' ? message('lack.served.noName') : name))
    return message(`lack.served.unknown.${dimension}`, { names: firstOf(shown, MOST_NAMES) })
  }
  return null
}

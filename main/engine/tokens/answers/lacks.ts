import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { Dimension } from '../../../../shared/metering/capabilities.ts'
import { DIMENSION_TITLES, DIMENSIONS, type TokenFilters } from '../../../../shared/model/tokens.ts'
import type { ServedRate } from '../../../core/tokens/served/types.ts'
import type { ServedDimension } from '../../../core/tokens/served/flows.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'

/** What a question distinguishes or narrows: the groups and the filters alike. */
export function dimensionsOf(groupBy: Dimension | null, filters: TokenFilters): Dimension[] {
  return DIMENSIONS.filter((dimension) => dimension === groupBy || filters[dimension] !== undefined)
}

/** Why the metering cannot say it, a sentence in its own words; null where it can, or has not said what it can. */
export function meteringLack(
  abilities: MeteringAbilities | null,
  dimensions: readonly Dimension[],
): string | null {
  const missing = abilities === null ? undefined : dimensions.find((one) => !abilities.groups.has(one))
  return abilities === null || missing === undefined ? null : lackOf(abilities, missing)
}

/** Why what it told is not of now, a sentence; null while it answers. What it can tell is told again once it does. */
export function meteringDown({ state, text }: Pick<TokenOrigin, 'state' | 'text'>): string | null {
  return state === 'failing' ? text : null
}

/** Why it does not distinguish this dimension. */
export function lackOf(abilities: MeteringAbilities, dimension: Dimension): string {
  return abilities.lacks.get(dimension) ?? `${abilities.backend} does not distinguish ${manyOf(dimension)}.`
}

/**
 * Why inference servers cannot say it, a sentence; null where they can. A split that ignored a filter would be a wrong
 * one, so it is not shown at all.
 */
export function servedLack(
  flows: readonly ServedRate[],
  groupBy: Dimension | null,
  filters: TokenFilters,
): string | null {
  if (groupBy === 'tenant') return 'Inference servers know no tenants: who used the tokens is not known.'
  if (filters.tenant !== undefined) {
    const what = groupBy === null ? 'served tokens' : `served tokens by ${DIMENSION_TITLES[groupBy].one}`
    return `Inference servers know no tenants, so ${what} cannot be narrowed to one.`
  }
  for (const dimension of ['model', 'endpoint'] as const) {
    const names = filters[dimension]
    if (names === undefined || flows.length === 0) continue
    const unheard = names.filter((name) => !flows.some((flow) => flow[dimension] === name))
    if (unheard.length === 0) continue
    return unheardOf(dimension, unheard, flows)
  }
  return null
}

/** "GPU types" keeps its capitals inside a sentence. */
function manyOf(dimension: Dimension): string {
  return DIMENSION_TITLES[dimension].many.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())
}

function unheardOf(
  dimension: ServedDimension,
  unheard: readonly string[],
  flows: readonly ServedRate[],
): string {
  const { one } = DIMENSION_TITLES[dimension]
  if (flows.every((flow) => flow[dimension] === '')) {
    return `Inference servers name no ${manyOf(dimension)}, so what they served cannot be narrowed to one.`
  }
  const names = unheard.slice(0, 3).map((name) => (name === '' ? 'without a name' : name))
  return `No inference server names the ${one.toLowerCase()} ${names.join(', ')}: the metering may call it otherwise than the servers do.`
}

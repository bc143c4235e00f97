import { DIMENSIONS, type Dimension, type TokenFilters } from '../../../shared/model/tokens.ts'

/** More names of one dimension than a person distinguishes in chips; the address would grow without bound. */
export const MOST_NAMES = 20

export const NO_FILTERS: TokenFilters = {}

export function isFiltered(filters: TokenFilters): boolean {
  return DIMENSIONS.some((dimension) => filters[dimension] !== undefined)
}

export function isChosen(filters: TokenFilters, dimension: Dimension, name: string): boolean {
  return filters[dimension]?.includes(name) ?? false
}

/** Does the filter of its own dimension leave this name out? Without one, nothing is left out. */
export function isLeftOut(filters: TokenFilters, dimension: Dimension, name: string): boolean {
  return filters[dimension] !== undefined && !isChosen(filters, dimension, name)
}

/** Adds the name to its dimension's alternatives, or takes it away; a name too many changes nothing. */
export function toggleName(filters: TokenFilters, dimension: Dimension, name: string): TokenFilters {
  const names = filters[dimension] ?? []
  if (names.includes(name)) {
    return withNames(
      filters,
      dimension,
      names.filter((one) => one !== name),
    )
  }
  return names.length >= MOST_NAMES ? filters : withNames(filters, dimension, [...names, name])
}

/** No names means no filter in this dimension: the contract has no empty lists. */
export function withNames(
  filters: TokenFilters,
  dimension: Dimension,
  names: readonly string[],
): TokenFilters {
  const { [dimension]: _, ...others } = filters
  return names.length === 0 ? others : { ...others, [dimension]: [...names] }
}

/** All of one filter's names in the order of the dimensions, for chips. */
export function chosenNames(filters: TokenFilters): { dimension: Dimension; name: string }[] {
  return DIMENSIONS.flatMap((dimension) => (filters[dimension] ?? []).map((name) => ({ dimension, name })))
}

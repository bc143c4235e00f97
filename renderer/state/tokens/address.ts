import { LATENCY_KINDS, type LatencyKind } from '../../../shared/metering/capabilities.ts'
import {
  CHARTED,
  type Charted,
  DIMENSIONS,
  type Dimension,
  type TokenFilters,
} from '../../../shared/model/tokens.ts'
import { MOST_NAMES } from './filters.ts'
import { RANGE_NAMES, type RangeName } from './ranges.ts'

/** Everything that the tokens view shows, as its address says it: a link shows a colleague the same picture. */
export interface TokensPlace {
  readonly range: RangeName
  readonly measure: Charted
  readonly by: Dimension
  readonly latency: LatencyKind
  readonly filters: TokenFilters
}

export const TOKENS_HOME: TokensPlace = {
  range: 'live',
  measure: 'tokens',
  by: 'model',
  latency: 'timeToFirstToken',
  filters: {},
}

type Params = Readonly<Record<string, string>>
const LONGEST_NAME = 256

/** What is not understood is left out: links come from chats and tickets. */
export function placeOf(params: Params): TokensPlace {
  const filters: TokenFilters = {}
  for (const dimension of DIMENSIONS) {
    const names = parseNames(params[dimension])
    if (names.length > 0) filters[dimension] = names
  }
  return {
    range: oneOf(RANGE_NAMES, params['range']) ?? TOKENS_HOME.range,
    measure: oneOf(CHARTED, params['measure']) ?? TOKENS_HOME.measure,
    by: oneOf(DIMENSIONS, params['by']) ?? TOKENS_HOME.by,
    latency: oneOf(LATENCY_KINDS, params['latency']) ?? TOKENS_HOME.latency,
    filters,
  }
}

/** What differs from the view's home alone, so that addresses stay short. */
export function paramsOf(place: TokensPlace): Record<string, string> {
  const params: Record<string, string> = {}
  for (const key of ['range', 'measure', 'by', 'latency'] as const) {
    if (place[key] !== TOKENS_HOME[key]) params[key] = place[key]
  }
  for (const dimension of DIMENSIONS) {
    const names = place.filters[dimension]
    if (names !== undefined && names.length > 0) params[dimension] = formatNames(names)
  }
  return params
}

/** Several names in one parameter, parted by commas; a comma or backslash inside a name is escaped. */
export function formatNames(names: readonly string[]): string {
  return names.map((name) => name.replaceAll(/[\\,]/g, '\\$&')).join(',')
}

/** The reverse. An empty text is one empty name: what a back end said nothing about. Doubles are dropped. */
export function parseNames(text: string | undefined): string[] {
  if (text === undefined) return []
  const names = ['']
  for (let at = 0; at < text.length; at++) {
    const escaped = text[at] === '\\' && at + 1 < text.length
    const sign = text[escaped ? ++at : at] ?? ''
    if (sign === ',' && !escaped) names.push('')
    else names[names.length - 1] += sign
  }
  return [...new Set(names)].filter((name) => name.length <= LONGEST_NAME).slice(0, MOST_NAMES)
}

function oneOf<T extends string>(names: readonly T[], text: string | undefined): T | undefined {
  return names.find((name) => name === text)
}

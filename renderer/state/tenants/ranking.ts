import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { TENANT_STATES, type TenantsPlace, type TenantState } from './address.ts'
import { directionOf, type TenantOrder, type TenantSort } from './sorts.ts'

/** The columns with a way from an id to its place in them: ids stay, places move with every item. */
export interface TenantColumns {
  readonly item: TenantsItem
  /** -1 where the id is not among them. */
  readonly indexOf: (id: string) => number
}

export function indexTenants(item: TenantsItem): TenantColumns {
  let places: Map<string, number> | null = null
  return {
    item,
    indexOf(id) {
      places ??= new Map(item.ids.map((one, index) => [one, index]))
      return places.get(id) ?? -1
    },
  }
}

/**
 * Ids of the tenants that the filters leave, in the wanted order; what is not known stands last in either direction, and
 * equals keep the order of the ranking. Ten thousand tenants are sorted as places and numbers, never as objects.
 */
export function rankTenants(
  item: TenantsItem,
  { order, text, states }: Pick<TenantsPlace, 'order' | 'text' | 'states'>,
): readonly string[] {
  const places = sortPlaces(item, filterPlaces(item, text, states), order)
  return places.map((place) => item.ids[place] ?? '')
}

/** Every word has to be found in the name or the id; no states means all of them. */
export function filterPlaces(item: TenantsItem, text: string, states: readonly TenantState[]): number[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const places: number[] = []
  for (let place = 0; place < item.ids.length; place++) {
    const state = item.states[place]
    if (states.length > 0 && (state === undefined || !states.includes(state))) continue
    if (words.length > 0) {
      const said = `${item.names[place]}\n${item.ids[place]}`.toLowerCase()
      if (!words.every((word) => said.includes(word))) continue
    }
    places.push(place)
  }
  return places
}

function sortPlaces(item: TenantsItem, places: readonly number[], order: TenantOrder): readonly number[] {
  // They come in this order.
  if (order.by === 'tokens' && !order.reversed) return places
  const sign = directionOf(order) === 'ascending' ? 1 : -1
  if (order.by === 'name') {
    const keys = item.names.map((name, place) => naturalKey(name === '' ? (item.ids[place] ?? '') : name))
    return places.toSorted((a, b) => sign * compareKeys(keys[a] ?? '', keys[b] ?? '') || a - b)
  }
  const keys = sortKeys(item, order.by)
  const known = places.filter((place) => !Number.isNaN(keys[place] ?? Number.NaN))
  known.sort((a, b) => sign * ((keys[a] ?? 0) - (keys[b] ?? 0)) || a - b)
  return known.length === places.length
    ? known
    : [...known, ...places.filter((place) => Number.isNaN(keys[place] ?? Number.NaN))]
}

/** One number per tenant; NaN where it is not known. */
function sortKeys(item: TenantsItem, by: Exclude<TenantSort, 'name'>): Float64Array {
  const keys = new Float64Array(item.ids.length)
  if (by === 'state') {
    keys.forEach((_, place) => (keys[place] = STATE_ORDER.indexOf(item.states[place] ?? 'active')))
    return keys
  }
  for (let place = 0; place < keys.length; place++) keys[place] = tenantFigure(item, by, place) ?? Number.NaN
  return keys
}

/** What needs a look first. */
const STATE_ORDER: readonly TenantState[] = ['blocked', 'unlisted', 'closed', 'active']

/** One figure of one tenant, as its column sorts it; null where it is not known or the place is none. */
export function tenantFigure(
  item: TenantsItem,
  by: Exclude<TenantSort, 'name' | 'state'>,
  place: number,
): number | null {
  if (by === 'limit') return limitUse(item, place)
  return item[COLUMN_OF[by]][place] ?? null
}

const COLUMN_OF = {
  tokens: 'tokensPerSecond',
  noise: 'noise',
  exhaustion: 'exhaustsAt',
  quota: 'quotaUsed',
  excess: 'excess',
  rejected: 'rejectedPerSecond',
  errorTokens: 'errorTokensPerSecond',
  share: 'share',
  input: 'inputPerSecond',
  output: 'outputPerSecond',
  entitled: 'entitled',
} as const satisfies Partial<Record<TenantSort, keyof TenantsItem>>

/** Tokens of a minute at the present rate against the limit on them, 0–1 and beyond. */
function limitUse({ tokensPerSecond, tpmLimit }: TenantsItem, place: number): number | null {
  const rate = tokensPerSecond[place] ?? null
  const limit = tpmLimit[place] ?? null
  if (rate === null || limit === null) return null
  if (limit > 0) return (rate * 60) / limit
  return rate > 0 ? Number.POSITIVE_INFINITY : 0
}

/** How many tenants are in which state. */
export function countStates(states: readonly TenantState[]): Readonly<Record<TenantState, number>> {
  const counts: Record<TenantState, number> = { active: 0, blocked: 0, closed: 0, unlisted: 0 }
  for (const state of states) counts[state] += 1
  return counts
}

/** In the order of the chips: those that exist, and those that are asked for. */
export function statesToShow(
  counts: Readonly<Record<TenantState, number>>,
  chosen: readonly TenantState[],
): readonly TenantState[] {
  return TENANT_STATES.filter((state) => counts[state] > 0 || chosen.includes(state))
}

const keyCache = new Map<string, string>()
/** Two items' worth of names at the largest factory that is shown. */
const MOST_KEYS = 40_000

/**
 * tenant-2 before tenant-10, É beside E: the order of a collator as plain text. Names hardly ever change, so their keys
 * are made once, while a collator would take 50 ms for 10,000 names in every second.
 */
export function naturalKey(name: string): string {
  const found = keyCache.get(name)
  if (found !== undefined) return found
  const key = name
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/\d+/g, (digits) => digits.padStart(16, '0'))
  if (keyCache.size >= MOST_KEYS) keyCache.clear()
  keyCache.set(name, key)
  return key
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

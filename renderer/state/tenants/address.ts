import { RANKED, TENANT_SORTS, type TenantOrder } from './sorts.ts'

export const TENANT_STATES = ['active', 'blocked', 'closed', 'unlisted'] as const
export type TenantState = (typeof TENANT_STATES)[number]

/** Everything that the tenants view shows, as its address says it: a link shows a colleague the same tenants. */
export interface TenantsPlace {
  /** Whose page is open; null shows the ranking. */
  readonly tenant: string | null
  /** The row that the keyboard stands on; it stays while a page is open. */
  readonly selected: string | null
  readonly order: TenantOrder
  readonly text: string
  /** None means all of them. */
  readonly states: readonly TenantState[]
}

export const TENANTS_HOME: TenantsPlace = {
  tenant: null,
  selected: null,
  order: RANKED,
  text: '',
  states: [],
}

type Params = Readonly<Record<string, string>>
/** The contract's longest id. */
const LONGEST_ID = 256
const LONGEST_TEXT = 200

/** What is not understood is left out: links come from chats and tickets. */
export function placeOf(params: Params): TenantsPlace {
  const asked = (params['states'] ?? '').split(',')
  return {
    tenant: idOf(params['tenant']),
    selected: idOf(params['selected']),
    order: orderOf(params['sort']),
    text: (params['text'] ?? '').slice(0, LONGEST_TEXT),
    states: TENANT_STATES.filter((state) => asked.includes(state)),
  }
}

/** What differs from the view's home alone, so that addresses stay short. */
export function paramsOf({ tenant, selected, order, text, states }: TenantsPlace): Record<string, string> {
  const params: Record<string, string> = {}
  if (tenant !== null) params['tenant'] = tenant
  if (selected !== null && selected !== tenant) params['selected'] = selected
  if (order.by !== RANKED.by || order.reversed)
    params['sort'] = `${order.by}${order.reversed ? '.reversed' : ''}`
  if (text !== '') params['text'] = text.slice(0, LONGEST_TEXT)
  if (states.length > 0) params['states'] = states.join(',')
  return params
}

function idOf(text: string | undefined): string | null {
  return text === undefined || text === '' || text.length > LONGEST_ID ? null : text
}

function orderOf(text: string | undefined): TenantOrder {
  const [name, direction] = (text ?? '').split('.')
  const by = TENANT_SORTS.find((sort) => sort === name)
  return by === undefined ? RANKED : { by, reversed: direction === 'reversed' }
}

export function isFiltered({ text, states }: TenantsPlace): boolean {
  return text.trim() !== '' || states.length > 0
}

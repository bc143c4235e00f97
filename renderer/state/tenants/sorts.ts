import { explain } from '../../../shared/glossary/glossary.ts'
import { TENANT_TERMS } from '../../../shared/glossary/tenants.ts'
import { USAGE_TERMS } from '../../../shared/glossary/usage.ts'
import { say } from '../../../shared/messages/format.ts'

/** What the ranking can be ordered by; each is also a column of the table. */
export const TENANT_SORTS = [
  'tokens',
  'noise',
  'exhaustion',
  'quota',
  'excess',
  'limit',
  'rejected',
  'errorTokens',
  'share',
  'input',
  'output',
  'entitled',
  'name',
  'state',
] as const
export type TenantSort = (typeof TENANT_SORTS)[number]

interface SortWords {
  /** Head of the column. */
  readonly title: string
  /** What stands first, for the switch and the palette. */
  readonly first: string
  /** The direction that somebody who asks for this order wants first: most of it, soonest, or A to Z. */
  readonly natural: 'ascending' | 'descending'
  /** What the column shows, for its head. */
  readonly meaning: string
}

export const SORT_WORDS: Readonly<Record<TenantSort, SortWords>> = {
  tokens: {
    title: say('tenants.sort.tokens'),
    first: say('tenants.sort.tokens.first'),
    natural: 'descending',
    meaning: say('tenants.sort.tokens.meaning', { term: explain(USAGE_TERMS.tokens) }),
  },
  noise: {
    title: say('tenants.sort.noise'),
    first: say('tenants.sort.noise.first'),
    natural: 'descending',
    meaning: say('tenants.sort.noise.meaning', { term: explain(TENANT_TERMS.noise) }),
  },
  exhaustion: {
    title: say('tenants.sort.exhaustion'),
    first: say('tenants.sort.exhaustion.first'),
    natural: 'ascending',
    meaning: say('tenants.sort.exhaustion.meaning', { term: explain(TENANT_TERMS.exhaustion) }),
  },
  quota: {
    title: say('tenants.sort.quota'),
    first: say('tenants.sort.quota.first'),
    natural: 'descending',
    meaning: say('tenants.sort.quota.meaning'),
  },
  excess: {
    title: say('tenants.sort.excess'),
    first: say('tenants.sort.excess.first'),
    natural: 'descending',
    meaning: explain(TENANT_TERMS.excess),
  },
  limit: {
    title: say('tenants.sort.limit'),
    first: say('tenants.sort.limit.first'),
    natural: 'descending',
    meaning: say('tenants.sort.limit.meaning'),
  },
  rejected: {
    title: say('tenants.sort.rejected'),
    first: say('tenants.sort.rejected.first'),
    natural: 'descending',
    meaning: explain(USAGE_TERMS.rejected),
  },
  errorTokens: {
    title: say('tenants.sort.errorTokens'),
    first: say('tenants.sort.errorTokens.first'),
    natural: 'descending',
    meaning: explain(USAGE_TERMS.errorTokens),
  },
  share: {
    title: say('tenants.sort.share'),
    first: say('tenants.sort.share.first'),
    natural: 'descending',
    meaning: explain(TENANT_TERMS.share),
  },
  input: {
    title: say('tenants.sort.input'),
    first: say('tenants.sort.input.first'),
    natural: 'descending',
    meaning: explain(USAGE_TERMS.input),
  },
  output: {
    title: say('tenants.sort.output'),
    first: say('tenants.sort.output.first'),
    natural: 'descending',
    meaning: explain(USAGE_TERMS.output),
  },
  entitled: {
    title: say('tenants.sort.entitled'),
    first: say('tenants.sort.entitled.first'),
    natural: 'descending',
    meaning: explain(TENANT_TERMS.entitlement),
  },
  name: {
    title: say('tenants.sort.name'),
    first: say('tenants.sort.name.first'),
    natural: 'ascending',
    meaning: say('tenants.sort.name.meaning'),
  },
  state: {
    title: say('tenants.sort.state'),
    first: say('tenants.sort.state.first'),
    natural: 'ascending',
    meaning: say('tenants.sort.state.meaning'),
  },
}

export interface TenantOrder {
  readonly by: TenantSort
  /** Against the natural direction of the column. */
  readonly reversed: boolean
}

export const RANKED: TenantOrder = { by: 'tokens', reversed: false }

export function directionOf({ by, reversed }: TenantOrder): 'ascending' | 'descending' {
  const { natural } = SORT_WORDS[by]
  if (!reversed) return natural
  return natural === 'ascending' ? 'descending' : 'ascending'
}

/** A head that is pressed: first its natural direction, then the other, then the ranking again. */
export function nextOrder(now: TenantOrder, by: TenantSort): TenantOrder {
  if (now.by !== by) return { by, reversed: false }
  if (!now.reversed) return { by, reversed: true }
  return RANKED
}

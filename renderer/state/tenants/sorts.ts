import { explain } from '../../../shared/glossary/glossary.ts'
import { TENANT_TERMS } from '../../../shared/glossary/tenants.ts'
import { USAGE_TERMS } from '../../../shared/glossary/usage.ts'

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
    title: 'Tokens/s',
    first: 'most tokens',
    natural: 'descending',
    meaning: `${explain(USAGE_TERMS.tokens)} The line under it shows the parts: dark input, then bright output.`,
  },
  noise: {
    title: 'Noisy',
    first: 'noisiest',
    natural: 'descending',
    meaning: `${explain(TENANT_TERMS.noise)} Each part is a segment.`,
  },
  exhaustion: {
    title: 'Runs out',
    first: 'soonest to run out',
    natural: 'ascending',
    meaning: `${explain(TENANT_TERMS.exhaustion)} Of the quota that runs out first.`,
  },
  quota: {
    title: 'Quota used',
    first: 'most of the quota used',
    natural: 'descending',
    meaning: 'Of the quota that runs out first.',
  },
  excess: {
    title: 'Excess',
    first: 'furthest beyond entitlement',
    natural: 'descending',
    meaning: explain(TENANT_TERMS.excess),
  },
  limit: {
    title: 'Limit used',
    first: 'nearest to the limit',
    natural: 'descending',
    meaning: 'Tokens per minute against the limit on them.',
  },
  rejected: {
    title: 'Rejected',
    first: 'most rejections',
    natural: 'descending',
    meaning: explain(USAGE_TERMS.rejected),
  },
  errorTokens: {
    title: 'Error tokens',
    first: 'most tokens on errors',
    natural: 'descending',
    meaning: explain(USAGE_TERMS.errorTokens),
  },
  share: {
    title: 'Share',
    first: 'largest share',
    natural: 'descending',
    meaning: explain(TENANT_TERMS.share),
  },
  input: {
    title: 'Input',
    first: 'most input',
    natural: 'descending',
    meaning: explain(USAGE_TERMS.input),
  },
  output: {
    title: 'Output',
    first: 'most output',
    natural: 'descending',
    meaning: explain(USAGE_TERMS.output),
  },
  entitled: {
    title: 'Entitled',
    first: 'largest entitlement',
    natural: 'descending',
    meaning: explain(TENANT_TERMS.entitlement),
  },
  name: { title: 'Tenant', first: 'names from A to Z', natural: 'ascending', meaning: 'Name and id.' },
  state: {
    title: 'State',
    first: 'blocked first',
    natural: 'ascending',
    meaning: 'As the metering says.',
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

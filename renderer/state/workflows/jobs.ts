import type { WorkflowList, WorkflowRow } from '../../../shared/contract/tenants.ts'

/** What was asked for; all pages of one list answer the same. */
export interface JobsQuestion {
  /** null: of all tenants. */
  readonly tenant: string | null
  readonly fromMs: number
  readonly toMs: number
}

/** The pages of one list put together. */
export interface JobList<Q extends JobsQuestion = JobsQuestion> {
  readonly of: Q
  readonly totals: WorkflowList['totals']
  readonly origin: WorkflowList['origin']
  readonly rows: readonly WorkflowRow[]
  readonly pages: number
  readonly nextCursor: string | null
}

/** More than anybody reads; a shorter period or an outcome finds the rest. */
export const MOST_ROWS = 5000

export function firstPage<Q extends JobsQuestion>(of: Q, page: WorkflowList): JobList<Q> {
  const { totals, origin, workflows, nextCursor } = page
  return { of, totals, origin, rows: unique([], workflows), pages: 1, nextCursor }
}

/**
 * With one page more. Jobs that still run grow and may come again on a later page: the newer row takes the older one's
 * place. Totals are those of the newest page.
 */
export function withPage<Q extends JobsQuestion>(list: JobList<Q>, page: WorkflowList): JobList<Q> {
  const rows = unique(list.rows, page.workflows)
  // A back end that hands out the same page again and again must not be asked for ever.
  const stuck = rows.length === list.rows.length || page.nextCursor === list.nextCursor
  const full = rows.length >= MOST_ROWS
  return {
    ...list,
    totals: page.totals,
    origin: page.origin,
    rows: rows.slice(0, MOST_ROWS),
    pages: list.pages + 1,
    nextCursor: stuck || full ? null : page.nextCursor,
  }
}

/**
 * With the newest first page of a list that was read further: what runs has grown, what ended has ended, and the totals are
 * those of now. The stretch of time that further pages are asked of stays.
 */
export function refreshed<Q extends JobsQuestion>(list: JobList<Q>, page: WorkflowList): JobList<Q> {
  const rows = unique(list.rows, page.workflows).toSorted(byTokens).slice(0, MOST_ROWS)
  return { ...list, totals: page.totals, origin: page.origin, rows }
}

function byTokens(a: WorkflowRow, b: WorkflowRow): number {
  const [x, y] = [BigInt(a.total), BigInt(b.total)]
  return x < y ? 1 : x > y ? -1 : 0
}

function unique(before: readonly WorkflowRow[], more: readonly WorkflowRow[]): WorkflowRow[] {
  return [...new Map([...before, ...more].map((row) => [row.id, row])).values()]
}

import type { Factory } from '../../factory/factory.ts'
import type { Books } from '../../ledger/ledger.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import { ProblemError } from '../http/handler.ts'

/** What the reading half of the Metering API answers from. */
export interface ReadingContext {
  readonly ledger: Books
  readonly factory: Factory
  /** A tenant's limits now, throttles included. */
  effective(tenant: string): LimitValues
  /** Nothing of the tenant is let through. */
  isBlocked(tenant: string): boolean
}

export function instant(ms: number): string {
  return new Date(ms).toISOString()
}

/** The part of every answer that says how far it reaches. */
export function asOf(ledger: Books, missing: readonly string[] = [], reach = ledger.dataAsOf()) {
  return { dataAsOf: instant(reach), complete: missing.length === 0, missing: [...missing] }
}

/** What is missing because it is older than what is kept. */
export function beforeKept(ledger: Books, fromMs: number): string[] {
  const kept = ledger.history.keptFrom()
  return fromMs >= kept ? [] : [`usage before ${instant(kept)}: it is no longer kept`]
}

/**
 * Both ends of a question in ms.
 * @throws ProblemError where it ends before it begins
 */
export function rangeOf(query: { readonly from: string; readonly to: string }): {
  fromMs: number
  toMs: number
} {
  const fromMs = Date.parse(query.from)
  const toMs = Date.parse(query.to)
  if (toMs > fromMs) return { fromMs, toMs }
  throw invalid(`It must be later than from, which is ${query.from}.`, 'query.to')
}

export function invalid(text: string, pointer: string): ProblemError {
  return new ProblemError('invalid-request', text, pointer)
}

/** @throws ProblemError where there is no such tenant */
export function accountOf({ ledger }: ReadingContext, tenant: string) {
  const account = ledger.accounts.get(tenant)
  if (account !== undefined) return account
  throw new ProblemError('not-found', `There is no tenant "${tenant}".`, 'path.id')
}

export interface PageQuery {
  readonly limit: number
  readonly cursor?: string | undefined
}

/** One page of a list; the cursor is the place after the last entry, and of this list alone. */
export function page<T>(
  list: readonly T[],
  name: string,
  query: PageQuery,
): { entries: T[]; nextCursor: string | null } {
  return pageOf(list, name, pageFrom(name, query), query.limit)
}

/** The place at which a page begins. @throws ProblemError for a cursor of another list */
export function pageFrom(name: string, { cursor }: PageQuery): number {
  return cursor === undefined ? 0 : readCursor(cursor, name)
}

export function pageOf<T>(
  list: readonly T[],
  name: string,
  from: number,
  limit: number,
): { entries: T[]; nextCursor: string | null } {
  const end = from + limit
  return {
    entries: list.slice(from, end),
    nextCursor: end < list.length ? Buffer.from(`${name}:${end}`).toString('base64url') : null,
  }
}

function readCursor(cursor: string, name: string): number {
  const text = Buffer.from(cursor, 'base64url').toString()
  const place = text.startsWith(`${name}:`) ? text.slice(name.length + 1) : ''
  if (/^\d{1,9}$/.test(place)) return Number(place)
  throw invalid('It is not a cursor of this list. Take nextCursor of the page before.', 'query.cursor')
}

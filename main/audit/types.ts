import type { Database } from 'better-sqlite3'
import type { AuditEntry, AuditRecord } from '../core/audit/entry.ts'

/** The newest entry of a chain: whoever keeps its hash can show later that nothing before it was changed or cut off. */
export interface AuditHead {
  readonly seq: number
  readonly hash: string
  /** Wall clock, ms. */
  readonly at: number
}

/** The site's chain of what was done, by whom, from where. */
export interface Audit {
  /**
   * Adds one entry, durably. With `db` it becomes part of the transaction that the caller has open on it, which has to be
   * one of the durable connection's (`Store.write(true, …)`): then what was done and its entry are kept together, or neither is.
   * @throws StoreFailure where nothing can be kept
   */
  append(entry: AuditEntry, db?: Database): AuditRecord
  /** Null for an empty chain, and where it cannot be read. */
  head(): AuditHead | null
}

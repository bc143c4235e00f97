import { createHash } from 'node:crypto'
import { canonicalJson } from '../../shared/model/canonicalJson.ts'
import { link, type Sha256 } from '../core/audit/chain.ts'
import { type AuditEntry, type AuditRecord, GENESIS } from '../core/audit/entry.ts'
import { readRecord } from '../core/audit/check.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Store } from '../store/index.ts'
import type { Audit, AuditHead } from './types.ts'

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex')

export interface AuditOptions {
  /** Asked again each time: a reconfiguration replaces it. */
  readonly store: () => Store
  readonly clock: Clock
  /** Why a chain begins, for its first entry. */
  readonly why?: () => string
}

/** The audit of a store. The head is read in the transaction itself, because the terminal's commands write to the same chain. */
export function createAudit({ store, clock, why }: AuditOptions): Audit {
  function add(entry: AuditEntry, db: Database): AuditRecord {
    const head = headOf(db) ?? start(db)
    return insert(db, link(entry, { seq: head.seq + 1, at: clock.now(), prev: head.hash }, sha256))
  }

  function start(db: Database): AuditHead {
    const first: AuditEntry = {
      actor: { system: 'engine' },
      origin: 'engine',
      action: 'audit.start',
      target: 'audit',
      reason: why?.() ?? whyStarted(),
    }
    return insert(db, link(first, { seq: 1, at: clock.now(), prev: GENESIS }, sha256))
  }

  /** A chain that begins says why: a store that was put aside took its own with it. */
  function whyStarted(): string {
    const health = store().health()
    return health.state === 'open' && health.notice !== null
      ? 'the file of the store before this one was damaged and was put aside, with its audit'
      : 'the store is new'
  }

  return {
    append(entry, db) {
      return db === undefined ? store().write(true, (own) => add(entry, own)) : add(entry, db)
    },
    head() {
      const db = store().database()
      return db === null ? null : headOf(db)
    },
  }
}

function insert(db: Database, record: AuditRecord): AuditRecord {
  const { seq, at, hash } = record
  db.prepare('INSERT INTO audit (seq, at, hash, record) VALUES (?, ?, ?, ?)').run(
    seq,
    at,
    hash,
    canonicalJson(record),
  )
  return record
}

export function headOf(db: Database): AuditHead | null {
  const row = db.prepare<[], AuditHead>('SELECT seq, hash, at FROM audit ORDER BY seq DESC LIMIT 1').get()
  return row ?? null
}

/** A row of the table as it is kept. */
export interface AuditRow {
  readonly seq: number
  readonly at: number
  readonly hash: string
  readonly record: string
}

/** The entry of a row; null where the row does not say what its entry says. */
export function recordOf(row: AuditRow): AuditRecord | null {
  const record = readRecord(row.record)
  if (record === null || record.seq !== row.seq || record.at !== row.at || record.hash !== row.hash)
    return null
  return record
}

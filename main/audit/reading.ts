import { hashOf } from '../core/audit/chain.ts'
import { type BreakKind, ChainCheck, type ChainBreak, type KnownHead } from '../core/audit/check.ts'
import { type AuditRecord, GENESIS } from '../core/audit/entry.ts'
import { headerLine } from '../core/audit/exported.ts'
import type { Database } from '../store/index.ts'
import { type AuditRow, headOf, recordOf, sha256 } from './auditBook.ts'
import type { AuditHead } from './types.ts'

const COLUMNS = 'seq, at, hash, record'

/** A row as it is shown: its entry, or what was found instead of it. */
export interface ReadRow {
  readonly row: AuditRow
  /** Null where it cannot be read. */
  readonly record: AuditRecord | null
  readonly broken: BreakKind | null
}

export interface PageQuestion {
  /** Entries before this one; null for the newest. */
  readonly before: number | null
  readonly limit: number
  /** In any part of an entry, in any case; '' for all. */
  readonly text: string
  /** The beginning of an action; '' for all. */
  readonly action: string
}

/** Entries newest first, each held against its own hash and the entry before it. */
export function readPage(db: Database, { before, limit, text, action }: PageQuestion): ReadRow[] {
  const rows = db
    .prepare<[number, string, string, string, string, number], AuditRow>(
      `SELECT ${COLUMNS} FROM audit
       WHERE seq < ? AND (? = '' OR record LIKE ? ESCAPE '\\') AND (? = '' OR record LIKE ? ESCAPE '\\')
       ORDER BY seq DESC LIMIT ?`,
    )
    .all(
      before ?? Number.MAX_SAFE_INTEGER,
      text,
      // The text stands in JSON, where quotes and line feeds are escaped.
      `%${escaped(JSON.stringify(text).slice(1, -1))}%`,
      action,
      `%"action":"${escaped(JSON.stringify(action).slice(1, -1))}%`,
      limit,
    )
  return rows.map((row) => {
    const record = recordOf(row)
    return { row, record, broken: brokenOf(db, row, record) }
  })
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`)
}

function brokenOf(db: Database, { seq }: AuditRow, record: AuditRecord | null): BreakKind | null {
  if (record === null) return 'unreadable'
  if (hashOf(record, sha256) !== record.hash) return 'changed'
  const before = seq === 1 ? GENESIS : hashAt(db, seq - 1)
  if (before === null) return 'missing'
  return before === record.prev ? null : 'unlinked'
}

function hashAt(db: Database, seq: number): string | null {
  const found: unknown = db.prepare('SELECT hash FROM audit WHERE seq = ?').pluck().get(seq)
  return typeof found === 'string' ? found : null
}

export interface ChainVerdict {
  /** Entries in order from the first on. */
  readonly entries: number
  /** Hash of the last entry that is in order. */
  readonly lastHash: string | null
  readonly head: AuditHead | null
  readonly broken: ChainBreak | null
}

/** Rows that are read and checked before others get their turn. */
const AT_ONCE = 1000

/**
 * Checks the whole chain of a database, in turns.
 * @param turn lets others go on
 */
export async function verifyChain(
  db: Database,
  turn: () => Promise<unknown>,
  heads: readonly KnownHead[] = [],
): Promise<ChainVerdict> {
  const check = new ChainCheck(sha256, undefined, heads)
  const some = db.prepare<[number, number], AuditRow>(
    `SELECT ${COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`,
  )
  let last = Number.MIN_SAFE_INTEGER
  for (;;) {
    const rows = some.all(last, AT_ONCE)
    for (const row of rows) {
      // A column that differs from its entry is as good as an entry that cannot be read.
      check.take(recordOf(row) === null ? '' : row.record)
      last = row.seq
    }
    if (rows.length < AT_ONCE) break
    await turn()
  }
  return { entries: check.nextSeq - 1, lastHash: check.lastHash, head: headOf(db), broken: check.end() }
}

const MOST_EXPORTED = 20_000

/** A file of JSON lines for `floorwatch verify`; null where there is nothing from `first` on. */
export function exportFrom(
  db: Database,
  first: number,
  { site, now }: { readonly site: string; readonly now: number },
): { text: string; last: number; next: number | null } | null {
  const rows = db
    .prepare<[number, number], AuditRow>(`SELECT ${COLUMNS} FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?`)
    .all(first, MOST_EXPORTED)
  const [begin] = rows
  const end = rows.at(-1)
  if (begin === undefined || end === undefined) return null
  const header = headerLine(
    {
      floorwatch: 'audit',
      v: 1,
      site: site.toWellFormed(),
      exportedAt: Math.round(now),
      first: begin.seq,
      last: end.seq,
      prev: begin.seq === 1 ? GENESIS : (hashAt(db, begin.seq - 1) ?? GENESIS),
      head: end.hash,
    },
    sha256,
  )
  const text = `${[header, ...rows.map(({ record }) => record)].join('\n')}\n`
  return { text, last: end.seq, next: (headOf(db)?.seq ?? 0) > end.seq ? end.seq + 1 : null }
}

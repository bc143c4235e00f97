import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { checkExport } from '../core/audit/exported.ts'
import type { ChainBreak, KnownHead } from '../core/audit/check.ts'
import { openReadOnly } from '../store/index.ts'
import { sha256 } from './auditBook.ts'
import { verifyChain } from './reading.ts'

export interface FileVerdict {
  readonly kind: 'database' | 'export'
  /** Of an exported file; null where its first line is not what Floorwatch writes. */
  readonly site: string | null
  /** Entries in order, from the first one of the file. */
  readonly entries: number
  readonly first: number
  /** The last entry that is in order. */
  readonly head: { readonly seq: number; readonly hash: string } | null
  readonly broken: ChainBreak | null
}

const SQLITE = 'SQLite format 3\0'
/** Of JSON lines; a part that the audit view exports has some 12 MiB. */
const MOST_BYTES = 400 * 1024 * 1024

/**
 * Checks the chain of a file: the database of a site, or an exported audit.
 * @throws StoreFailure for a database that cannot be opened, Error with a sentence for a file that cannot be read
 */
export async function verifyFile(path: string, heads: readonly KnownHead[]): Promise<FileVerdict> {
  return beginsLikeSqlite(path) ? verifyDatabase(path, heads) : verifyExport(path, heads)
}

async function verifyDatabase(path: string, heads: readonly KnownHead[]): Promise<FileVerdict> {
  const db = openReadOnly(path)
  try {
    const { entries, lastHash, broken } = await verifyChain(db, () => Promise.resolve(), heads)
    const head = lastHash === null || entries === 0 ? null : { seq: entries, hash: lastHash }
    return { kind: 'database', site: null, entries, first: 1, head, broken }
  } finally {
    db.close()
  }
}

function verifyExport(path: string, heads: readonly KnownHead[]): FileVerdict {
  if (statSync(path).size > MOST_BYTES) throw new Error(`${path} is larger than an exported audit can be.`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const broken = { seq: 0, kind: 'unreadable' as const }
    return { kind: 'export', site: null, entries: 0, first: 1, head: null, broken }
  }
  const lines = text.split('\n')
  const ended = lines.at(-1) === ''
  if (ended) lines.pop()
  const { header, entries, lastHash, broken } = checkExport(lines, ended, sha256, heads)
  const first = header?.first ?? 1
  const head = entries === 0 || lastHash === null ? null : { seq: first + entries - 1, hash: lastHash }
  return { kind: 'export', site: header?.site ?? null, entries, first, head, broken }
}

function beginsLikeSqlite(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const begin = Buffer.alloc(SQLITE.length)
    return readSync(file, begin) === SQLITE.length && begin.toString('latin1') === SQLITE
  } finally {
    closeSync(file)
  }
}

import type { OpenDatabase } from './addon.ts'
import type { Database } from './types.ts'

/** How long a statement waits for another connection's transaction, ms. Ours take milliseconds. */
const BUSY_MS = 2_000
/** The log is cut back to this where a checkpoint emptied it, bytes. */
const MOST_LOG_BYTES = 16 * 1024 * 1024

const SYNCHRONOUS = { normal: 1, full: 2 } as const
export type Durability = keyof typeof SYNCHRONOUS

/**
 * Opens one connection with the settings that SQLite keeps per connection, not in the file.
 * @throws errors of SQLite, and Error where a setting was not taken
 */
export function connect(open: OpenDatabase, path: string, durability: Durability): Database {
  const db = new open(path, { timeout: BUSY_MS })
  try {
    // Nothing that a damaged or planted file says of itself is trusted.
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('mmap_size = 0')
    db.pragma('foreign_keys = ON')
    expectPragma(db, 'journal_mode = WAL', 'wal')
    db.pragma(`journal_size_limit = ${MOST_LOG_BYTES}`)
    db.pragma(`synchronous = ${SYNCHRONOUS[durability]}`)
    // The setting tells the truth only once the file was used.
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    expectPragma(db, 'synchronous', SYNCHRONOUS[durability])
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function expectPragma(db: Database, pragma: string, expected: string | number): void {
  const found: unknown = db.pragma(pragma, { simple: true })
  if (found !== expected) throw new Error(`SQLite: ${pragma} answers ${String(found)}, expected ${expected}`)
}

import type { OpenDatabase } from './addon.ts'
import { codeOf } from './failure.ts'
import { touchPrivately } from './files.ts'

/** Held while the process lives; the system lets go of it however the process ends. */
export interface StoreLock {
  release(): void
}

/**
 * Takes the store of a site for this engine alone. The lock is SQLite's own on an empty file beside the database, because
 * two connections of one engine share the database itself.
 * @returns null where another engine has it
 * @throws errors of SQLite and of the file system
 */
export function takeLock(open: OpenDatabase, path: string): StoreLock | null {
  touchPrivately(path)
  const db = new open(path, { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
    return { release: () => void db.close() }
  } catch (error) {
    db.close()
    if (codeOf(error).startsWith('SQLITE_BUSY')) return null
    throw error
  }
}

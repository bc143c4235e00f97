import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Message, message } from '../../shared/messages/message.ts'
import { loadSqlite, type OpenDatabase } from './addon.ts'
import { connect } from './connection.ts'
import { StoreFailure, storeFailureOf } from './failure.ts'
import { privateFolder, putAside, touchPrivately } from './files.ts'
import { type StoreLock, takeLock } from './lock.ts'
import { migrate, refuseForeign } from './migrate.ts'
import type { Database, Migration } from './types.ts'

export interface StoreFiles {
  /** Folder of this site alone. */
  readonly folder: string
  readonly path: string
}

export function filesIn(folder: string): StoreFiles {
  return { folder, path: join(folder, 'floorwatch.db') }
}

/** The two connections of one engine, and its claim to the file. */
export interface OpenedStore {
  readonly lock: StoreLock
  readonly normal: Database
  readonly full: Database
  /** What happened to an older file. */
  readonly notice: Message | null
}

/**
 * Opens the file of a site: claims it, looks whether it is sound, migrates it. One that is damaged is put aside under
 * another name and a new one takes its place.
 * @throws StoreFailure
 */
export function openFiles(files: StoreFiles, migrations: readonly Migration[], now: number): OpenedStore {
  const { folder, path } = files
  let lock: StoreLock | null = null
  try {
    const sqlite = loadSqlite()
    privateFolder(folder)
    lock = takeLock(sqlite, join(folder, 'lock'))
    if (lock === null) throw new StoreFailure('none', message('store.locked', { path }))
    const damage = existsSync(path) ? damageOf(sqlite, path) : null
    const notice =
      damage === null ? null : message('store.putAside', { path, aside: putAside(path, now), damage })
    touchPrivately(path)
    return { lock, notice, ...connectBoth(sqlite, files, migrations, now) }
  } catch (error) {
    lock?.release()
    throw storeFailureOf(error, path) ?? unexpected(error, path)
  }
}

function connectBoth(
  sqlite: OpenDatabase,
  { folder, path }: StoreFiles,
  migrations: readonly Migration[],
  now: number,
): Pick<OpenedStore, 'normal' | 'full'> {
  const full = connect(sqlite, path, 'full')
  try {
    migrate(full, migrations, { path, backups: join(folder, 'backups'), now })
    return { full, normal: connect(sqlite, path, 'normal') }
  } catch (error) {
    full.close()
    throw error
  }
}

/** What SQLite finds wrong with a file, in its words; null where it is sound. */
function damageOf(sqlite: OpenDatabase, path: string): string | null {
  let db: Database | null = null
  try {
    // Without a change to a file that may be another program's.
    db = new sqlite(path, { timeout: 0 })
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    refuseForeign(db, path)
    const found: unknown = db.pragma('quick_check(1)', { simple: true })
    return found === 'ok' ? null : String(found).slice(0, 200)
  } catch (error) {
    const failure = storeFailureOf(error, path)
    // No room and no right to read say nothing about the file.
    if (error instanceof StoreFailure || failure?.trouble !== 'broken') throw error
    return error instanceof Error ? error.message.slice(0, 200) : String(error)
  } finally {
    db?.close()
  }
}

function unexpected(error: unknown, path: string): StoreFailure {
  const code = error instanceof Error ? error.message.slice(0, 200) : String(error)
  return new StoreFailure('none', message('store.unusable', { path, code }), error)
}

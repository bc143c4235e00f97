import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { message } from '../../shared/messages/message.ts'
import { StoreFailure } from './failure.ts'
import { fileStamp, keepNewest, privateFolder, reachDisk, touchPrivately } from './files.ts'
import type { Database, Migration } from './types.ts'

/** "FLRW" in the header: a file of Floorwatch. */
const APPLICATION_ID = 0x464c_5257
const KEPT_BACKUPS = 3
const BACKUP = /^floorwatch-.*\.db$/

interface MigrationPlace {
  readonly path: string
  /** Folder for copies of the file as it was before a migration. */
  readonly backups: string
  /** Wall clock, ms. */
  readonly now: number
}

/**
 * Brings a database to the present schema, all steps in one transaction; before that a database that has something is
 * copied. Nothing is changed where the copy cannot be made.
 * @throws StoreFailure for a file of a newer Floorwatch; errors of SQLite
 */
export function migrate(db: Database, migrations: readonly Migration[], place: MigrationPlace): void {
  const fresh = isEmpty(db)
  const done = fresh ? new Map<number, string>() : stepsTaken(db)
  const known = new Set(migrations.map(({ id }) => id))
  const newer = [...done].filter(([id]) => !known.has(id))
  if (newer.length > 0) {
    const steps = newer.map(([id, name]) => `${id} ${name}`).join(', ')
    throw new StoreFailure('broken', message('store.newer', { path: place.path, steps }))
  }
  const due = migrations.filter(({ id }) => !done.has(id)).toSorted((a, b) => a.id - b.id)
  if (due.length === 0 && !fresh) return
  const copy = fresh ? null : backUp(db, place)
  const run = db.transaction(() => {
    if (fresh) {
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.exec(
        'CREATE TABLE migration (id INTEGER PRIMARY KEY, name TEXT NOT NULL, takenAt INTEGER NOT NULL) STRICT',
      )
    }
    const note = db.prepare('INSERT INTO migration (id, name, takenAt) VALUES (?, ?, ?)')
    for (const step of due) {
      step.up(db)
      note.run(step.id, step.name, place.now)
    }
  })
  try {
    run.immediate()
  } catch (error) {
    // Nothing was changed, so that the copy would only push out one that is needed.
    if (copy !== null) rmSync(copy, { force: true })
    throw error
  }
  if (copy !== null) keepNewest(place.backups, BACKUP, KEPT_BACKUPS)
}

/** @throws StoreFailure for a database of another program */
export function refuseForeign(db: Database, path: string): void {
  const found: unknown = db.pragma('application_id', { simple: true })
  if (found !== APPLICATION_ID && !isEmpty(db))
    throw new StoreFailure('broken', message('store.foreign', { path }))
}

/**
 * For whoever must not migrate.
 * @throws StoreFailure for a database that has other steps than these
 */
export function refuseOtherSteps(db: Database, migrations: readonly Migration[], path: string): void {
  const done = stepsTaken(db)
  const newer = [...done].filter(([id]) => !migrations.some((step) => step.id === id))
  const steps = newer.map(([id, name]) => `${id} ${name}`).join(', ')
  if (newer.length > 0) throw new StoreFailure('broken', message('store.newer', { path, steps }))
  if (migrations.some(({ id }) => !done.has(id)))
    throw new StoreFailure('broken', message('store.older', { path }))
}

function isEmpty(db: Database): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
}

function stepsTaken(db: Database): Map<number, string> {
  const rows = db.prepare<[], { id: number; name: string }>('SELECT id, name FROM migration').all()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** @returns the copy */
function backUp(db: Database, { backups, now }: MigrationPlace): string {
  privateFolder(backups)
  const copy = join(backups, `floorwatch-${fileStamp(now)}.db`)
  // Before SQLite makes it for everybody; it writes into an empty file.
  touchPrivately(copy)
  db.prepare('VACUUM INTO ?').run(copy)
  reachDisk(copy)
  return copy
}

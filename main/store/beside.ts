import { existsSync } from 'node:fs'
import { message } from '../../shared/messages/message.ts'
import { loadSqlite } from './addon.ts'
import { connect } from './connection.ts'
import { StoreFailure, storeFailureOf } from './failure.ts'
import { refuseForeign, refuseOtherSteps } from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { filesIn } from './open.ts'
import { openStore, type StoreOptions } from './store.ts'
import type { Database, Store } from './types.ts'

/**
 * Opens the store of a site from the terminal, also while an engine has it: then by a connection beside the engine's, and
 * only where the file has exactly the steps of this version, because the engine alone changes it.
 * @throws StoreFailure where there is no usable store
 */
export function openBeside(options: StoreOptions): Store {
  const store = openStore(options)
  const health = store.health()
  if (health.state === 'open') return store
  store.close()
  if (health.message.id !== 'store.locked') throw new StoreFailure(health.state, health.message)
  const { path } = filesIn(options.folder)
  return new BesideStore(
    opened(path, () => connect(loadSqlite(), path, 'full')),
    path,
  )
}

/**
 * Opens a database that may be a copy from elsewhere, without changing it.
 * @throws StoreFailure
 */
export function openReadOnly(path: string): Database {
  if (!existsSync(path)) throw new StoreFailure('none', message('store.unusable', { path, code: 'ENOENT' }))
  return opened(path, () => new (loadSqlite())(path, { readonly: true, fileMustExist: true }))
}

function opened(path: string, open: () => Database): Database {
  let db: Database | null = null
  try {
    db = open()
    refuseForeign(db, path)
    refuseOtherSteps(db, MIGRATIONS, path)
    return db
  } catch (error) {
    db?.close()
    throw storeFailureOf(error, path) ?? error
  }
}

class BesideStore implements Store {
  readonly #db: Database
  readonly #path: string

  constructor(db: Database, path: string) {
    this.#db = db
    this.#path = path
  }

  database(): Database | null {
    return this.#db.open ? this.#db : null
  }

  health(): ReturnType<Store['health']> {
    return { state: 'open', path: this.#path, bytes: 0, notice: null }
  }

  write<T>(_durable: boolean, work: (db: Database) => T): T {
    try {
      return this.#db.inTransaction ? work(this.#db) : this.#db.transaction(() => work(this.#db)).immediate()
    } catch (error) {
      throw storeFailureOf(error, this.#path) ?? error
    }
  }

  close(): void {
    this.#db.close()
  }
}

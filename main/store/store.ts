import { statSync } from 'node:fs'
import { type Message, message } from '../../shared/messages/message.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { StoreFailure, storeFailureOf } from './failure.ts'
import { putAside } from './files.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { filesIn, type OpenedStore, openFiles, type StoreFiles } from './open.ts'
import type { Database, Migration, Store, StoreHealth } from './types.ts'

export interface StoreOptions {
  /** Folder of this site alone, see siteFolder.ts. */
  readonly folder: string
  readonly clock: Clock
  readonly logger: Logger
  /** Those of this version where none are given. */
  readonly migrations?: readonly Migration[]
}

/** How long before a store that could not be opened, or that was full, is tried again, ms. */
const RETRY_MS = 30_000

/** Opens the store of a site. Never throws: an engine without a store runs on, and says so. */
export function openStore(options: StoreOptions): Store {
  return new FileStore(options)
}

/** No store, on purpose: nothing is kept, and every write is refused with `reason`. */
export function noStore(reason: Message, now: number): Store {
  const health: StoreHealth = { state: 'none', message: reason, since: now }
  return {
    database: () => null,
    health: () => health,
    write() {
      throw new StoreFailure('none', reason)
    },
    close: () => undefined,
  }
}

class FileStore implements Store {
  readonly #files: StoreFiles
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #migrations: readonly Migration[]
  #opened: OpenedStore | null = null
  #trouble: { readonly failure: StoreFailure; readonly since: number } | null = null
  #tryAt = Number.NEGATIVE_INFINITY
  #closed = false
  /** The connection of the write that runs now. */
  #writing: Database | null = null

  constructor({ folder, clock, logger, migrations = MIGRATIONS }: StoreOptions) {
    this.#files = filesIn(folder)
    this.#clock = clock
    this.#logger = logger
    this.#migrations = migrations
    this.#open()
  }

  database(): Database | null {
    this.#lookAgain()
    return this.#opened?.normal ?? null
  }

  health(): StoreHealth {
    this.#lookAgain()
    if (this.#trouble !== null) {
      const { failure, since } = this.#trouble
      return { state: failure.trouble, message: failure.reason, since }
    }
    const { path } = this.#files
    return { state: 'open', path, bytes: sizeOf(path), notice: this.#opened?.notice ?? null }
  }

  write<T>(durable: boolean, work: (db: Database) => T): T {
    const outer = this.#writing
    const opened = this.#usable()
    if (outer !== null) {
      if (durable && outer === opened.normal)
        throw new Error('a durable write was begun inside one that is not: begin the outer one durably')
      return outer.transaction(() => settled(work(outer)))()
    }
    const db = durable ? opened.full : opened.normal
    this.#writing = db
    try {
      const done = db.transaction(() => settled(work(db))).immediate()
      this.#mended()
      return done
    } catch (error) {
      const failure = storeFailureOf(error, this.#files.path)
      if (failure === null) throw error
      this.#note(failure)
      throw failure
    } finally {
      this.#writing = null
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#letGo()
    this.#trouble = {
      failure: new StoreFailure('none', message('store.closed')),
      since: this.#clock.now(),
    }
  }

  #usable(): OpenedStore {
    this.#lookAgain()
    if (this.#opened !== null) return this.#opened
    throw this.#trouble?.failure ?? new StoreFailure('none', message('store.closed'))
  }

  #open(): void {
    this.#tryAt = this.#clock.monotonic() + RETRY_MS
    try {
      this.#opened = openFiles(this.#files, this.#migrations, this.#clock.now())
      this.#mended()
      const { notice } = this.#opened
      if (notice !== null) this.#logger.error({ notice }, 'the store was damaged and was put aside')
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error
      this.#note(error)
    }
  }

  /** What could not be opened is tried again, and so is whether there is room again. */
  #lookAgain(): void {
    if (this.#closed || this.#trouble === null || this.#clock.monotonic() < this.#tryAt) return
    this.#tryAt = this.#clock.monotonic() + RETRY_MS
    if (this.#opened !== null) this.#probe(this.#opened.full)
    // A file that was put aside while it was in use has a successor only after a restart: what is in memory knew the old one.
    else if (this.#trouble.failure.trouble !== 'broken') this.#open()
  }

  /** Writes and takes back: whether there is room and the right to write. */
  #probe(db: Database): void {
    if (this.#writing !== null) return
    try {
      db.transaction(() => {
        db.exec(
          'CREATE TABLE probe (bytes BLOB); INSERT INTO probe VALUES (zeroblob(65536)); DROP TABLE probe',
        )
      }).immediate()
      this.#mended()
    } catch (error) {
      const failure = storeFailureOf(error, this.#files.path)
      if (failure !== null) this.#note(failure)
    }
  }

  #note(failure: StoreFailure): void {
    const known = this.#trouble
    if (known?.failure.trouble !== failure.trouble) {
      this.#logger.error({ err: failure, path: this.#files.path }, 'the store cannot be used')
      this.#tryAt = this.#clock.monotonic() + RETRY_MS
    }
    this.#trouble = {
      failure,
      since: known?.failure.trouble === failure.trouble ? known.since : this.#clock.now(),
    }
    if (failure.trouble === 'broken' && this.#opened !== null) this.#abandon(failure)
  }

  /** The file turned out to be damaged while it was in use. */
  #abandon(failure: StoreFailure): void {
    const { path } = this.#files
    this.#letGo()
    try {
      const aside = putAside(path, this.#clock.now())
      const reason = message('store.damagedInUse', { path, aside })
      this.#trouble = { failure: new StoreFailure('broken', reason, failure), since: this.#clock.now() }
    } catch (error) {
      this.#logger.error({ err: error, path }, 'a damaged store could not be put aside')
    }
  }

  #mended(): void {
    if (this.#trouble === null) return
    this.#logger.warn({ path: this.#files.path }, 'the store can be used again')
    this.#trouble = null
  }

  #letGo(): void {
    const opened = this.#opened
    this.#opened = null
    if (opened === null) return
    try {
      opened.full.pragma('wal_checkpoint(TRUNCATE)')
    } catch (error) {
      this.#logger.warn({ err: error }, 'the log of the store could not be written into its file; it is kept')
    }
    for (const each of [opened.normal, opened.full]) each.close()
    opened.lock.release()
  }
}

function settled<T>(result: T): T {
  if (result instanceof Promise)
    throw new Error('the work of a write has to be done when it returns: it was a promise')
  return result
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

import type { Database } from 'better-sqlite3'
import type { Message } from '../../shared/messages/message.ts'

/** One connection of better-sqlite3; statements run at once, in this thread. */
export type { Database } from 'better-sqlite3'

/** What a site's engine keeps: one SQLite file, written in transactions. */
export interface Store {
  /**
   * For reading, and for asking whether there is a store. Null while there is no usable one; {@link Store.health} says
   * why. Ask again each time: a store that could not be opened is tried again, and what was locked or full mends.
   */
  database(): Database | null
  health(): StoreHealth
  /**
   * Runs `work` in one transaction: all of it is kept or nothing. With `durable` it has reached the disk on return
   * (synchronous=FULL); without, a power cut may take the last seconds, a crash of the engine nothing.
   *
   * A write within a write joins it. What `work` throws itself (a broken constraint among it) is thrown on, rolled back.
   * @param work synchronous; it gets the connection to write on
   * @throws StoreFailure where nothing was kept because there is no store, no room, or no right to write
   */
  write<T>(durable: boolean, work: (db: Database) => T): T
  /** Writes what is in the log into the file and lets go of it; the store is of no use afterwards. */
  close(): void
}

/**
 * `open`: kept, `notice` tells what happened to an older file · `none`: no file, or another engine has it · `broken`:
 * the file cannot be used · `full`: it is open and takes nothing more · `readOnly`: it can be read only.
 */
export type StoreHealth =
  | {
      readonly state: 'open'
      readonly path: string
      readonly bytes: number
      readonly notice: Message | null
    }
  | {
      readonly state: 'none' | 'broken' | 'full' | 'readOnly'
      readonly message: Message
      /** Wall clock, ms since the epoch. */
      readonly since: number
    }

/** One step of the schema. Steps are never changed once they were released; a later one changes what they made. */
export interface Migration {
  /** Unique; steps are taken in this order, each once, also where a lower number is released after a higher one. */
  readonly id: number
  readonly name: string
  /** Runs inside the transaction of all steps that are due. */
  up(db: Database): void
}

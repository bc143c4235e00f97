import { type Message, message } from '../../shared/messages/message.ts'
import { textOf } from '../../shared/messages/format.ts'
import type { StoreHealth } from './types.ts'

export type StoreTrouble = Exclude<StoreHealth['state'], 'open'>

/** Nothing was kept. `reason` is for the person at the screen. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
  readonly trouble: StoreTrouble
  readonly reason: Message

  constructor(trouble: StoreTrouble, reason: Message, cause?: unknown) {
    super(textOf(reason), { cause })
    this.trouble = trouble
    this.reason = reason
  }
}

/**
 * What an error of SQLite or of the file system means for the store; null for one that says nothing about the file: a
 * broken constraint, or whatever the caller's own work threw.
 * @param path of the database, named in the words
 */
export function storeFailureOf(error: unknown, path: string): StoreFailure | null {
  if (error instanceof StoreFailure) return error
  const code = codeOf(error)
  const trouble = troubleOf(code)
  if (trouble === null) return null
  return new StoreFailure(trouble, wordsFor(trouble, code, path), error)
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Extended codes begin with the plain one. Of input and output errors, those that mean a lack of room come first. */
function troubleOf(code: string): StoreTrouble | null {
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT|SQLITE_IOERR_(WRITE|SHMSIZE|SHMOPEN|TRUNCATE))$/.test(code)) return 'full'
  if (/^(SQLITE_READONLY|SQLITE_PERM|EROFS|EACCES|EPERM)/.test(code)) return 'readOnly'
  if (/^(SQLITE_CORRUPT|SQLITE_NOTADB|SQLITE_FORMAT)/.test(code)) return 'broken'
  if (/^(SQLITE_(IOERR|BUSY|LOCKED|CANTOPEN|NOLFS|PROTOCOL)|E[A-Z]+$)/.test(code)) return 'none'
  return null
}

function wordsFor(trouble: StoreTrouble, code: string, path: string): Message {
  if (trouble === 'full') return message('store.full', { path })
  if (trouble === 'readOnly') return message('store.readOnly', { path })
  return message(trouble === 'broken' ? 'store.broken' : 'store.unusable', { path, code })
}

import { createRequire } from 'node:module'
import type DatabaseConstructor from 'better-sqlite3'
import { message } from '../../shared/messages/message.ts'
import { StoreFailure } from './failure.ts'

export type OpenDatabase = typeof DatabaseConstructor

/** What the addon is built against. On an older one it does not fail, it takes the process with it. */
const NODE_API = 10

/**
 * SQLite, loaded when it is first needed: where it cannot be, the engine runs on without it.
 * @param versions of this process
 * @throws StoreFailure
 */
export function loadSqlite(versions: NodeJS.ProcessVersions = process.versions): OpenDatabase {
  const found = Number(versions['napi'] ?? 0)
  if (!(found >= NODE_API)) {
    throw new StoreFailure('none', message('store.oldNode', { node: versions.node, found, needed: NODE_API }))
  }
  try {
    // Not bundled: it looks for its own addon in the folder that it lies in.
    const Database: OpenDatabase = createRequire(import.meta.url)('better-sqlite3')
    return Database
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new StoreFailure('none', message('store.noAddon', { reason: reason.slice(0, 300) }), error)
  }
}

import { z } from 'zod'
import type { RememberedHost } from '../../core/fleet/index.ts'
import type { Logger } from '../../platform/logger.ts'
import { type Store, StoreFailure } from '../../store/index.ts'

/** Beyond it a floor has an inventory. */
const MOST_GPUS = 20_000
const name = z.string().min(1).max(256)
const hostSchema = z.object({
  name,
  seenAt: z.number().int().positive(),
  gpus: z
    .array(
      z.object({ slot: z.int().min(0).max(1023), uuid: z.string().max(256), model: z.string().max(256) }),
    )
    .min(1)
    .max(128),
})

/**
 * What machines a floor without an inventory had, from one engine to the next: kept in the site's store. Where nothing can
 * be kept or read, the floor starts without them, and the store's own row among the sources says why.
 */
export class KnownHosts {
  readonly #store: Store
  readonly #logger: Logger

  constructor(store: Store, logger: Logger) {
    this.#store = store
    this.#logger = logger
  }

  /** Times are wall clock, ms. What is not in its form is left out. */
  read(): RememberedHost[] {
    const rows = this.#rows()
    const hosts = rows.flatMap((row) => hostOf(row) ?? [])
    if (hosts.length < rows.length)
      this.#logger.warn(
        { hosts: rows.length - hosts.length },
        'remembered hosts are not in their form and were left out',
      )
    return hosts
  }

  /** Instead of what was kept before. */
  keep(hosts: readonly RememberedHost[]): void {
    if (this.#store.database() === null) return
    let gpus = 0
    const kept = hosts.filter((host) => (gpus += host.gpus.length) <= MOST_GPUS)
    try {
      this.#store.write(false, (db) => {
        db.exec('DELETE FROM known_host')
        const insert = db.prepare('INSERT INTO known_host (name, seen_at, gpus) VALUES (?, ?, ?)')
        for (const each of kept) insert.run(each.name, Math.round(each.seenAt), JSON.stringify(each.gpus))
      })
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error
      this.#logger.debug({ err: error }, 'the hosts of the floor could not be kept')
    }
  }

  #rows(): readonly unknown[] {
    const db = this.#store.database()
    if (db === null) return []
    try {
      return db.prepare('SELECT name, seen_at AS seenAt, gpus FROM known_host').all()
    } catch (error) {
      this.#logger.warn({ err: error }, 'the hosts that the floor had before cannot be read')
      return []
    }
  }
}

function hostOf(row: unknown): RememberedHost | null {
  const { gpus, ...rest } = row as { readonly gpus: unknown }
  try {
    return hostSchema.parse({ ...rest, gpus: JSON.parse(String(gpus)) })
  } catch {
    return null
  }
}

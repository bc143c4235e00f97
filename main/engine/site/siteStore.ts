import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { message } from '../../../shared/messages/message.ts'
import type { SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { noStore, openStore, siteFolder, type Store } from '../../store/index.ts'
import type { StatePlace } from '../types.ts'

/** The store of one site while some site of an engine uses it. */
export interface SiteStore {
  /** Sites of the same key share the store: an edited configuration goes on with it. */
  readonly key: string
  readonly store: Store
  close(): void
}

export interface SiteStoreOptions {
  readonly config: SiteConfig | null
  readonly state: StatePlace | null
  readonly clock: Clock
  readonly logger: Logger
}

/** Opens the store of a site, or takes over the one that its predecessor has. Never throws. */
export function siteStore(options: SiteStoreOptions, predecessor: SiteStore | null): SiteStore {
  const { config, state, clock, logger } = options
  const key = keyOf(config, state)
  if (predecessor?.key === key) return predecessor
  const plain = (store: Store): SiteStore => ({ key, store, close: () => store.close() })
  if (state === null) return plain(noStore(message('store.notKept'), clock.now()))
  if (config === null) return plain(noStore(message('store.setup'), clock.now()))
  if (!config.demo || state.keepsDemo)
    return plain(openStore({ folder: siteFolder(state.folder, nameOf(config)), clock, logger }))
  return temporaryStore(key, clock, logger)
}

/** What a demo factory leaves behind is of no use to the next one. */
function temporaryStore(key: string, clock: Clock, logger: Logger): SiteStore {
  let folder: string
  try {
    folder = mkdtempSync(join(tmpdir(), 'floorwatch-state-'))
  } catch (error) {
    const code = error instanceof Error ? error.message : String(error)
    const store = noStore(message('store.unusable', { path: tmpdir(), code }), clock.now())
    return { key, store, close: () => undefined }
  }
  const store = openStore({ folder, clock, logger })
  return {
    key,
    store,
    close() {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function nameOf({ demo, site }: SiteConfig): string {
  return demo ? 'demo' : site.name
}

function keyOf(config: SiteConfig | null, state: StatePlace | null): string {
  if (state === null || config === null) return 'none'
  return `${config.demo ? 'demo' : 'site'} ${nameOf(config)}`
}

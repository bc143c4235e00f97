import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { readConfig, readConfigText, type LoadOptions } from './load.ts'
import { ConfigError } from './problems.ts'
import type { ConfigProblem, SiteConfig } from './types.ts'

/** What stands in the file now, where that is not what was loaded. */
export interface EditedConfig {
  /** Of the text; what is applied is what was offered under it. */
  readonly digest: string
  /** Null where it would be refused. */
  readonly config: SiteConfig | null
  readonly problems: readonly ConfigProblem[]
}

export interface EditedFileOptions extends LoadOptions {
  readonly path: string
  /** Called with each new state, null once the file says again what was loaded. */
  readonly onEdited: (edited: EditedConfig | null) => void
  /** Between two looks, ms. */
  readonly everyMs?: number
}

/** Notices edits until it is closed. */
export interface EditedFile {
  /** What stands there now is in use from here on. */
  inUse(digest: string): void
  close(): void
}

const EVERY_MS = 2_000
const MISSING = 'there was no file'

/**
 * Looks at the file now and then: editors put new files in place of old ones, folders are mounted and synchronised, and
 * a look every two seconds sees all of that alike. What it finds must stand still from one look to the next, so that no
 * half-written file is judged. Never throws.
 */
export function watchConfigFile({ path, onEdited, everyMs = EVERY_MS, env }: EditedFileOptions): EditedFile {
  let used: string | null = null
  let seen: string | null = null
  let judged: string | null = null
  let told: string | null = null
  let looking = false
  let closed = false

  async function look(): Promise<void> {
    const state = await stateOf(path)
    if (used === null) {
      // What the engine has just loaded, so it is not being written.
      used = state === null ? MISSING : (await judge()).digest
      seen = state
      judged = state
      return
    }
    const still = state === seen
    seen = state
    // Away for the moment that an editor needs, or for good: then the next start tells it.
    if (state === null || !still || state === judged) return
    judged = state
    const edited = await judge()
    if (closed) return
    const news = edited.digest === used ? null : edited
    if ((news?.digest ?? null) === told) return
    told = news?.digest ?? null
    onEdited(news)
  }

  async function judge(): Promise<EditedConfig> {
    let digest = ''
    try {
      const text = await readConfigText(path)
      digest = createHash('sha256').update(text).digest('hex')
      const config = readConfig(text, path, env === undefined ? {} : { env })
      return { digest, config, problems: [] }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      // A file that cannot be read has no text; its problem stands for it.
      return { digest: digest || `unreadable: ${error.message}`, config: null, problems: error.problems }
    }
  }

  const turn = () => {
    if (looking) return
    looking = true
    look()
      .catch(() => undefined)
      .finally(() => (looking = false))
  }
  turn()
  const timer = setInterval(turn, everyMs)
  timer.unref()
  return {
    inUse(digest) {
      used = digest
      told = null
    },
    close() {
      closed = true
      clearInterval(timer)
    },
  }
}

/** Changes whenever the file does; null where there is none. */
async function stateOf(path: string): Promise<string | null> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path)
    return [mtimeMs, ctimeMs, size, ino].join(' ')
  } catch {
    return null
  }
}

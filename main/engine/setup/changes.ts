import type { ConfigChange } from '../../../shared/contract/console.ts'
import { type EditedConfig, type EditedFile, watchConfigFile } from '../../config/editedFile.ts'
import { whoElseWrites } from '../../platform/whoElseWrites.ts'
import { describeRoutes, secretRoutes } from '../../config/trust.ts'
import type { SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { Refusal } from '../session/refusal.ts'
import { message } from '../../../shared/messages/message.ts'

export interface ConfigChangesOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Whoever runs the engine named the file; one that was only found sends no secret to a new place without him. */
  readonly named: boolean
  /** Replaces the site. */
  readonly watch: (configOf: () => SiteConfig) => Promise<void>
  /** How often the file is looked at, ms. */
  readonly everyMs?: number
}

/** Problems that a screen lists; the rest is counted by `floorwatch check`. */
const MOST_PROBLEMS = 20

/**
 * A configuration that was edited while the engine runs is read, checked and offered to consoles; it is applied when
 * one of them says so, and never by itself: a half-done edit must not turn the floor.
 */
export class ConfigChanges {
  readonly #options: ConfigChangesOptions
  #config: SiteConfig | null = null
  #file: EditedFile | null = null
  #offer: { readonly edited: EditedConfig; readonly at: number } | null = null

  constructor(options: ConfigChangesOptions) {
    this.#options = options
  }

  /** From now on this is what is watched; null, and the demo factory, have no file that people edit. */
  follow(config: SiteConfig | null): void {
    if (config !== null && this.#config?.path === config.path && this.#file !== null) {
      this.#config = config
      return
    }
    this.close()
    this.#config = config
    if (config === null || config.demo) return
    const { clock, logger, everyMs } = this.#options
    this.#file = watchConfigFile({
      path: config.path,
      ...(everyMs === undefined ? {} : { everyMs }),
      onEdited: (edited) => {
        this.#offer = edited === null ? null : { edited, at: clock.now() }
        if (edited !== null) {
          logger.warn({ path: config.path, problems: edited.problems.length }, 'the configuration was edited')
        }
      },
    })
  }

  /** For consoles; null where the file says what is in use. */
  offer(): ConfigChange | null {
    if (this.#offer === null) return null
    const { edited, at } = this.#offer
    return {
      at,
      digest: edited.digest,
      problems: edited.problems.slice(0, MOST_PROBLEMS).map(({ place, key, text, nextStep }) => ({
        line: place.line,
        column: place.column,
        key,
        text,
        nextStep,
      })),
      more: Math.max(0, edited.problems.length - MOST_PROBLEMS),
      newRoutes: edited.config === null ? [] : describeRoutes(this.#newRoutes(edited.config)),
    }
  }

  /** @throws Refusal where it is not what was offered, or may not be applied from a screen */
  async apply(digest: string): Promise<void> {
    const edited = this.#offer?.edited
    if (edited === undefined || edited.digest !== digest) {
      throw new Refusal('invalid', message('refusal.config.another'), message('refusal.config.another.next'))
    }
    const { config } = edited
    if (config === null) {
      throw new Refusal('invalid', message('refusal.config.errors'), message('refusal.config.errors.next'))
    }
    const writer = whoElseWrites(config.path)
    if (writer !== null) {
      throw new Refusal(
        'forbidden',
        message('refusal.config.writable', { path: config.path, reason: writer }),
        message('refusal.config.writable.next', { path: config.path }),
      )
    }
    const routes = describeRoutes(this.#newRoutes(config))
    if (routes.length > 0 && !this.#options.named) {
      throw new Refusal(
        'forbidden',
        message('refusal.config.routes', { routes }),
        message('refusal.config.routes.next'),
      )
    }
    this.#options.logger.warn({ path: config.path, routes }, 'a console applies the edited configuration')
    await this.#options.watch(() => config)
    this.#file?.inUse(digest)
    if (this.#offer?.edited === edited) this.#offer = null
  }

  close(): void {
    this.#file?.close()
    this.#file = null
    this.#offer = null
  }

  /** Secrets that would go where they do not go now. */
  #newRoutes(config: SiteConfig) {
    const known = new Set(
      (this.#config === null ? [] : secretRoutes(this.#config)).flatMap(({ secret, to }) =>
        to.map((address) => `${secret} ${address}`),
      ),
    )
    return secretRoutes(config).flatMap(({ secret, to }) => {
      const added = to.filter((address) => !known.has(`${secret} ${address}`))
      return added.length === 0 ? [] : [{ secret, to: added }]
    })
  }
}

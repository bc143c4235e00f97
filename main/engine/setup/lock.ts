import type { Clock } from '../../platform/clock.ts'
import { Refusal } from '../session/refusal.ts'
import { message } from '../../../shared/messages/message.ts'

/** How long the setup stays open once it was unlocked at the terminal, ms. */
export const SETUP_OPEN_MS = 15 * 60_000

export interface SetupLockOptions {
  readonly clock: Clock
  /** A site is configured: its engine takes no setup from a screen. The demo factory is none. */
  readonly watchesSite: () => boolean
}

/**
 * Whether screens may use the setup. It is open while there is no site to lose; afterwards a console that was left
 * open, or a page that got hold of one, must not turn the engine to other addresses: then only whoever runs the engine
 * opens it, for a while.
 */
export class SetupLock {
  readonly #options: SetupLockOptions
  /** On the monotonic clock. */
  #openUntil = Number.NEGATIVE_INFINITY

  constructor(options: SetupLockOptions) {
    this.#options = options
  }

  unlock(forMs = SETUP_OPEN_MS): void {
    this.#openUntil = Math.max(this.#openUntil, this.#options.clock.monotonic() + forMs)
  }

  /** `until`: wall clock, ms; null where it is open without an end, or locked. */
  state(): { readonly open: boolean; readonly until: number | null } {
    const left = this.#openUntil - this.#options.clock.monotonic()
    if (!this.#options.watchesSite()) return { open: true, until: null }
    return left > 0 ? { open: true, until: this.#options.clock.now() + left } : { open: false, until: null }
  }

  /** @throws Refusal where the setup is locked */
  check(command: string): void {
    if (this.state().open) return
    throw new Refusal('forbidden', message('refusal.locked', { command }), message('refusal.locked.next'))
  }
}

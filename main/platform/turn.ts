import { setImmediate as afterIo } from 'node:timers/promises'

const LONGEST_MS = 12

/**
 * Keeps long work from holding the event loop: ask `over()` every few hundred rows (it costs a clock reading) and await `next()` where it
 * says so. Whatever else the engine has to do (other sources, screens, timers) runs in between, so state that others may change has to be
 * read again afterwards, and what is half done must not be visible to them.
 */
export class Turn {
  private endsAt: number
  private readonly longestMs: number

  /** `longestMs`: how long one turn may hold the loop. */
  constructor(longestMs = LONGEST_MS) {
    this.longestMs = longestMs
    this.endsAt = performance.now() + longestMs
  }

  /** Whether the loop has been held for as long as it may. */
  over(): boolean {
    return performance.now() >= this.endsAt
  }

  /** Lets everything that waits run, then begins the next turn. */
  async next(): Promise<void> {
    await afterIo()
    this.endsAt = performance.now() + this.longestMs
  }
}

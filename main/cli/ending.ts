/** Work to undo when the program ends, in the opposite order of its doing. */
export class Ending {
  readonly #steps: (() => unknown)[] = []
  #done: Promise<void> | null = null

  add(step: () => unknown): void {
    this.#steps.unshift(step)
  }

  /** Runs every step even where one fails, once. */
  run(): Promise<void> {
    this.#done ??= this.#all()
    return this.#done
  }

  async #all(): Promise<void> {
    for (const step of this.#steps) {
      try {
        await step()
      } catch {
        // The rest must end all the same; what failed here is going away anyway.
      }
    }
  }
}

/** Longest tidy end; a socket that does not close must not keep a terminal. */
const GRACE_MS = 5000
const SAME_KEY_MS = 500

/**
 * Resolves when the person or the system asks the program to end. A second signal ends it at once, and so does an end
 * that takes too long.
 */
export function untilAsked(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedAt: number | null = null
    const onSignal = (signal: NodeJS.Signals) => {
      const now = performance.now()
      // One Ctrl-C may arrive twice: from the terminal, and passed on by npm.
      if (askedAt !== null && now - askedAt > SAME_KEY_MS) process.exit(130)
      if (askedAt !== null) return
      askedAt = now
      setTimeout(() => process.exit(1), GRACE_MS).unref()
      resolve(signal)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  })
}

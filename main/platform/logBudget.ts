import type { Clock } from './clock.ts'
import { Repeats } from './repeats.ts'

/** Lines of one kind that are written as they come within a minute; what a person would still read. */
const FREE_LINES = 20
const WINDOW_MS = 60_000
/** Kinds that are distinguished; beyond that all others share one budget, so that made-up texts win nothing. */
const MAX_KINDS = 256
const OTHERS = 'others'
const KIND_LENGTH = 80

interface Spent {
  windowStart: number
  lines: number
}

/**
 * Keeps a source that fails twenty thousand times from filling the disk: the first lines of a kind are written as they
 * come, what follows is counted and told now and then.
 */
export class LogBudget {
  readonly #clock: Clock
  readonly #repeats: Repeats
  readonly #spent = new Map<string, Spent>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.#repeats = new Repeats(clock)
  }

  /** @param write `hidden` lines of this kind were left out since the last one */
  note(level: number, message: string, write: (hidden: number) => void): void {
    const kind = this.#kindOf(level, message)
    const spent = this.#spent.get(kind)
    const now = this.#clock.monotonic()
    if (spent === undefined || now - spent.windowStart >= WINDOW_MS) {
      this.#spent.set(kind, { windowStart: now, lines: 1 })
    } else {
      spent.lines += 1
      if (spent.lines > FREE_LINES) return this.#repeats.note(kind, write)
    }
    write(0)
  }

  /** Figures and quoted parts differ from line to line and make no other kind. */
  #kindOf(level: number, message: string): string {
    const words = message.slice(0, KIND_LENGTH).replaceAll(/"[^"]*"?|\d+/g, '#')
    const kind = `${level} ${words}`
    if (this.#spent.has(kind) || this.#spent.size < MAX_KINDS) return kind
    this.#forgetOld()
    return this.#spent.size < MAX_KINDS ? kind : OTHERS
  }

  #forgetOld(): void {
    const now = this.#clock.monotonic()
    for (const [kind, { windowStart }] of this.#spent) {
      if (now - windowStart >= WINDOW_MS) this.#spent.delete(kind)
    }
  }
}

import type { Clock } from './clock.ts'

/** Lines of one kind are this far apart at least, ms. */
const EVERY_MS = 10_000
/** Kinds that are remembered; more than that many different ones share the last place. */
const MAX_KINDS = 64
const OTHERS = 'others'

interface Kind {
  openAt: number
  /** What was left out since the last line, and how to say it. */
  hidden: number
  write: ((hidden: number) => void) | null
  timer: NodeJS.Timeout | null
}

/**
 * Keeps a flood of equal events from becoming a flood of log lines: the first of a kind is written at once, what
 * follows within ten seconds is counted, and one line then says how many there were.
 */
export class Repeats {
  readonly #clock: Clock
  readonly #kinds = new Map<string, Kind>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * @param kind events of one kind share a line; texts from outside do not belong in it
   * @param write writes the line; `hidden` counts the events of this kind that had none since the last line
   */
  note(kind: string, write: (hidden: number) => void): void {
    const entry = this.#entry(kind)
    if (this.#clock.monotonic() < entry.openAt) {
      entry.hidden += 1
      entry.write = write
      entry.timer ??= this.#later(entry)
      return
    }
    this.#write(entry, write, entry.hidden)
  }

  /** Writes what was counted and not yet said. */
  close(): void {
    for (const entry of this.#kinds.values()) this.#flush(entry)
    this.#kinds.clear()
  }

  #entry(kind: string): Kind {
    const name = this.#kinds.has(kind) || this.#kinds.size < MAX_KINDS ? kind : OTHERS
    const found = this.#kinds.get(name) ?? {
      openAt: Number.NEGATIVE_INFINITY,
      hidden: 0,
      write: null,
      timer: null,
    }
    this.#kinds.set(name, found)
    return found
  }

  #later(entry: Kind): NodeJS.Timeout {
    return setTimeout(() => this.#flush(entry), EVERY_MS).unref()
  }

  #flush(entry: Kind): void {
    // The event that lends its words is one of those counted.
    if (entry.write !== null && entry.hidden > 0) this.#write(entry, entry.write, entry.hidden - 1)
    else if (entry.timer !== null) clearTimeout(entry.timer)
  }

  #write(entry: Kind, write: (hidden: number) => void, hidden: number): void {
    if (entry.timer !== null) clearTimeout(entry.timer)
    entry.timer = null
    entry.hidden = 0
    entry.write = null
    entry.openAt = this.#clock.monotonic() + EVERY_MS
    write(hidden)
  }
}

export interface NameBudgetOptions {
  /** New names that are taken within a minute; the first answer that has any may bring as many as may be in all. */
  readonly perMinute: number
  /** Names that are known at the same time. */
  readonly most: number
}

/** What an answer brought beyond the budget. */
export interface Refused {
  /** Names that were not taken, and some of them. */
  readonly count: number
  readonly samples: readonly string[]
}

const MINUTE_MS = 60_000
/** A name that was not seen for so long makes room for another where there is none left, ms. */
const FORGET_MS = 60 * MINUTE_MS
const MOST_SAMPLES = 3

/**
 * Names of one kind that a source may bring. A source that makes names up, or counts under something that is new with
 * every request, would fill memory and screens; names that are known go on whatever it brings.
 */
export class NameBudget {
  readonly #options: NameBudgetOptions
  /** When each was seen last, the longest ago first. */
  readonly #seen = new Map<string, number>()
  #left: number
  #minuteFrom: number | null = null
  #isNew = true

  constructor(options: NameBudgetOptions) {
    this.#options = options
    this.#left = options.most
  }

  has(name: string): boolean {
    return this.#seen.has(name)
  }

  /** Before the names of an answer. */
  begin(): void {
    this.#isNew = true
  }

  /**
   * Takes names of the answer that began last, as far as the budget goes.
   * @param now monotonic ms
   */
  take(names: ReadonlySet<string>, now: number): Refused {
    if (names.size === 0) return { count: 0, samples: [] }
    if (this.#isNew) this.#refill(now)
    this.#isNew = false
    const fresh: string[] = []
    for (const name of names) {
      if (!this.#seen.delete(name)) fresh.push(name)
      else this.#seen.set(name, now)
    }
    if (this.#seen.size + fresh.length > this.#options.most) this.#forget(now)
    let count = 0
    const samples: string[] = []
    for (const name of fresh) {
      if (this.#left > 0 && this.#seen.size < this.#options.most) {
        this.#left -= 1
        this.#seen.set(name, now)
      } else if (++count <= MOST_SAMPLES) samples.push(name)
    }
    return { count, samples }
  }

  #refill(now: number): void {
    if (this.#minuteFrom === null) this.#minuteFrom = now
    else if (now - this.#minuteFrom >= MINUTE_MS || this.#left > this.#options.perMinute) {
      this.#minuteFrom = now
      this.#left = this.#options.perMinute
    }
  }

  #forget(now: number): void {
    for (const [name, at] of this.#seen) {
      if (now - at < FORGET_MS) return
      this.#seen.delete(name)
    }
  }
}

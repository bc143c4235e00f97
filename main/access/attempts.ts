/** How wrong passwords of one kind of key slow the next ones down. */
export interface AttemptRules {
  /** So many may be wrong without any wait. */
  readonly free: number
  /** The first wait, ms; each further wrong one doubles it. */
  readonly firstMs: number
  readonly longestMs: number
}

interface Entry {
  count: number
  /** Nothing is tried before this, ms. */
  openAt: number
  lastAt: number
}

/** A key without a wrong one for so long begins again, ms. */
const FORGOTTEN_MS = 3_600_000
const MOST_KEYS = 4096

/**
 * Counts attempts by key (an account, an address). An attempt counts as wrong until it turned out right, so that a
 * hundred at once are no way around. Times are monotonic, ms. Bounded: where there are too many keys, the one that has
 * waited off its time longest goes first.
 */
export class Attempts {
  readonly #rules: AttemptRules
  readonly #most: number
  readonly #entries = new Map<string, Entry>()

  constructor(rules: AttemptRules, most = MOST_KEYS) {
    this.#rules = rules
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  /** How long this key has to wait, ms; 0 where it may try. */
  waitMs(key: string, now: number): number {
    const entry = this.#live(key, now)
    return entry === null ? 0 : Math.max(0, entry.openAt - now)
  }

  begin(key: string, now: number): void {
    const { free, firstMs, longestMs } = this.#rules
    const entry = this.#live(key, now) ?? { count: 0, openAt: now, lastAt: now }
    entry.count += 1
    entry.lastAt = now
    const over = entry.count - free
    if (over >= 0) entry.openAt = now + Math.min(longestMs, firstMs * 2 ** Math.min(over, 30))
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > this.#most) this.#makeRoom()
  }

  /** It was the right one. */
  clear(key: string): void {
    this.#entries.delete(key)
  }

  /** This one was not wrong, and says nothing about the others of its key. */
  takeBack(key: string, now: number): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    entry.count -= 1
    if (entry.count <= 0) this.#entries.delete(key)
    else if (entry.count < this.#rules.free) entry.openAt = now
  }

  #live(key: string, now: number): Entry | null {
    const entry = this.#entries.get(key)
    if (entry === undefined) return null
    if (now - entry.lastAt < FORGOTTEN_MS) return entry
    this.#entries.delete(key)
    return null
  }

  #makeRoom(): void {
    let first: string | null = null
    let openAt = Number.POSITIVE_INFINITY
    for (const [key, entry] of this.#entries) {
      if (entry.openAt >= openAt) continue
      first = key
      openAt = entry.openAt
    }
    if (first !== null) this.#entries.delete(first)
  }
}

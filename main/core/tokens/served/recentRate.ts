/** Per second. */
export interface RateLimits {
  /** More than any server can do. */
  readonly most: number
  /** Believed of a server that did nothing yet: traffic may begin at once. */
  readonly atOnce: number
  /** Believed of any, also after its counters fell. */
  readonly least: number
}

/** Traffic may grow to this many times what it was lately from one reading to the next. */
const TIMES = 5
/** Counts come in lumps, such as a long prompt at its end: what is believed of any is believed for this long at once, ms. */
const LUMP_MS = 10_000
/** A counter at zero has lost no part that could come back, so that its first lump may be larger, ms. */
const FIRST_LUMP_MS = 60_000
/** How fast past traffic is forgotten, ms. */
const HALF_LIFE_MS = 15 * 60_000
/**
 * For so long after a fall only the multiple is believed, ms. A counter that fell may be the sum of several processes
 * of which one is missing; when it comes back, all that it ever counted looks like an increase.
 */
const WARY_MS = 3_600_000
/** Meanwhile the multiple climbs slowly, or parts that come and go would raise it step by step. */
const CLIMB = 1.5
/** As many readings in a row that were not believed and say the same, within a factor, are traffic after all. */
const STEADY = 4
/** So many readings have to have been as fast before a rate is taken for usual: parts of a sum come one after another. */
const AS_FAST = 3
const SAME_WITHIN = 2

/** How fast one counter grew lately, and so how fast it can be believed to grow next. Times in ms, rates per second. */
export class RecentRate {
  readonly #limits: RateLimits
  /** The highest rates, descending, each less by its age: one or two readings alone say nothing. */
  #fastest: number[] = []
  #at = 0
  #fellAt = Number.NEGATIVE_INFINITY
  #refused: number[] = []

  constructor(limits: RateLimits) {
    this.#limits = limits
  }

  /** Of a counter that grows. @param elapsed since the reading before, ms @param fromZero that reading was 0 */
  believable(at: number, elapsed: number, fromZero = false): number {
    const { atOnce, least } = this.#limits
    return this.#believable(
      at,
      elapsed,
      this.#isWary(at) ? least : atOnce,
      fromZero ? FIRST_LUMP_MS : LUMP_MS,
    )
  }

  /** Of a counter that fell: what it counted since it restarted. */
  believableAfterFall(at: number, elapsed: number): number {
    return this.#believable(at, elapsed, this.#limits.least, LUMP_MS)
  }

  grew(perSecond: number, at: number): void {
    this.#refused = []
    const ceiling = Math.max(CLIMB * this.#recent(at), this.#limits.least)
    this.#note(this.#isWary(at) ? Math.min(perSecond, ceiling) : perSecond, at)
  }

  /** It grew by more than was believable. */
  refused(perSecond: number, at: number): void {
    this.#refused.push(perSecond)
    while (Math.max(...this.#refused) > SAME_WITHIN * Math.min(...this.#refused)) this.#refused.shift()
    if (this.#refused.length < STEADY) return
    const steady = Math.min(...this.#refused)
    this.#refused = []
    for (let i = 0; i < AS_FAST; i++) this.#note(steady, at)
  }

  fell(at: number): void {
    this.#refused = []
    this.#fellAt = at
  }

  #believable(at: number, elapsed: number, ofAny: number, lumpMs: number): number {
    const lump = ofAny * Math.max(1, lumpMs / Math.max(1, elapsed))
    return Math.min(this.#limits.most, Math.max(TIMES * this.#recent(at), lump))
  }

  #isWary(at: number): boolean {
    return at - this.#fellAt < WARY_MS
  }

  #recent(at: number): number {
    return (this.#fastest.at(-1) ?? 0) * 0.5 ** (Math.max(0, at - this.#at) / HALF_LIFE_MS)
  }

  #note(perSecond: number, at: number): void {
    const left = 0.5 ** (Math.max(0, at - this.#at) / HALF_LIFE_MS)
    this.#at = Math.max(this.#at, at)
    this.#fastest = [...this.#fastest.map((rate) => rate * left), perSecond]
      .toSorted((a, b) => b - a)
      .slice(0, AS_FAST)
  }
}

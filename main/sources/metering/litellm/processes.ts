/** When the process began, s; every client of Prometheus tells it of its own process. */
export const STARTED = 'process_start_time_seconds'
/** The proxy's clock is known no better than this, ms. */
export const CLOCKS_MS = 120_000
/** So many readings after the last one of another process the address is taken to lead to one again. */
const MEMORY = 60
const MOST_KNOWN = 64

/**
 * Which process answers at an address. Behind one address there may be several, proxies of a cluster or workers of one
 * proxy, each with counters of its own; a process that began after the last reading only took the place of another.
 */
export class Processes {
  readonly #known = new Set<number>()
  #now: number | null = null
  #readings = Number.POSITIVE_INFINITY

  /** Several processes answered in turn lately. */
  get areSeveral(): boolean {
    return this.#readings < MEMORY
  }

  /** Whether a single process answers, and another one than the last time. */
  isNew(started: readonly number[]): boolean {
    const [now = Number.NaN] = started
    return started.length === 1 && Number.isFinite(now) && this.#now !== null && now !== this.#now
  }

  /**
   * @param started when it began, s: all that one reading says
   * @param before when the address was read the last time, ms on the clock of the process; null for the first time
   * @returns whether another process answers than before, which ran already then
   */
  isOther(started: readonly number[], before: number | null): boolean {
    this.#readings += 1
    const [now = Number.NaN] = started
    // Of several at once, as Prometheus federates them, each has labels of its own, and so have its counters.
    if (started.length !== 1 || !Number.isFinite(now)) return false
    const last = this.#now
    const wasKnown = this.#known.has(now)
    this.#now = now
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.add(now)
    if (last === null || before === null || now === last) return false
    const isOther = wasKnown || now * 1000 < before - CLOCKS_MS
    if (isOther) this.#readings = 0
    return isOther
  }
}

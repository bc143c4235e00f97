/** A bucket of uses that fills evenly. Times are monotonic, ms. */
export class RateLimit {
  readonly #size: number
  readonly #fillMs: number
  #left: number
  #at = Number.NEGATIVE_INFINITY

  /**
   * @param size uses at once
   * @param fillMs how long an empty bucket takes to be full again
   */
  constructor(size: number, fillMs: number) {
    this.#size = size
    this.#fillMs = fillMs
    this.#left = size
  }

  /** @returns whether there was one left */
  take(now: number): boolean {
    const gained = ((now - this.#at) / this.#fillMs) * this.#size
    this.#left = Math.min(this.#size, this.#left + Math.max(0, gained))
    this.#at = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}

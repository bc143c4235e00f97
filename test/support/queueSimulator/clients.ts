import type { Random } from '../../fuzz/random.ts'
import { normal, type Sizes } from './draws.ts'

/** Whose requests, and for what. */
export interface Route {
  readonly tenant: string
  readonly key: string
  readonly model: string
  readonly endpoint: string
}

interface Traffic extends Route {
  readonly input: Sizes
  readonly output: Sizes
}

/** Requests that come whatever becomes of the others. */
export interface OpenStream extends Traffic {
  /** Requests per second at a time, seconds. */
  readonly rate: (now: number) => number
  /** Requests that come at once, a mean of geometric ones; 1 is none. */
  readonly burst: number
  /** How much the rate wanders from minute to minute; a standard deviation of its logarithm. */
  readonly wander: number
}

/** So many workers, each of which asks again as soon as it is answered. */
export interface Loop extends Traffic {
  readonly workers: number
  readonly from: number
  readonly until: number
  /** Seconds between answer and question. */
  readonly pause: number
}

/** A rate that wanders around its course: each minute remembers most of the one before. */
export class Wander {
  readonly #random: Random
  readonly #sigma: number
  #minute = -1
  #log = 0

  constructor(random: Random, sigma: number) {
    this.#random = random
    this.#sigma = sigma
  }

  factor(now: number): number {
    for (const minute = Math.floor(now / 60); this.#minute < minute; this.#minute++) {
      const kept = 0.8
      this.#log = kept * this.#log + Math.sqrt(1 - kept ** 2) * this.#sigma * normal(this.#random)
    }
    return Math.exp(this.#log - this.#sigma ** 2 / 2)
  }
}

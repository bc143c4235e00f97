import type { Clock } from '../../../platform/clock.ts'

const SECOND_MS = 1000

/** How fast a stream without end may be read: so much within each second, and then a pause until the next. */
export class Pace {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #perSecond: number
  #from = Number.NEGATIVE_INFINITY
  #spent = 0
  #isHeldBack = false

  constructor(clock: Pick<Clock, 'monotonic'>, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
  }

  /** The newest second had more than may be read. */
  get isHeldBack(): boolean {
    return this.#isHeldBack
  }

  /** @returns how long to pause before more is read, ms; a piece that is larger than a second's share pauses longer */
  spend(amount: number): number {
    const now = this.#clock.monotonic()
    if (now - this.#from >= SECOND_MS) {
      this.#from = now
      this.#spent = 0
    }
    this.#spent += amount
    this.#isHeldBack = this.#spent > this.#perSecond
    if (!this.#isHeldBack) return 0
    return Math.max(0, this.#from + (this.#spent / this.#perSecond) * SECOND_MS - now)
  }
}

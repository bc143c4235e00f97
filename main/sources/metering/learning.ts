import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'

/** So long what was learnt stands without a look, ms. */
const FRESH_MS = 5 * 60_000
/** So long it stands on while the look fails: what a back end can do changes with its releases, ms. */
const STANDS_MS = 60 * 60_000
const LOOK_AGAIN_MS = 30_000
const CANCELLED = { code: 'aborted', text: 'the question was cancelled', nextStep: 'None needed.' }

/**
 * Something about a back end that is asked once, kept, and asked again every few minutes. All who want it at the same
 * time wait for one question; it ends when none of them waits any more.
 */
export class Learning<T> {
  readonly #ask: (signal: AbortSignal) => Promise<T>
  readonly #clock: Clock
  #known: { readonly value: T; readonly at: number; lookedAt: number } | null = null
  #asking: { readonly answer: Promise<T>; readonly halt: AbortController; waiting: number } | null = null

  constructor(ask: (signal: AbortSignal) => Promise<T>, clock: Clock) {
    this.#ask = ask
    this.#clock = clock
  }

  /** @throws whatever the question rejects with, where nothing is known that still stands */
  async get(signal: AbortSignal): Promise<T> {
    const now = this.#clock.monotonic()
    const known = this.#known
    if (known !== null && now - known.lookedAt < (known.lookedAt === known.at ? FRESH_MS : LOOK_AGAIN_MS)) {
      return known.value
    }
    try {
      return await this.#share(signal)
    } catch (error) {
      if (signal.aborted || known === null || now - known.at > STANDS_MS) throw error
      known.lookedAt = this.#clock.monotonic()
      return known.value
    }
  }

  /** The next one who wants it asks again; what is known stands only in case that fails. */
  doubt(): void {
    if (this.#known !== null) this.#known.lookedAt = Number.NEGATIVE_INFINITY
  }

  async #share(signal: AbortSignal): Promise<T> {
    const shared = (this.#asking ??= this.#begin())
    shared.waiting += 1
    try {
      return await untilAborted(shared.answer, signal)
    } finally {
      shared.waiting -= 1
      if (shared.waiting === 0) {
        shared.halt.abort()
        if (this.#asking === shared) this.#asking = null
      }
    }
  }

  #begin() {
    const halt = new AbortController()
    const answer = this.#ask(halt.signal).then((value) => {
      const at = this.#clock.monotonic()
      this.#known = { value, at, lookedAt: at }
      return value
    })
    // Whoever waits hears of it; an error that is no longer waited for is dropped.
    answer.catch(() => undefined)
    return { answer, halt, waiting: 0 }
  }
}

/** What others wait for too, as long as this one waits. @throws SourceFailure with the code `aborted` */
export function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new SourceFailure(CANCELLED))
    if (signal.aborted) {
      abort()
      return
    }
    signal.addEventListener('abort', abort, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

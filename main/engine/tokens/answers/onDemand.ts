import type { SourceError } from '../../../../shared/model/source.ts'
import type { Clock } from '../../../platform/clock.ts'
import { sourceErrorOf } from '../../../platform/failure.ts'

export interface Kept<T> {
  readonly value: T | null
  /** Wall clock of the answer, ms. */
  readonly at: number | null
  /** Of the last attempt. */
  readonly error: SourceError | null
}

interface Slot<T> extends Kept<T> {
  readonly askedAt: number
  readonly pending: boolean
}

/** Screens look at few things at once; of more, those that were read longest ago are forgotten. */
const MAX_KEYS = 64
const MAX_PENDING = 4
const NOTHING: Kept<never> = { value: null, at: null, error: null }

/**
 * Figures that cost a question each and are asked for only while somebody looks at them. Reading never waits: it gives
 * what is known and sees to it that a newer answer comes.
 */
export class OnDemand<T> {
  readonly #options: {
    readonly clock: Clock
    readonly keepMs: number
    /** For words: "latency". */
    readonly what: string
    readonly onNews: () => void
  }
  readonly #slots = new Map<string, Slot<T>>()
  readonly #closing = new AbortController()
  #pending = 0

  constructor(options: {
    readonly clock: Clock
    readonly keepMs: number
    readonly what: string
    readonly onNews: () => void
  }) {
    this.#options = options
  }

  read(key: string, ask: (signal: AbortSignal) => Promise<T>): Kept<T> {
    const { clock, keepMs } = this.#options
    const slot = this.#slots.get(key)
    if (slot !== undefined) {
      // Read last: forgotten last.
      this.#slots.delete(key)
      this.#slots.set(key, slot)
    }
    const due = slot === undefined || (!slot.pending && clock.monotonic() - slot.askedAt >= keepMs)
    if (due && this.#pending < MAX_PENDING) this.#ask(key, slot ?? NOTHING, ask)
    return slot ?? NOTHING
  }

  close(): void {
    this.#closing.abort()
    this.#slots.clear()
  }

  #ask(key: string, before: Kept<T>, ask: (signal: AbortSignal) => Promise<T>): void {
    const { clock, what, onNews } = this.#options
    const askedAt = clock.monotonic()
    this.#pending += 1
    this.#slots.set(key, { value: before.value, at: before.at, error: before.error, askedAt, pending: true })
    for (const oldest of this.#slots.keys()) {
      if (this.#slots.size <= MAX_KEYS) break
      this.#slots.delete(oldest)
    }
    const settle = (kept: Kept<T>) => {
      this.#pending -= 1
      if (this.#closing.signal.aborted) return
      if (this.#slots.has(key)) this.#slots.set(key, { ...kept, askedAt, pending: false })
      onNews()
    }
    ask(this.#closing.signal).then(
      (value) => settle({ value, at: clock.now(), error: null }),
      (error: unknown) => settle({ value: before.value, at: before.at, error: sourceErrorOf(error, what) }),
    )
  }
}

import type { Clock } from '../../../platform/clock.ts'

/** At most so many answers are remembered; the oldest goes. */
const MAX_ANSWERS = 64

interface Entry {
  readonly answer: Promise<unknown>
  readonly abort: AbortController
  waiting: number
  /** Monotonic; null while it is under way. */
  doneAt: number | null
}

/**
 * Identical questions are asked once: twenty walls that open the same month cost the back end one question, and what was
 * answered a few seconds ago is answered again from here. A question whose askers have all gone is cancelled.
 */
export class SharedAnswers {
  readonly #clock: Clock
  readonly #keepMs: number
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock
    this.#keepMs = keepMs
  }

  /** @throws what `ask` rejects with; failures are shared while they are under way and then forgotten */
  async get<T>(key: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const entry = this.#fresh(key) ?? this.#start(key, ask)
    entry.waiting += 1
    const leave = () => {
      entry.waiting -= 1
      if (entry.waiting > 0 || entry.doneAt !== null) return
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
      entry.abort.abort(signal.reason)
    }
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const onAbort = () => {
      leave()
      reject(signal.reason instanceof Error ? signal.reason : new Error('The question was cancelled.'))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([entry.answer as Promise<T>, aborted])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** What was answered is no longer true. */
  forget(): void {
    for (const [key, { doneAt }] of this.#entries) if (doneAt !== null) this.#entries.delete(key)
  }

  close(): void {
    for (const { abort } of this.#entries.values()) abort.abort()
    this.#entries.clear()
  }

  #fresh(key: string): Entry | null {
    const entry = this.#entries.get(key)
    if (entry === undefined) return null
    if (entry.doneAt === null || this.#clock.monotonic() - entry.doneAt <= this.#keepMs) return entry
    this.#entries.delete(key)
    return null
  }

  #start(key: string, ask: (signal: AbortSignal) => Promise<unknown>): Entry {
    const abort = new AbortController()
    const entry: Entry = { answer: ask(abort.signal), abort, waiting: 0, doneAt: null }
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    }
    entry.answer.then(() => (entry.doneAt = this.#clock.monotonic()), forget)
    this.#entries.set(key, entry)
    for (const [oldest, { doneAt }] of this.#entries) {
      if (this.#entries.size <= MAX_ANSWERS) break
      if (doneAt !== null) this.#entries.delete(oldest)
    }
    return entry
  }
}

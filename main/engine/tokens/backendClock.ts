/**
 * The back end's clock against this machine's. A Date header has whole seconds, so two answers say up to a second that
 * differs without any clock having moved; times on screens would tremble. What lies within that is taken for agreement,
 * and an offset stays in use until a clearly different one is measured.
 */
export class BackendClock {
  readonly #measured: () => number
  #offsetMs = 0
  #turns = 0

  /** @param measured the back end's clock minus this machine's, ms */
  constructor(measured: () => number) {
    this.#measured = measured
  }

  /** ms to add to this machine's clock. */
  get offsetMs(): number {
    return this.#offsetMs
  }

  /** Counts up whenever another offset came into use: times before and after are not comparable. */
  get turns(): number {
    return this.#turns
  }

  /** After each answer. */
  look(): void {
    const measured = this.#measured()
    if (!Number.isFinite(measured)) return
    const meant = Math.abs(measured) < RESOLUTION_MS ? 0 : measured
    if (Math.abs(meant - this.#offsetMs) < RESOLUTION_MS) return
    this.#offsetMs = meant
    this.#turns += 1
  }

  toBackend(ms: number): number {
    return ms + this.#offsetMs
  }

  toLocal(ms: number): number {
    return ms - this.#offsetMs
  }

  /** An instant in the back end's words by this machine's clock, ms; null for none or one that cannot be read. */
  readLocal(instant: string | null): number | null {
    const ms = instant === null ? Number.NaN : Date.parse(instant)
    return Number.isFinite(ms) ? this.toLocal(ms) : null
  }
}

const RESOLUTION_MS = 2_000

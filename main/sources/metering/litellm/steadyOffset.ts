/** Date headers have whole seconds, so what is measured of them trembles by a second, ms. */
const RESOLUTION_MS = 2_000

/**
 * The proxy's clock against this machine's, kept until a clearly different one is measured: counts of the past that were
 * moved by another offset each time would seem to be corrected each time.
 */
export class SteadyOffset {
  readonly #measured: () => number
  #offsetMs = 0

  /** @param measured ms */
  constructor(measured: () => number) {
    this.#measured = measured
  }

  /** ms to add to this machine's clock. */
  read(): number {
    const measured = this.#measured()
    const meant = Math.abs(measured) < RESOLUTION_MS ? 0 : measured
    if (Number.isFinite(meant) && Math.abs(meant - this.#offsetMs) >= RESOLUTION_MS) this.#offsetMs = meant
    return this.#offsetMs
  }
}

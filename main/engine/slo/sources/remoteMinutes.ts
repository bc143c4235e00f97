import { MINUTE_MS } from '../../../core/slo/index.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'

/** Offsets this far from the one in use change it: minutes are whole, and must not change places for a trembling clock. */
const TURN_MS = 45_000

/**
 * Minutes of a back end's clock as minutes of this machine's: moved by whole minutes, so that each stays one minute.
 */
export class RemoteMinutes {
  readonly #clock: RemoteTime
  #shiftMs = 0

  constructor(clock: RemoteTime) {
    this.#clock = clock
  }

  /** The back end's clock minus this one, whole minutes, ms. */
  shiftMs(): number {
    const { offsetMs } = this.#clock
    if (Math.abs(offsetMs - this.#shiftMs) > TURN_MS)
      this.#shiftMs = Math.round(offsetMs / MINUTE_MS) * MINUTE_MS
    return this.#shiftMs
  }
}

import type { Wire } from '../../shared/contract/wire.ts'
import { decodeFrame } from '../../shared/codec/frame.ts'
import { type FleetFrame, NEVER } from '../../shared/model/frame.ts'

/** Ages are whole milliseconds: less than this between two dates is the same sample seen again. */
const SAME_MS = 2

/**
 * What arrives over a line while it is counted: bytes, frames, and for each GPU whose sample is newer than in the frame
 * before how old that sample is at the moment of arrival. The dates are of this machine's wall clock at both ends.
 */
export class Arrivals {
  /** Ages on arrival, ms; one per GPU and new sample. */
  readonly ages: number[] = []
  bytes = 0
  frames = 0
  frameBytes = 0
  #counting = false
  #newest = new Float64Array(0)

  start(): void {
    this.#counting = true
  }

  stop(): void {
    this.#counting = false
  }

  /** The same line, listened to. The date is taken before anything is done with the message. */
  along(wire: Wire): Wire {
    return {
      ...wire,
      onMessage: (listener) => {
        wire.onMessage((message) => {
          this.#note(message, Date.now())
          listener(message)
        })
      },
    }
  }

  #note(message: string | ArrayBuffer, at: number): void {
    const bytes = typeof message === 'string' ? Buffer.byteLength(message) : message.byteLength
    if (this.#counting) this.bytes += bytes
    if (typeof message === 'string') return
    if (this.#counting) {
      this.frames += 1
      this.frameBytes += bytes
    }
    this.take(decodeFrame(message), at)
  }

  /** @param at when the frame arrived, wall clock, ms */
  take(frame: Pick<FleetFrame, 'at' | 'rows' | 'ageMs'>, at: number): void {
    const known = this.#newest.length === frame.rows
    if (!known) this.#newest = new Float64Array(frame.rows)
    for (let row = 0; row < frame.rows; row++) {
      const age = frame.ageMs[row] as number
      if (age === NEVER) continue
      const sampledAt = frame.at - age
      if (sampledAt <= (this.#newest[row] as number) + SAME_MS) continue
      this.#newest[row] = sampledAt
      if (known && this.#counting) this.ages.push(at - sampledAt)
    }
  }
}

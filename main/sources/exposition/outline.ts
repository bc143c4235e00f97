import { isBlank } from '../../../shared/model/blank.ts'
import { numberEnd, readNumber, timestamp, timestampEnd } from './number.ts'

const NEWLINE = 10

/** A longer piece is a comment or a label of hostile size: not kept, and the next body is read line by line again. */
const LONGEST_PIECE = 64 * 1024

/** Names a stretch of the outline's kept bytes, in the order in which they were kept. */
export type Piece = number

/** Of a piece that was too long to keep; fits nothing. */
export const NOWHERE: Piece = -1

/**
 * What stands between the numbers of an exposition. Each sample has two pieces: the *lead* from the end of the previous
 * value to the end of the metric name (with HELP and TYPE lines where they stand), and the *block* from there to the
 * value. Pieces repeat, leads for every GPU of a metric and blocks for every metric of a GPU, and are kept once: about
 * 7 kB for a host of eight GPUs instead of its 70 kB body.
 */
export class Outline {
  #bytes: Buffer = Buffer.allocUnsafeSlow(4096)
  #view: DataView = viewOf(this.#bytes)
  /** Where each piece starts, and behind the last one where it ends. */
  #starts: Uint32Array = new Uint32Array(64)
  #pieces = 0
  #kept = new Map<string, Piece>()
  /** Per sample its lead and its block. */
  #order: Uint32Array | Uint16Array = new Uint32Array(2 * 256)
  #samples = 0
  /** 1 for each sample that was refused; null where all were taken. */
  #refused: Uint8Array | null = null
  #tail: Piece = NOWHERE
  #matchable = true

  /** Keeps the bytes `from` to `to` of a body; the same bytes are kept once. */
  keep(body: Buffer, from: number, to: number): Piece {
    if (to - from > LONGEST_PIECE) {
      this.#matchable = false
      return NOWHERE
    }
    const text = body.toString('latin1', from, to)
    const kept = this.#kept.get(text)
    if (kept !== undefined) return kept
    const piece = this.#pieces
    const start = this.#starts[piece] as number
    const end = start + to - from
    if (end > this.#bytes.length) this.#resize(Math.max(this.#bytes.length * 2, end))
    body.copy(this.#bytes, start, from, to)
    if (piece + 2 > this.#starts.length) this.#starts = enlarged(this.#starts)
    this.#starts[piece + 1] = end
    this.#pieces++
    this.#kept.set(text, piece)
    return piece
  }

  /** Something of the body is not kept: the next one is read line by line again. */
  leaveOut(): void {
    this.#matchable = false
  }

  /** The kept bytes of a piece, one character each. */
  text(piece: Piece): string {
    return this.#bytes.toString('latin1', this.#starts[piece], this.#starts[piece + 1])
  }

  /** Takes the next sample of the body that is being read; the values of those that are taken follow one another. */
  add(lead: Piece, block: Piece, isTaken: boolean): void {
    const at = this.#samples * 2
    if (at + 2 > this.#order.length) this.#order = enlarged(this.#order)
    this.#order[at] = lead
    this.#order[at + 1] = block
    if (!isTaken) this.#refuse(this.#samples)
    this.#samples++
  }

  /** `tail` is what stands behind the last value. Gives back what only the reading needed. */
  seal(tail: Piece): void {
    this.#tail = tail
    this.#kept = new Map()
    this.#starts = this.#starts.slice(0, this.#pieces + 1)
    this.#resize(this.#starts[this.#pieces] as number)
    const order = this.#order.subarray(0, this.#samples * 2)
    this.#order = this.#pieces <= 0xffff ? Uint16Array.from(order) : Uint32Array.from(order)
    this.#refused = this.#refused?.slice(0, this.#samples) ?? null
  }

  /**
   * Compares a body with the outline and writes its numbers into `values`.
   * @param times for the timestamps behind them; null where the outline has none
   * @returns whether it fits; where it does not, `values` may have been written in part
   */
  match(body: Uint8Array, values: Float64Array, dcgmBlanks: boolean, times: Float64Array | null): boolean {
    if (this.#samples === 0 || !this.#matchable) return false
    const view = viewOf(body)
    const order = this.#order
    const refused = this.#refused
    let series = 0
    let i = 0
    for (let sample = 0; sample < this.#samples; sample++) {
      const lead = this.fits(view, i, order[sample * 2] as number)
      if (lead === -1) return false
      const valueStart = this.fits(view, lead, order[sample * 2 + 1] as number)
      if (valueStart === -1) return false
      const value = readNumber(body, valueStart)
      if (value === undefined) return false
      i = numberEnd()
      let time = Number.NaN
      if (body[i] !== NEWLINE) {
        i = timestampEnd(body, i)
        time = timestamp()
      }
      if (refused !== null && refused[sample] === 1) continue
      if (times !== null) times[series] = time
      else if (!Number.isNaN(time)) return false
      values[series++] = dcgmBlanks && isBlank(value) ? Number.NaN : value
    }
    return this.fits(view, i, this.#tail) === body.length
  }

  /**
   * Where the body goes on after the piece, or -1 where another text stands at `offset`. Eight bytes at a time: V8 makes
   * plain 64-bit loads of it, which take half the time of a native comparison per piece and a fifth of a loop over bytes.
   */
  fits(body: DataView, offset: number, piece: Piece): number {
    if (piece === NOWHERE) return -1
    const start = this.#starts[piece] as number
    const length = (this.#starts[piece + 1] as number) - start
    if (offset + length > body.byteLength) return -1
    const kept = this.#view
    let k = 0
    for (const last = length - 8; k <= last; k += 8) {
      if (body.getBigUint64(offset + k) !== kept.getBigUint64(start + k)) return -1
    }
    for (; k < length; k++) if (body.getUint8(offset + k) !== kept.getUint8(start + k)) return -1
    return offset + length
  }

  #refuse(sample: number): void {
    this.#refused ??= new Uint8Array(this.#order.length / 2)
    if (sample >= this.#refused.length) {
      const larger = new Uint8Array(Math.max(sample + 1, this.#refused.length * 2))
      larger.set(this.#refused)
      this.#refused = larger
    }
    this.#refused[sample] = 1
  }

  #resize(bytes: number): void {
    // Not from the shared pool: a view of eight bytes must never hold on to eight kilobytes.
    const resized = Buffer.allocUnsafeSlow(bytes)
    this.#bytes.copy(resized, 0, 0, Math.min(bytes, this.#bytes.length))
    this.#bytes = resized
    this.#view = viewOf(resized)
  }
}

/** A view of a body for {@link Outline.fits}. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function enlarged(numbers: Uint32Array | Uint16Array): Uint32Array {
  const larger = new Uint32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

import { RequestFailure } from '../failure.ts'
import type { BodyBuffers } from './bodyBuffers.ts'
import { Exchange, type ExchangeRequest } from './exchange.ts'
import { contentEncoding, type ResponseHead } from './head.ts'
import { inflate } from './inflate.ts'

/** An exchange whose deadline covers everything: queueing, connecting, headers, body, inflating. */
export interface WholeExchange<T> extends ExchangeRequest {
  /** Where the body gathers. */
  readonly buffers: BodyBuffers
  /** Longest body on the wire, bytes. */
  readonly maxBodyBytes: number
  /** Longest body once inflated, bytes; `maxBodyBytes` where none is given. */
  readonly maxInflatedBytes?: number | undefined
  /** Reads a whole answer. The body is valid until what this returns is settled: then its memory goes to the next answer. */
  readonly read: (answer: Answer) => Promise<T>
}

export interface Answer extends ResponseHead {
  /** Inflated. */
  readonly body: Uint8Array
  /** Body bytes on the wire. */
  readonly wireBytes: number
  /** Request start to last byte, inflated, ms. */
  readonly latencyMs: number
}

export interface RunningExchange<T> {
  /** Rejects with a RequestFailure, or with what `read` throws. */
  readonly result: Promise<T>
  /** Ends it with a RequestFailure of kind `aborted`; not once the answer is whole and being read. */
  cancel(): void
}

/** Any status but a redirect is an answer; who reads it judges it. */
export function wholeExchange<T>(options: WholeExchange<T>): RunningExchange<T> {
  const running = new Whole(options)
  running.send()
  return running
}

const BELIEVED_BYTES = 1024 * 1024

class Whole<T> extends Exchange<T> {
  readonly #options: WholeExchange<T>
  #buffer: Buffer | null = null
  #length = 0
  #expected = 0

  constructor(options: WholeExchange<T>) {
    super(options)
    this.#options = options
  }

  protected begin(): void {
    this.#expected = Number(this.headers['content-length'] ?? 0) || 0
    if (this.#expected > this.#options.maxBodyBytes) this.#tooLarge()
  }

  protected receive(chunk: Buffer): void {
    const length = this.#length + chunk.length
    if (length > this.#options.maxBodyBytes) {
      this.#tooLarge()
      return
    }
    const { buffers } = this.#options
    // What is announced is believed up to a point: memory follows the bytes that come.
    this.#buffer ??= buffers.lease(Math.max(length, Math.min(this.#expected, BELIEVED_BYTES)))
    if (length > this.#buffer.length) {
      const doubled = this.#buffer.length * 2
      const enough = this.#expected > 0 ? Math.min(doubled, this.#expected) : doubled
      const larger = buffers.lease(Math.max(length, enough))
      this.#buffer.copy(larger, 0, 0, this.#length)
      buffers.release(this.#buffer)
      this.#buffer = larger
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = length
  }

  protected complete(): void {
    const body = this.#buffer?.subarray(0, this.#length) ?? Buffer.alloc(0)
    const encoding = contentEncoding(this.headers)
    if (encoding === '' || encoding === 'identity') this.#finish(body)
    else this.#inflate(body, encoding)
  }

  /** The buffer stays leased for as long as the inflater may read it, also when the deadline comes first. */
  #inflate(body: Buffer, encoding: string): void {
    const { buffers, maxBodyBytes, maxInflatedBytes = maxBodyBytes } = this.#options
    const buffer = this.#buffer
    this.#buffer = null
    inflate(body, encoding, maxInflatedBytes)
      .then(
        (inflated) => this.#finish(inflated),
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        if (buffer !== null) buffers.release(buffer)
      })
  }

  #finish(body: Uint8Array): void {
    if (this.settled) return
    const { status, headers } = this
    const latencyMs = performance.now() - this.started
    const answer = { status, headers, body, wireBytes: this.#length, latencyMs }
    // Settled before it reads, because reading may cancel: what is over is not to be cancelled any more.
    const { promise, resolve } = Promise.withResolvers<T>()
    this.succeed(promise)
    resolve(this.#options.read(answer).finally(() => this.release()))
  }

  #tooLarge(): void {
    const limit = this.#options.maxBodyBytes
    this.fail(new RequestFailure('too-large', `the answer is longer than ${limit} bytes`, { limit }))
  }

  protected release(): void {
    if (this.#buffer !== null) this.#options.buffers.release(this.#buffer)
    this.#buffer = null
  }
}

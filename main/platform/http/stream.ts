import type { Dispatcher } from 'undici'
import { RequestFailure } from '../failure.ts'
import { Exchange, type ExchangeRequest } from './exchange.ts'
import { contentEncoding, type ResponseHead } from './head.ts'

/** An exchange whose body does not end by itself. Its deadline covers everything before the body. */
export interface StreamRequest
  extends Omit<ExchangeRequest, 'compressed' | 'repeatable' | 'method' | 'body'> {
  /** A stream that says nothing for so long is taken for dead, ms. */
  readonly silenceMs: number
  /** Whether this is the stream that was asked for. */
  readonly accepts: (head: ResponseHead) => boolean
  /** Nothing more is read before what it returns resolves, so that a server is as slow as its reader. */
  readonly onBytes: (chunk: Uint8Array) => Promise<void> | void
}

/** An answer that is not the stream that was asked for, with the start of its body: enough to tell what it is. */
export interface RefusedStream extends ResponseHead {
  readonly body: Uint8Array
}

/**
 * Follows an answer to its end.
 * @returns null when the server ended it; an answer that was not accepted
 * @throws RequestFailure for a connection that breaks or falls silent, and what `onBytes` throws
 */
export function followStream(request: StreamRequest): Promise<RefusedStream | null> {
  const following = new Following(request)
  following.send()
  return following.result
}

const MAX_REFUSAL_BYTES = 64 * 1024

class Following extends Exchange<RefusedStream | null> {
  readonly #request: StreamRequest
  #accepted = false
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #reading = false
  #whole = false

  constructor(request: StreamRequest) {
    // Whoever follows comes back by itself, and knows from where.
    super({ ...request, repeatable: false })
    this.#request = request
  }

  protected begin(): void {
    const { status, headers } = this
    const encoding = contentEncoding(this.headers)
    try {
      this.#accepted = this.#request.accepts({ status, headers })
    } catch (error) {
      this.fail(error)
      return
    }
    if (!this.#accepted) return
    if (encoding === '' || encoding === 'identity') this.limitTime(this.#request.silenceMs)
    else
      this.fail(
        new RequestFailure(
          'encoding',
          `the stream is encoded as "${encoding.slice(0, 40)}", which was not asked for`,
        ),
      )
  }

  protected receive(chunk: Buffer, controller: Dispatcher.DispatchController): void {
    // A parser that goes on after a pause begins with one of no bytes.
    if (chunk.length === 0) return
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    if (this.#accepted) {
      controller.pause()
      if (!this.#reading) void this.#read(controller)
    } else if (this.#waitingBytes >= MAX_REFUSAL_BYTES) this.succeedEarly(this.#refused())
  }

  protected complete(): void {
    this.#whole = true
    if (!this.#accepted) this.succeed(this.#refused())
    else if (!this.#reading) this.succeed(null)
  }

  protected release(): void {
    this.#waiting = []
  }

  /** While the reader takes its time, the silence is not the server's. */
  async #read(controller: Dispatcher.DispatchController): Promise<void> {
    this.#reading = true
    this.limitTime(null)
    try {
      for (let chunk = this.#waiting.shift(); chunk !== undefined; chunk = this.#waiting.shift()) {
        await this.#request.onBytes(chunk)
        if (this.settled) return
      }
    } catch (error) {
      this.fail(error)
      return
    }
    this.#reading = false
    if (this.#whole) this.succeed(null)
    else {
      this.limitTime(this.#request.silenceMs)
      controller.resume()
    }
  }

  #refused(): RefusedStream {
    const { status, headers } = this
    return { status, headers, body: Buffer.concat(this.#waiting).subarray(0, MAX_REFUSAL_BYTES) }
  }
}

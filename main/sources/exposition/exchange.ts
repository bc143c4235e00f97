import type { Dispatcher } from 'undici'
import { RequestFailure } from '../../platform/failure.ts'
import { type HttpAgent, isClosed } from '../../platform/http.ts'
import { inflate } from '../../platform/inflate.ts'
import type { BodyBuffers } from './bodyBuffers.ts'

export interface ExchangeOptions<T> {
  readonly agent: HttpAgent
  readonly buffers: BodyBuffers
  readonly origin: string
  /** With its query. */
  readonly path: string
  readonly headers: Record<string, string>
  /** For everything: queueing, connecting, headers, body, inflating; ms. */
  readonly deadlineMs: number
  /** Longest body, on the wire and once inflated. */
  readonly maxBodyBytes: number
  /** Reads a whole answer. The body is valid until what this returns is settled: then its memory goes to the next answer. */
  readonly read: (answer: Answer) => Promise<T>
}

export interface Answer {
  readonly status: number
  readonly contentType: string | undefined
  /** Inflated. */
  readonly body: Uint8Array
  /** Body bytes on the wire. */
  readonly wireBytes: number
  /** Start to last byte, inflated, ms. */
  readonly latencyMs: number
}

export interface Exchange<T> {
  /** Rejects with a RequestFailure, or with what `read` throws. */
  readonly result: Promise<T>
  /** Ends it with a RequestFailure of kind `aborted`; not once the answer is whole and being read. */
  cancel(): void
}

const BELIEVED_BYTES = 1024 * 1024

/**
 * One GET. The same bounds as platform/http.ts, built for thousands of them a second: the body goes into memory that is
 * used again, and there is one object for the handler, the deadline and the answer. A kept-alive connection that turns
 * out to be closed at the other end is tried once more, on a new one.
 */
export function exchange<T>(options: ExchangeOptions<T>): Exchange<T> {
  const running = new Running(options)
  running.send()
  return running
}

class Running<T> implements Exchange<T>, Dispatcher.DispatchHandler {
  readonly result: Promise<T>
  readonly #options: ExchangeOptions<T>
  readonly #started = performance.now()
  readonly #deadline: ReturnType<typeof setTimeout>
  #resolve!: (value: T) => void
  #reject!: (error: unknown) => void
  #controller: Dispatcher.DispatchController | null = null
  #status = 0
  #contentType: string | undefined
  #encoding = ''
  #buffer: Buffer | null = null
  #length = 0
  #expected = 0
  #ended = false
  #settled = false
  #repeated = false

  constructor(options: ExchangeOptions<T>) {
    this.#options = options
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const { deadlineMs } = options
    this.#deadline = setTimeout(() => {
      this.#fail(new RequestFailure('timeout', `no answer within ${deadlineMs} ms`, { limit: deadlineMs }))
    }, deadlineMs)
  }

  send(): void {
    const { agent, origin, path, headers } = this.#options
    // One deadline over everything stands in for undici's two.
    agent.dispatcher.dispatch(
      { origin, path, method: 'GET', headers, headersTimeout: 0, bodyTimeout: 0 },
      this,
    )
  }

  cancel(): void {
    this.#fail(new RequestFailure('aborted', 'the request was cancelled'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) controller.abort(new RequestFailure('aborted', 'given up while it waited'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    letGo(controller.rawHeaders)
    if (status < 200 || this.#settled) return
    this.#status = status
    this.#contentType = textOf(headers['content-type'])
    this.#encoding = (textOf(headers['content-encoding']) ?? '').trim().toLowerCase()
    this.#expected = Number(headers['content-length'] ?? 0)
    if (status >= 300 && status < 400 && status !== 304) {
      const location = textOf(headers['location']) ?? ''
      this.#fail(new RequestFailure('redirect', `HTTP ${status} redirect`, { status, location }))
    } else if (this.#expected > this.#options.maxBodyBytes) this.#tooLarge()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    const length = this.#length + chunk.length
    if (length > this.#options.maxBodyBytes) {
      this.#tooLarge()
      return
    }
    const { buffers } = this.#options
    // What is announced is believed up to a point: memory follows the bytes that come.
    if (this.#buffer === null) {
      this.#buffer = buffers.lease(Math.max(length, Math.min(this.#expected || 0, BELIEVED_BYTES)))
    }
    if (length > this.#buffer.length) {
      const larger = buffers.lease(Math.max(length, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, 0, this.#length)
      buffers.release(this.#buffer)
      this.#buffer = larger
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = length
  }

  onResponseEnd(): void {
    this.#ended = true
    if (this.#settled) return
    const body = this.#buffer?.subarray(0, this.#length) ?? Buffer.alloc(0)
    if (this.#encoding === '' || this.#encoding === 'identity') this.#finish(body)
    else this.#inflate(body)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return
    const beforeAnswer = this.#status === 0 && isClosed(error)
    if (beforeAnswer && !this.#repeated) {
      this.#repeated = true
      this.#controller = null
      this.send()
    } else this.#fail(RequestFailure.network(error, { beforeAnswer }))
  }

  /** The buffer stays leased for as long as the inflater may read it, also when the deadline comes first. */
  #inflate(body: Buffer): void {
    const buffer = this.#buffer
    this.#buffer = null
    inflate(body, this.#encoding, this.#options.maxBodyBytes)
      .then(
        (inflated) => this.#finish(inflated),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        if (buffer !== null) this.#options.buffers.release(buffer)
      })
  }

  #finish(body: Uint8Array): void {
    if (this.#settled) return
    // First, because reading may cancel: a scrape that is over is not to be cancelled any more.
    this.#settled = true
    clearTimeout(this.#deadline)
    const answer = {
      status: this.#status,
      contentType: this.#contentType,
      body,
      wireBytes: this.#length,
      latencyMs: performance.now() - this.#started,
    }
    this.#options
      .read(answer)
      .finally(() => this.#release())
      .then(this.#resolve, this.#reject)
  }

  #tooLarge(): void {
    const limit = this.#options.maxBodyBytes
    this.#fail(new RequestFailure('too-large', `the answer is longer than ${limit} bytes`, { limit }))
  }

  #fail(error: unknown): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#deadline)
    this.#release()
    this.#reject(error)
    if (!this.#ended) this.#controller?.abort(error instanceof Error ? error : new Error(String(error)))
  }

  #release(): void {
    if (this.#buffer !== null) this.#options.buffers.release(this.#buffer)
    this.#buffer = null
  }
}

/**
 * Empties undici's list of raw headers, which are views of the bytes that came from the socket. Its parser makes the list
 * at the end of one answer for the next, so between two scrapes the list becomes old; and what an old object points to,
 * even a dead one, no collection of young objects frees. All answers would stay until V8 marks the whole heap.
 */
function letGo(rawHeaders: Dispatcher.DispatchController['rawHeaders']): void {
  if (Array.isArray(rawHeaders)) rawHeaders.length = 0
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header
}

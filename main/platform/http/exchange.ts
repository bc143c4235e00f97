import type { Dispatcher } from 'undici'
import type { Authorise } from '../auth.ts'
import { RequestFailure } from '../failure.ts'
import type { HttpAgent } from './agent.ts'
import type { Destination } from './destination.ts'
import type { ResponseHeaders } from './head.ts'

/** What every exchange is given, whatever becomes of its body. */
export interface ExchangeRequest {
  readonly agent: HttpAgent
  readonly destination: Destination
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly body?: string | Uint8Array
  /** Headers that are no secret. */
  readonly headers?: Readonly<Record<string, string>>
  /** Adds the secret headers, where they may go to this address; see auth.ts. */
  readonly authorise?: Authorise | undefined
  /** Queueing, connecting, headers, and what else each kind of exchange counts in; ms. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  /** Ask for a compressed body. Saves the wire and costs both ends time. */
  readonly compressed?: boolean
  /**
   * The request may be sent twice, so it is, once, when a kept-alive connection turns out to be closed at the other
   * end. True for GET where it is not given.
   */
  readonly repeatable?: boolean
}

/**
 * The one way to send an HTTP request: it outlasts no deadline, follows no redirect, connects to no address that the
 * agent's guard refuses, sends secrets where they belong alone, and ends at most once. What is done with the body is said
 * by who extends it. Itself the handler of its answer, because thousands of them are made a second.
 */
export abstract class Exchange<T> implements Dispatcher.DispatchHandler {
  /** Rejects with a RequestFailure, or with what its reader throws. */
  readonly result: Promise<T>
  protected status = 0
  protected headers: ResponseHeaders = {}
  protected settled = false
  protected readonly started = performance.now()
  readonly #request: ExchangeRequest
  #deadline: ReturnType<typeof setTimeout> | undefined
  #resolve!: (value: T | Promise<T>) => void
  #reject!: (error: unknown) => void
  #controller: Dispatcher.DispatchController | null = null
  #ended = false
  #repeated = false
  readonly #onAbort = () => this.cancel()

  protected constructor(request: ExchangeRequest) {
    this.#request = request
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.limitTime(request.deadlineMs)
  }

  /** Ends it with a RequestFailure of kind `aborted`; not once it is settled. */
  cancel(): void {
    this.fail(new RequestFailure('aborted', 'the request was cancelled'))
  }

  /** The head of an answer that is no redirect. */
  protected abstract begin(): void
  protected abstract receive(chunk: Buffer, controller: Dispatcher.DispatchController): void
  /** The body is whole. */
  protected abstract complete(): void
  /** It failed: what is held for it can go. */
  protected abstract release(): void

  send(): void {
    const { signal } = this.#request
    if (signal?.aborted === true) {
      this.cancel()
      return
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#dispatch()
  }

  #dispatch(): void {
    const { agent, destination, method = 'GET', body = null } = this.#request
    const { origin, path } = destination
    // One deadline over everything replaces undici's two.
    const never = { headersTimeout: 0, bodyTimeout: 0 }
    try {
      agent.dispatcher.dispatch({ origin, path, method, headers: this.#headers(), body, ...never }, this)
    } catch (error) {
      this.fail(error)
    }
  }

  #headers(): Record<string, string> {
    const { compressed, headers, authorise, destination } = this.#request
    const all: Record<string, string> = {
      'user-agent': 'Floorwatch',
      'accept-encoding': compressed === true ? 'gzip' : 'identity',
      ...headers,
    }
    authorise?.(all, destination.address)
    return all
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.settled) controller.abort(new RequestFailure('aborted', 'given up while it waited'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    letGo(controller.rawHeaders)
    if (status < 200 || this.settled) return
    this.status = status
    this.headers = headers
    if (status >= 300 && status < 400 && status !== 304) {
      const { location } = headers
      const detail = { status, location: typeof location === 'string' ? location : '' }
      this.fail(new RequestFailure('redirect', `HTTP ${status} redirect`, detail))
    } else this.begin()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.settled) this.receive(chunk, controller)
  }

  onResponseEnd(): void {
    this.#ended = true
    if (!this.settled && this.status !== 0) this.complete()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.settled) return
    const { method = 'GET', repeatable = method === 'GET' } = this.#request
    const beforeAnswer = this.status === 0 && isClosed(error)
    if (beforeAnswer && repeatable && !this.#repeated) {
      this.#repeated = true
      this.#controller = null
      this.#dispatch()
    } else this.fail(RequestFailure.network(error, { beforeAnswer }))
  }

  /** Fails it after this much from now, in place of any limit before; null: not at all. */
  protected limitTime(limitMs: number | null): void {
    clearTimeout(this.#deadline)
    if (limitMs === null) return
    this.#deadline = setTimeout(() => {
      this.fail(new RequestFailure('timeout', `no answer within ${limitMs} ms`, { limit: limitMs }))
    }, limitMs)
  }

  protected succeed(value: T | Promise<T>): void {
    if (this.#settle()) this.#resolve(value)
  }

  protected fail(error: unknown): void {
    if (!this.#settle()) return
    this.release()
    this.#reject(error)
    this.#hangUp(error)
  }

  /** Reads no further, as what came is enough. */
  protected succeedEarly(value: T): void {
    if (!this.#settle()) return
    this.#resolve(value)
    this.#hangUp(new RequestFailure('aborted', 'the rest of the answer is not wanted'))
  }

  /** @returns whether it was open until now */
  #settle(): boolean {
    if (this.settled) return false
    this.settled = true
    clearTimeout(this.#deadline)
    this.#request.signal?.removeEventListener('abort', this.#onAbort)
    return true
  }

  #hangUp(reason: unknown): void {
    if (!this.#ended) this.#controller?.abort(reason instanceof Error ? reason : new Error(String(reason)))
  }
}

/** The other side closed or reset a connection, as opposed to never having opened it. */
function isClosed(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

/**
 * Empties undici's list of raw headers, which are views of the bytes that came from the socket. Its parser makes the list
 * at the end of one answer for the next, so between two scrapes the list becomes old; and what an old object points to,
 * even a dead one, no collection of young objects frees. All answers would stay until V8 marks the whole heap.
 */
function letGo(rawHeaders: Dispatcher.DispatchController['rawHeaders']): void {
  if (Array.isArray(rawHeaders)) rawHeaders.length = 0
}

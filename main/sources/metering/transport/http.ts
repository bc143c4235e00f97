import { stringifyJson } from '../../../../shared/metering/json.ts'
import type { SourceDoubt, SourceHealth } from '../../../../shared/model/source.ts'
import { backoffDelay } from '../../../platform/backoff.ts'
import { describeFailure, type Place, SourceFailure } from '../../../platform/failure.ts'
import { isWebPage } from '../../../platform/foreignText.ts'
import { boundedRequest, type BoundedResponse, headerOf } from '../../../platform/http/index.ts'
import { redactUrl } from '../../../platform/redact.ts'
import { RemoteClock, type RemoteTime } from '../../../platform/remoteClock.ts'
import type { MeteringConnection } from '../connection.ts'
import { isLoopback } from '../../../platform/origin.ts'
import { sleep } from '../../../platform/sleep.ts'
import { addressOf, baseOf, type Query } from './address.ts'
import { inTurns } from '../../../platform/turn.ts'
import { MeteringHealth, type Remarks } from './health.ts'
import { boundedJsonOf, NotJson } from './jsonPieces.ts'
import { Pause, retryAfterMs } from './pause.ts'
import { AnswerError, type LongReader, type Reader, TooLargeError } from './reader.ts'
import { type Asked, foreignAnswer, malformedAnswer, refusalOf, unwieldyAnswer } from './refusal.ts'
import { openStream, type StreamListener } from './stream.ts'
import { message, said } from '../../../../shared/messages/message.ts'

export interface MeteringHttpOptions extends Pick<MeteringConnection, 'access' | 'clock' | 'random'> {
  /** Where all paths begin; its own path and query are kept. */
  readonly url: string
  /** What speaks there, for people: "Metering API", "LiteLLM". */
  readonly title: string
  /** The next step for a person when something else answers there: "Check that url is the address of a …". */
  readonly wrongAddress: string
  /** Of its health; `metering` where none is given. */
  readonly id?: string
}

export interface Ask<T> {
  readonly query?: Query
  /** Ends the question at once; its failure then has the code `aborted` and counts against no source. */
  readonly signal: AbortSignal
  /**
   * Which part of health the answer speaks for ("usage"). Left out: a question beside the regular ones (one job, one
   * statement), whose end says nothing about the source.
   */
  readonly topic?: string
  /** What a good answer says of itself. */
  readonly remarks?: (value: T) => Remarks
  /** Longest answer, bytes, on the wire and inflated; where none is given 32 MiB if it is read in turns, else 8 MiB. */
  readonly maxBytes?: number
}

/** A question with headers of its own, or a change. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer with its ETag; without one it is refused, because no later change could be tied to it. */
export interface Tagged<T> {
  readonly value: T
  readonly etag: string
}

/** Nothing was sent: the server had asked for a pause (Retry-After), and it is not over. */
export class HeldBack extends SourceFailure {
  override readonly name = 'HeldBack'
}

/**
 * The way to one metering back end over HTTP: bounded, cancellable, lossless. Every method rejects with a SourceFailure
 * in plain words, at the latest at the deadline; an answer that is no success rejects with a MeteringRefusal. A busy
 * server is asked once more inside the deadline and not before it allows (Retry-After); whoever schedules comes back.
 */
export interface MeteringHttp {
  /** "Metering API at metering:8080" */
  readonly name: string
  get<T>(path: string, read: Reader<T>, ask: Ask<T>): Promise<T>
  /** As `get` where the answer may be long: it is read in turns, see {@link LongReader}. */
  getLong<T>(path: string, read: LongReader<T>, ask: Ask<T>): Promise<T>
  /** `body` is sent as JSON. Never sent twice. */
  post<T>(path: string, body: unknown, read: Reader<T>, ask: Ask<T>): Promise<T>
  /** As `get` and `post` with headers, and with the ETag of the answer. What is no GET is never sent twice. */
  tagged<T>(call: Call, read: Reader<T>, ask: Ask<T>): Promise<Tagged<T>>
  /** A body that is no JSON, such as metrics. @param read throws AnswerError where it is not what was expected */
  bytes<T>(path: string, accept: string, read: (body: Uint8Array) => T | Promise<T>, ask: Ask<T>): Promise<T>
  /** An answer that does not end, in pieces. Resolves when the server ends it. @throws SourceFailure */
  stream(path: string, listener: StreamListener, signal: AbortSignal): Promise<void>
  /** Something beside the questions that health should say; null takes it back. */
  remark(topic: string, text: string | null): void
  /** What its figures say against one another, or what was refused of it, by its code; null takes it back. */
  doubt(code: string, doubt: Omit<SourceDoubt, 'code'> | null): void
  health(): SourceHealth
  /** The back end's clock against this machine's, from Date headers. */
  readonly backendClock: RemoteTime
  /** Ends what is in flight and the connections. */
  close(): Promise<void>
}

/** Whatever needs more is asked for in parts. */
const MAX_BYTES = 32 * 1024 * 1024
/** Of an answer that is parsed and checked at once: that holds everything else up. */
const MAX_BYTES_AT_ONCE = 8 * 1024 * 1024
/** A second try comes after this at most, or not at all, ms. */
const SHORT_PAUSE_MS = 2_000
const SECOND_TRY = { baseMs: 500, ceilingMs: SHORT_PAUSE_MS, floorMs: 100 }
const MAX_TAG = 255
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** @throws SourceFailure for an address that is none */
export function createMeteringHttp(options: MeteringHttpOptions): MeteringHttp {
  const { access, clock, title, wrongAddress, random = Math.random } = options
  const base = baseOf(options.url, title)
  const name = `${title} at ${base.host}`
  const place: Place = { source: name, address: redactUrl(base) }
  const health = new MeteringHealth(options.id ?? 'metering', name, place.address)
  const backendClock = new RemoteClock({ turnAfter: 2 })
  const pause = new Pause()
  const closing = new AbortController()
  const compressed = !isLoopback(base.hostname)

  interface Exchange {
    readonly method: Call['method']
    readonly path: string
    readonly body?: string
    readonly accept: string
    readonly headers?: Call['headers']
  }

  async function once<T>(exchange: Exchange, ask: Ask<T>, deadlineMs: number): Promise<BoundedResponse> {
    const { method, path, body, accept, headers } = exchange
    const sentAt = clock.now()
    const response = await boundedRequest({
      url: addressOf(base, path, ask.query),
      agent: access.agent,
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        ...access.headers,
        accept,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      authorise: access.authorise,
      deadlineMs,
      signal: AbortSignal.any([ask.signal, closing.signal]),
      maxBodyBytes: ask.maxBytes ?? MAX_BYTES,
      compressed,
    })
    // What a cache kept has the date of another time.
    if (headerOf(response, 'age') === undefined) {
      backendClock.observeDate(headerOf(response, 'date'), sentAt, clock.now())
      const { refusal } = backendClock
      health.doubt('clock', refusal === null ? null : clockDoubt(name, refusal))
    }
    return response
  }

  /** A success; a busy server gets a second chance where the deadline has room for it. */
  async function success<T>(exchange: Exchange, ask: Ask<T>, asked: Asked): Promise<BoundedResponse> {
    const deadline = clock.monotonic() + access.deadlineMs
    for (let attempt = 1; ; attempt++) {
      const held = pause.at(clock.monotonic())
      if (held !== null) throw new HeldBack(pausedText(held.reason, held.leftMs))
      const response = await once(exchange, ask, Math.max(1, deadline - clock.monotonic()))
      if (response.status >= 200 && response.status < 300) {
        pause.end()
        return response
      }
      const refusal = refusalOf(response, asked)
      if (!BUSY.has(response.status)) throw refusal
      const now = clock.monotonic()
      const wanted = retryAfterMs(headerOf(response, 'retry-after'), backendClock.toRemote(clock.now()))
      const waitMs = wanted ?? backoffDelay(attempt, SECOND_TRY, random())
      const again = attempt === 1 && exchange.method === 'GET' && waitMs <= SHORT_PAUSE_MS
      if (again && now + waitMs < deadline) {
        await sleep(waitMs, ask.signal, closing.signal)
        continue
      }
      if (wanted !== null) pause.begin(now + wanted, now, refusal.failure)
      throw refusal
    }
  }

  async function put<T>(
    exchange: Exchange,
    ask: Ask<T>,
    read: (response: BoundedResponse, asked: Asked) => T | Promise<T>,
  ): Promise<T> {
    const asked: Asked = { name, request: `${exchange.method} ${exchange.path}`, wrongAddress }
    const startedAt = clock.now()
    try {
      const response = await success(exchange, ask, asked)
      const value = await read(response, asked)
      if (ask.topic !== undefined) {
        const answer = { ...ask.remarks?.(value), latencyMs: response.latencyMs, bytes: response.wireBytes }
        health.succeeded(ask.topic, startedAt, clock.now(), answer, access.deadlineMs / 2)
      }
      return value
    } catch (error) {
      const failure = failureOf(error, asked)
      // A question that is refused as such is the fault of whoever put it.
      const blameless = failure.failure.code === 'aborted' || refusesQuestion(failure)
      if (ask.topic !== undefined && !blameless) health.failed(ask.topic, startedAt, failure.failure)
      throw failure
    }
  }

  function failureOf(error: unknown, asked: Asked): SourceFailure {
    if (error instanceof SourceFailure) return error
    if (error instanceof AnswerError) return new SourceFailure(malformedAnswer(error.message, asked), error)
    if (error instanceof TooLargeError) return new SourceFailure(unwieldyAnswer(error.message, asked), error)
    return new SourceFailure(describeFailure(error, place), error)
  }

  const json = <T>(read: Reader<T>) => reading((body) => read(boundedJsonOf(body)))
  const long = <T>(read: LongReader<T>) => reading((body) => inTurns(read(body)))
  const reading =
    <T>(read: (body: Uint8Array) => T | Promise<T>) =>
    async (response: BoundedResponse, asked: Asked): Promise<T> => {
      try {
        return await read(response.body)
      } catch (error) {
        if (!(error instanceof NotJson)) throw error
        throw new SourceFailure(foreignAnswer(response, asked, error.cause), error)
      }
    }
  const accept = 'application/json, application/problem+json'
  const atOnce = <T>(ask: Ask<T>): Ask<T> => ({ maxBytes: MAX_BYTES_AT_ONCE, ...ask })

  return {
    name,
    get: (path, read, ask) => put({ method: 'GET', path, accept }, atOnce(ask), json(read)),
    getLong: (path, read, ask) => put({ method: 'GET', path, accept }, ask, long(read)),
    post: (path, body, read, ask) =>
      put({ method: 'POST', path, accept, body: stringifyJson(body) }, atOnce(ask), json(read)),
    async tagged({ body, ...call }, read, ask) {
      let etag = ''
      const readBody = json(read)
      const sent = body === undefined ? {} : { body: stringifyJson(body) }
      const value = await put({ ...call, ...sent, accept }, atOnce(ask), (response, asked) => {
        etag = headerOf(response, 'etag') ?? ''
        if (etag === '' || etag.length > MAX_TAG)
          throw new AnswerError('header.ETag', `expected one of at most ${MAX_TAG} characters`)
        return readBody(response, asked)
      })
      return { value, etag }
    },
    bytes: (path, kind, read, ask) =>
      put({ method: 'GET', path, accept: kind }, ask, (response, asked) => {
        if (isPage(response)) throw new SourceFailure(foreignAnswer(response, asked))
        return read(response.body)
      }),
    async stream(path, listener, signal) {
      const asked: Asked = { name, request: `GET ${path}`, wrongAddress }
      try {
        await openStream(
          {
            address: addressOf(base, path),
            access,
            signal: AbortSignal.any([signal, closing.signal]),
            asked,
          },
          listener,
        )
      } catch (error) {
        throw failureOf(error, asked)
      }
    },
    remark: (topic, text) => health.remark(topic, text),
    doubt: (code, doubt) => health.doubt(code, doubt),
    health() {
      const held = pause.at(clock.monotonic())
      return health.read(held === null ? null : clock.now() + held.leftMs)
    },
    backendClock,
    async close() {
      closing.abort()
      await access.agent.close()
    },
  }
}

function clockDoubt(name: string, refusal: string): Omit<SourceDoubt, 'code'> {
  return {
    severity: 'advisory',
    what: message('doubt.clock', { source: name }),
    by: said(refusal),
    nextStep: message('doubt.clock.next'),
  }
}

function isPage(response: BoundedResponse): boolean {
  const start = new TextDecoder().decode(response.body.subarray(0, 1024))
  return isWebPage(headerOf(response, 'content-type') ?? '', start)
}

function refusesQuestion({ failure }: SourceFailure): boolean {
  return failure.code === 'http-400' || failure.code === 'http-422'
}

function pausedText(reason: SourceFailure['failure'], leftMs: number): SourceFailure['failure'] {
  const left = Math.max(1, Math.ceil(leftMs / 1000))
  return {
    ...reason,
    text: `${reason.text}; it allows the next request in ${left} s (Retry-After)`,
  }
}

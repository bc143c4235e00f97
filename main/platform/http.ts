import { Agent, buildConnector, Client, type Dispatcher, Pool } from 'undici'
import { addressGuard, guardedLookup, refuseLiteral, type AddressGuard } from './addressGuard.ts'
import type { Authorise } from './auth.ts'
import { RequestFailure } from './failure.ts'
import { inflate } from './inflate.ts'

export interface TlsOptions {
  /** PEM of the only authorities to trust; the system's where it is missing. */
  readonly ca?: string | Uint8Array
  /** PEM of the client certificate and its key, for mutual TLS. */
  readonly cert?: string | Uint8Array
  readonly key?: string | Uint8Array
  /** Name to expect in the certificate, where it is not the address's host. */
  readonly serverName?: string
}

export interface AgentOptions {
  readonly tls?: TlsOptions
  /** Which IP addresses are refused; the product's own guard where none is given. */
  readonly addressGuard?: AddressGuard
  /**
   * Sockets per origin; requests beyond wait their turn inside their deadline. A function is asked at the first request
   * to an origin. One socket is the lightest: more of them take a queue of 16 kB beside them.
   */
  readonly connections: number | ((origin: string) => number)
  /** How long an idle socket is kept for the next request, ms. */
  readonly keepAliveMs?: number
}

/** A set of kept-alive connections under one TLS identity. */
export interface HttpAgent {
  readonly dispatcher: Dispatcher
  /** Ends every connection and fails what is in flight. */
  close(): Promise<void>
}

export function createAgent(options: AgentOptions): HttpAgent {
  const guard = options.addressGuard ?? addressGuard
  const asked = options.connections
  const socketsFor = typeof asked === 'number' ? () => asked : asked
  const tls = options.tls ?? {}
  const connect = buildConnector({
    lookup: guardedLookup(guard),
    allowH2: false,
    timeout: 15_000,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(tls.ca === undefined ? {} : { ca: buffer(tls.ca) }),
    ...(tls.cert === undefined ? {} : { cert: buffer(tls.cert) }),
    ...(tls.key === undefined ? {} : { key: buffer(tls.key) }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  })
  const dispatcher = new Agent({
    factory(origin, given: Client.Options) {
      const connections = socketsFor(String(origin))
      return connections === 1 ? new Client(origin, given) : new Pool(origin, { ...given, connections })
    },
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: options.keepAliveMs ?? 60_000,
    maxHeaderSize: 32 * 1024,
    connect(target, callback) {
      const refused = refuseLiteral(guard, target.hostname)
      // Later than this turn: undici expects a connector to call back after it returned.
      if (refused) queueMicrotask(() => callback(refused, null))
      else connect(target, callback)
    },
  })
  return { dispatcher, close: () => dispatcher.destroy() }
}

function buffer(pem: string | Uint8Array): Buffer {
  return typeof pem === 'string' ? Buffer.from(pem, 'utf8') : Buffer.from(pem)
}

export interface BoundedRequest {
  /** http or https; user info is refused, because an address gets shown and logged. */
  readonly url: string | URL
  readonly agent: HttpAgent
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly body?: string | Uint8Array
  /** Headers that are no secret. */
  readonly headers?: Readonly<Record<string, string>>
  /** Adds the secret headers, see auth.ts. */
  readonly authorise?: Authorise
  /** For the whole exchange: queueing, connecting, headers, body, inflating; ms. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal
  /** Longest body on the wire, bytes. */
  readonly maxBodyBytes: number
  /** Longest body once inflated, bytes; `maxBodyBytes` where none is given. */
  readonly maxInflatedBytes?: number
  /** Ask for a compressed body. Saves the wire and costs both ends time. */
  readonly compressed?: boolean
  /**
   * The request may be sent twice, so it is, once, when a kept-alive connection turns out to be closed at the other
   * end. True for GET where it is not given.
   */
  readonly repeatable?: boolean
}

export interface BoundedResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Inflated. */
  readonly body: Uint8Array
  /** Body bytes on the wire. */
  readonly wireBytes: number
  /** Request start to last byte, inflated, ms. */
  readonly latencyMs: number
}

/**
 * One HTTP exchange that cannot outlast its deadline nor outgrow its caps, whatever the other side does.
 * Any status but a redirect is an answer; the caller judges it.
 *
 * @throws RequestFailure; failure.ts puts it in words
 */
export async function boundedRequest(options: BoundedRequest): Promise<BoundedResponse> {
  const url = checkedUrl(options.url)
  const started = performance.now()
  const halt = new AbortController()
  const timer = setTimeout(
    () =>
      halt.abort(
        new RequestFailure('timeout', `no answer within ${options.deadlineMs} ms`, {
          limit: options.deadlineMs,
        }),
      ),
    options.deadlineMs,
  )
  const cancel = () => halt.abort(new RequestFailure('aborted', 'the request was cancelled'))
  options.signal?.addEventListener('abort', cancel, { once: true })
  try {
    if (options.signal?.aborted === true) cancel()
    halt.signal.throwIfAborted()
    const raw = await exchangeOrRepeat(options, url, halt.signal)
    const limit = options.maxInflatedBytes ?? options.maxBodyBytes
    const body = await inflate(raw.body, contentEncoding(raw.headers), limit)
    halt.signal.throwIfAborted()
    return { ...raw, body, wireBytes: raw.body.byteLength, latencyMs: performance.now() - started }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', cancel)
  }
}

function checkedUrl(address: string | URL): URL {
  if (!URL.canParse(String(address))) throw new RequestFailure('address', 'the address is not a URL')
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RequestFailure('address', `the address starts with ${url.protocol}, expected http: or https:`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new RequestFailure('address', 'the address holds a user name or password')
  }
  return url
}

interface RawResponse {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Buffer
}

async function exchangeOrRepeat(options: BoundedRequest, url: URL, halt: AbortSignal): Promise<RawResponse> {
  try {
    return await exchange(options, url, halt)
  } catch (error) {
    const repeatable = options.repeatable ?? (options.method ?? 'GET') === 'GET'
    if (!repeatable || halt.aborted || !closedBeforeAnswer(error)) throw error
    return await exchange(options, url, halt)
  }
}

const closedBeforeAnswer = (error: unknown) =>
  error instanceof RequestFailure && error.kind === 'network' && error.detail.beforeAnswer === true

function exchange(options: BoundedRequest, url: URL, halt: AbortSignal): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null
    let head: { status: number; headers: RawResponse['headers'] } | null = null
    let chunks: Buffer[] = []
    let received = 0
    let settled = false
    const settle = () => {
      settled = true
      chunks = []
      halt.removeEventListener('abort', onHalt)
    }
    const fail = (failure: Error) => {
      if (settled) return
      settle()
      reject(failure)
      controller?.abort(failure)
    }
    const onHalt = () => fail(halt.reason as RequestFailure)
    const tooLarge = () =>
      fail(
        new RequestFailure('too-large', `the answer is longer than ${options.maxBodyBytes} bytes`, {
          limit: options.maxBodyBytes,
        }),
      )
    halt.addEventListener('abort', onHalt, { once: true })

    const headers = requestHeaders(options)
    options.agent.dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: options.method ?? 'GET',
        headers,
        body: options.body ?? null,
        // One deadline over everything replaces undici's two.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(started) {
          controller = started
          if (settled)
            started.abort(new RequestFailure('aborted', 'the request was given up while it waited'))
        },
        onResponseStart(_controller, status, answered) {
          if (status < 200 || settled) return
          head = { status, headers: answered }
          if (status >= 300 && status < 400 && status !== 304) {
            const location = answered['location']
            fail(
              new RequestFailure('redirect', `HTTP ${status} redirect`, {
                status,
                location: typeof location === 'string' ? location : '',
              }),
            )
          } else if (Number(answered['content-length'] ?? 0) > options.maxBodyBytes) tooLarge()
        },
        onResponseData(_controller, chunk) {
          if (settled) return
          received += chunk.byteLength
          if (received > options.maxBodyBytes) tooLarge()
          else chunks.push(chunk)
        },
        onResponseEnd() {
          if (settled || head === null) return
          const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, received)
          settle()
          resolve({ ...head, body })
        },
        onResponseError(_controller, error) {
          fail(RequestFailure.network(error, { beforeAnswer: head === null && isClosed(error) }))
        },
      },
    )
  })
}

/** @param name in lower case. The first where a header came several times. */
export function headerOf(response: Pick<BoundedResponse, 'headers'>, name: string): string | undefined {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** The other side closed or reset a connection, as opposed to never having opened it. */
export function isClosed(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

function requestHeaders(options: BoundedRequest): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': 'Floorwatch',
    'accept-encoding': options.compressed === true ? 'gzip' : 'identity',
    ...options.headers,
  }
  options.authorise?.(headers, options.url)
  return headers
}

function contentEncoding(headers: RawResponse['headers']): string {
  const value = headers['content-encoding']
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().toLowerCase()
}

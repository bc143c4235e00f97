import type { Authorise } from '../../platform/auth.ts'
import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { boundedRequest, type BoundedResponse, type HttpAgent } from '../../platform/http/index.ts'
import { isLoopback } from '../../platform/origin.ts'
import { redactUrl } from '../../platform/redact.ts'
import { isJson } from './refusals.ts'

export interface TransportOptions {
  /** Where /api/v1 is served under; path (`/prometheus`, `/select/0/prometheus`) and query are kept. */
  readonly url: string
  readonly agent: HttpAgent
  readonly clock: Clock
  /** Secret headers, see platform/auth.ts. */
  readonly authorise?: Authorise
  /** Headers that are no secret. */
  readonly headers?: Readonly<Record<string, string>>
  /** Longest answer, bytes, on the wire and inflated; 128 MiB where none is given. */
  readonly maxBodyBytes?: number
  /** Ask for gzip. Where it is not given: unless the address is loopback. */
  readonly compressed?: boolean
}

export interface Exchange {
  readonly path: string
  readonly parameters: URLSearchParams
  readonly deadlineMs: number
  readonly signal: AbortSignal | undefined
}

/** Carries API calls to one back end, by the method that its proxies let through. */
export interface Transport {
  get(exchange: Exchange): Promise<BoundedResponse>
  /** POST where it may. Queries stay out of addresses and access logs, and may be long. */
  form(exchange: Exchange): Promise<BoundedResponse>
}

export function createTransport(options: TransportOptions): Transport {
  const base = baseOf(options.url)
  const compressed = options.compressed ?? !isLoopback(base.url.hostname)
  let formMethod: 'POST' | 'GET' = 'POST'

  async function send(method: 'POST' | 'GET', exchange: Exchange): Promise<BoundedResponse> {
    const url = new URL(base.url)
    url.pathname = base.path + exchange.path
    const parameters = new URLSearchParams([...base.url.searchParams, ...exchange.parameters])
    url.search = method === 'GET' ? parameters.toString() : ''
    return await boundedRequest({
      url,
      agent: options.agent,
      method,
      ...(method === 'POST' ? { body: parameters.toString() } : {}),
      headers: {
        accept: 'application/json',
        ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...options.headers,
      },
      ...(options.authorise === undefined ? {} : { authorise: options.authorise }),
      ...(exchange.signal === undefined ? {} : { signal: exchange.signal }),
      deadlineMs: exchange.deadlineMs,
      maxBodyBytes: options.maxBodyBytes ?? 128 * 1024 * 1024,
      compressed,
      // Queries change nothing, whatever their method.
      repeatable: true,
    })
  }

  return {
    get: (exchange) => send('GET', exchange),
    async form(exchange) {
      if (formMethod === 'GET') return await send('GET', exchange)
      const started = options.clock.monotonic()
      const posted = await send('POST', exchange)
      if (!refusesPost(posted)) return posted
      const left = Math.max(1, exchange.deadlineMs - (options.clock.monotonic() - started))
      const got = await send('GET', { ...exchange, deadlineMs: left })
      if (got.status >= 400) return posted.status === 403 ? posted : got
      if (isJson(got)) formMethod = 'GET'
      return got
    },
  }
}

/** A proxy that refuses the method, as opposed to the API refusing the question. */
function refusesPost(response: BoundedResponse): boolean {
  if (response.status === 405 || response.status === 501) return true
  return response.status === 403 && !isJson(response)
}

/** The address without what people copy along: a trailing slash, or the API path itself. */
function baseOf(address: string): { url: URL; path: string } {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new SourceFailure({
      code: 'address',
      text: `Prometheus: "${redactUrl(address)}" is not an http:// or https:// address`,
      nextStep: 'Write it like http://prometheus.example:9090.',
    })
  }
  const url = new URL(address)
  return { url, path: url.pathname.replace(/\/+$/, '').replace(/\/api\/v1(?:\/query)?$/, '') }
}

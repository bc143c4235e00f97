import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectionTo, serve, type TestServer } from '../testing/connection.ts'
import { createMetrics } from './metrics.ts'
import { Bench, MINUTE, NINE, SECOND, sums } from './testing/bench.ts'

const signal = new AbortController().signal
let bench: Bench
let other: TestServer | null = null
let asked: { readonly url: string | undefined; readonly authorisation: string | undefined }[] = []
beforeEach(() => {
  bench = new Bench()
  asked = []
})
afterEach(async () => {
  await bench.close()
  await other?.close()
  other = null
})

/** An address that is not the proxy's: another port, and 127.0.0.1 by another name. */
async function elsewhere(
  path: string,
  status: (request: IncomingMessage) => number,
  body: () => string,
  host = 'localhost',
) {
  other = await serve((request, response) => {
    asked.push({ url: request.url, authorisation: request.headers.authorization })
    response.writeHead(status(request), { 'content-type': 'text/plain; version=0.0.4' }).end(body())
  })
  return `${other.url.replace('127.0.0.1', host)}${path}`
}

describe('the counters on another host', () => {
  it('are read without the key of the proxy, such as from a Prometheus that knows several proxies', async () => {
    const federated = () =>
      ['p1', 'p2']
        .map((instance) => {
          const labels = `requested_model="llama",team="acme",instance="${instance}"`
          return `litellm_input_tokens_metric_total{${labels}} ${(bench.clock.now() - NINE) / 100} ${bench.clock.now()}\n`
        })
        .join('')
    const query = '?match[]={__name__=~"litellm_.*_metric_total"}'
    await bench.open(await elsewhere(`/federate${query}`, () => 200, federated))
    await bench.readTwice()
    expect(sums(await bench.source.usage(bench.live(), signal))).toEqual({ 'acme/llama': '200+null' })
    expect(asked.map(({ authorisation }) => authorisation)).toEqual([undefined, undefined])
    expect(new URL(asked[0]?.url ?? '', 'http://p').searchParams.get('match[]')).toBe(
      '{__name__=~"litellm_.*_metric_total"}',
    )
  })

  it.each([401, 403])('are never asked for with it, also where that host answers %i', async (status) => {
    const secretive = ({ headers }: IncomingMessage) => (headers.authorization === undefined ? status : 200)
    await bench.open(await elsewhere('/metrics', secretive, () => bench.proxy.metrics()))
    for (let question = 0; question < 2; question++) {
      await expect(bench.source.usage(bench.live(), signal)).rejects.toMatchObject({
        failure: { code: `http-${status}`, nextStep: expect.stringContaining('without authentication') },
      })
      bench.clock.advance(MINUTE)
    }
    expect(asked.length).toBeGreaterThan(1)
    expect(new Set(asked.map(({ authorisation }) => authorisation))).toEqual(new Set([undefined]))
  })

  it('are read without it from another port of the same host', async () => {
    const body = () => bench.proxy.metrics()
    await bench.open(await elsewhere('/metrics', () => 200, body, '127.0.0.1'))
    await bench.readTwice(bench.request({ endMs: NINE + SECOND }))
    expect(asked.map(({ authorisation }) => authorisation)).toEqual([undefined, undefined])
  })

  it('are never read with it over http where the proxy has https', async () => {
    const address = await elsewhere(
      '/metrics',
      () => 401,
      () => 'no',
    )
    const metrics = createMetrics(
      connectionTo({ url: address.replace('http:', 'https:'), kind: 'litellm', clock: bench.clock }),
      address,
    )
    await expect(metrics.refresh(signal)).rejects.toThrow('HTTP 401')
    expect(asked.map(({ authorisation }) => authorisation)).toEqual([undefined])
    await metrics.http.close()
  })

  it('are at /metrics where no path is given, and refused in words where the key is not good', async () => {
    await bench.open(
      await elsewhere(
        '',
        () => 403,
        () => 'no',
      ),
    )
    await expect(bench.source.usage(bench.live(), signal)).rejects.toThrow(/HTTP 403.* may not read that/)
    expect(asked.map(({ url }) => url)).toEqual(['/metrics'])
  })

  it('are given up where two addresses send on to each other', async () => {
    other = await serve((request, response) => {
      const location = request.url === '/metrics' ? '/metrics/' : '/metrics'
      response.writeHead(307, { location }).end()
    })
    await bench.open(`${other.url}/metrics`)
    await expect(bench.source.usage(bench.live(), signal)).rejects.toThrow('redirects are not followed')
  })
})

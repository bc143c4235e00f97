import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { allAuth, basicAuth, bearerAuth, headerAuth } from '../../platform/auth.ts'
import { manualClock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { createAgent } from '../../platform/http/index.ts'
import { createPrometheusClient, type PrometheusClientOptions } from './client.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

interface Asked {
  readonly method: string
  readonly path: string
  readonly parameters: URLSearchParams
  readonly headers: IncomingMessage['headers']
}

type Answer = (asked: Asked, response: ServerResponse) => void

/** A back end that answers as told and remembers what it was asked. */
async function backEnd(answer: Answer, more: Partial<PrometheusClientOptions> & { path?: string } = {}) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://h')
      const body = Buffer.concat(chunks).toString()
      const one: Asked = {
        method: request.method ?? '',
        path: url.pathname,
        parameters: new URLSearchParams(request.method === 'POST' ? body : url.search),
        headers: request.headers,
      }
      asked.push(one)
      answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const agent = createAgent({ connections: 2 })
  endings.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
    () => agent.close(),
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${more.path ?? ''}`
  const clock = manualClock({ now: 1000 })
  return {
    asked,
    url,
    clock,
    client: createPrometheusClient({ url, agent, clock, timeoutMs: 3000, ...more }),
  }
}

const json = (body: unknown, status = 200): Answer => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return (_asked, response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(text)
}
const vector = (extra: object = {}) => ({
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: { UUID: 'a' }, value: [1700000000, '7'] }] },
  ...extra,
})

async function failureOf(pending: Promise<unknown>) {
  const error = await pending.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (error instanceof SourceFailure) return error.failure
  throw error
}

describe('asking', () => {
  it('posts a form under the base path and keeps the query of the address', async () => {
    const { client, asked } = await backEnd(json(vector()), {
      path: '/select/0/prometheus/?extra_label=dc%3Da',
    })
    const answer = await client.query('up', { atMs: 1_700_000_000_500 })
    expect([...answer.value.values]).toEqual([7])
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/select/0/prometheus/api/v1/query' })
    expect(Object.fromEntries(asked[0]?.parameters ?? [])).toEqual({
      extra_label: 'dc=a',
      query: 'up',
      timeout: '3s',
      time: '1700000000.5',
    })
  })

  it.each(['/prometheus', '/prometheus/', '/prometheus/api/v1', '/prometheus/api/v1/query'])(
    'finds the API from %s',
    async (path) => {
      const { client, asked } = await backEnd(json(vector()), { path })
      await client.query('up')
      expect(asked[0]?.path).toBe('/prometheus/api/v1/query')
    },
  )

  it.each([
    [405, 'Method Not Allowed'],
    [403, '<html>blocked</html>'],
    [501, ''],
  ])('falls back to GET after HTTP %i from a proxy, and remembers', async (status, text) => {
    const { client, asked } = await backEnd((one, response) => {
      if (one.method === 'POST') response.writeHead(status).end(text)
      else json(vector())(one, response)
    })
    await client.query('up')
    await client.query('up')
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
    expect(asked[2]?.parameters.get('query')).toBe('up')
  })

  it('does not take a refusal by the API for one of the method', async () => {
    const { client, asked } = await backEnd(
      json({ status: 'error', errorType: 'forbidden', error: 'no' }, 403),
    )
    expect((await failureOf(client.query('up'))).code).toBe('http-403')
    expect(asked).toHaveLength(1)
  })

  it('sends tokens, tenants and plain headers', async () => {
    const { client, asked } = await backEnd(json(vector()), {
      authorise: allAuth(
        headerAuth('X-Scope-OrgID', () => 'floor-a'),
        bearerAuth(() => 'abc'),
      ),
      headers: { 'THANOS-TENANT': 'team' },
    })
    await client.query('up')
    expect(asked[0]?.headers).toMatchObject({
      'x-scope-orgid': 'floor-a',
      'thanos-tenant': 'team',
      authorization: 'Bearer abc',
    })
  })

  it('asks for gzip where it is told to, and reads it', async () => {
    const { client, asked } = await backEnd(
      (_one, response) =>
        response
          .writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
          .end(gzipSync(JSON.stringify(vector()))),
      { compressed: true },
    )
    expect([...(await client.query('up')).value.values]).toEqual([7])
    expect(asked[0]?.headers['accept-encoding']).toBe('gzip')
  })

  it('asks for ranges, series, label names and values, targets and metadata', async () => {
    const answers: Record<string, unknown> = {
      '/api/v1/query_range': { resultType: 'matrix', result: [{ metric: {}, values: [[1, '2']] }] },
      '/api/v1/series': [{ __name__: 'up', job: 'x' }],
      '/api/v1/labels': null,
      '/api/v1/label/job/values': ['x'],
      '/api/v1/metadata': { up: [{ type: 'gauge', help: 'h' }] },
      '/api/v1/targets': {
        activeTargets: [
          { labels: { job: 'x' }, scrapeUrl: 'http://h/metrics', health: 'down', lastError: 'refused' },
        ],
      },
    }
    const { client, asked } = await backEnd((one, response) =>
      json({ status: 'success', data: answers[one.path] })(one, response),
    )
    const range = { fromMs: 1000, toMs: 61_000 }
    const matrix = await client.queryRange('up', { ...range, stepMs: 15_000 })
    expect(matrix.value.map(({ values }) => [...values])).toEqual([[2]])
    expect(asked[0]?.parameters.get('step')).toBe('15')
    expect((await client.series(['{job="x"}', 'up'], range)).value).toEqual([{ __name__: 'up', job: 'x' }])
    expect(asked[1]?.parameters.getAll('match[]')).toEqual(['{job="x"}', 'up'])
    expect((await client.labelNames([], range)).value).toEqual([])
    expect((await client.labelValues('job', [], range)).value).toEqual(['x'])
    expect((await client.metadata('up')).value['up']?.[0]?.help).toBe('h')
    expect((await client.targets()).value[0]).toMatchObject({ health: 'down', lastError: 'refused' })
  })
})

async function build(data: unknown, headers: Record<string, string> = {}) {
  const { client } = await backEnd((_one, response) =>
    response
      .writeHead(200, { 'Content-Type': 'application/json', ...headers })
      .end(JSON.stringify({ status: 'success', data })),
  )
  return (await client.buildInfo()).value
}

describe('the kin of Prometheus', () => {
  it('is distinguished by buildinfo', async () => {
    expect(await build({ version: '2.42.0', revision: 'x', goVersion: 'go1.19' })).toMatchObject({
      flavour: 'prometheus',
      title: 'Prometheus 2.42.0',
    })
    expect(await build({})).toEqual({ flavour: 'victoriametrics', version: '', title: 'VictoriaMetrics' })
    expect((await build({ version: '2.24.0' }, { 'X-Server-Hostname': 'vm-0' })).flavour).toBe(
      'victoriametrics',
    )
    expect(await build({ version: '0.34.1' })).toMatchObject({ flavour: 'thanos', title: 'Thanos 0.34.1' })
    expect(await build({ application: 'Grafana Mimir', version: '2.11.0', features: {} })).toMatchObject({
      flavour: 'mimir',
      title: 'Mimir 2.11.0',
    })
  })

  it('tells of a partial answer of VictoriaMetrics', async () => {
    const { client } = await backEnd(json(vector({ isPartial: true, stats: { seriesFetched: '1' } })))
    const answer = await client.query('up')
    expect(answer.partial).toBe(true)
    expect(answer.warnings[0]).toMatch(/partial/)
    expect(client.health()).toMatchObject({ state: 'slow', warnings: answer.warnings })
  })

  it('tells of a partial answer of Thanos by its warnings', async () => {
    const warning =
      'fetch series for {replica="a"} store-1:10901: rpc error: code = Unavailable desc = store unavailable'
    const { client } = await backEnd(json(vector({ warnings: [warning] })))
    expect(await client.query('up')).toMatchObject({ partial: true, warnings: [warning] })
  })

  it('hands infos on without calling the answer partial', async () => {
    const info = 'PromQL info: metric might not be a counter'
    const { client } = await backEnd(json(vector({ infos: [info] })))
    expect(await client.query('up')).toMatchObject({ partial: false, warnings: [info] })
  })

  it('says that Mimir wants a tenant', async () => {
    const { client } = await backEnd((_one, response) => response.writeHead(401).end('no org id\n'))
    const failure = await failureOf(client.query('up'))
    expect(failure.code).toBe('http-401')
    expect(failure.nextStep).toContain('X-Scope-OrgID')
  })
})

describe('refusals in words', () => {
  it.each([
    [
      400,
      { errorType: 'bad_data', error: 'parse error: unexpected "}"' },
      'query',
      /did not accept a query: parse error/,
    ],
    [
      422,
      { errorType: '422', error: 'duplicate output timeseries: {UUID="a"}' },
      'duplicate-series',
      /two GPUs/,
    ],
    [
      422,
      { errorType: 'execution', error: 'vector cannot contain metrics with the same labelset' },
      'duplicate-series',
      /short identity/,
    ],
    [
      422,
      { errorType: 'execution', error: 'query processing would load too many samples into memory' },
      'query-limit',
      /too large/,
    ],
    [
      503,
      { errorType: 'timeout', error: 'query timed out in expression evaluation' },
      'query-timeout',
      /time limit/,
    ],
    [500, { errorType: 'internal', error: 'boom' }, 'http-500', /internal error \("boom"\)/],
    [200, { errorType: 'internal', error: 'odd' }, 'http-200', /odd/],
  ])('HTTP %i %j', async (status, error, code, text) => {
    const { client } = await backEnd(json({ status: 'error', ...error }, status))
    const failure = await failureOf(client.query('up'))
    expect(failure.code).toBe(code)
    expect(failure.text).toMatch(text)
    expect(failure.nextStep).not.toBe('')
  })

  it('recognises a login page, whatever its status', async () => {
    const page = '<!DOCTYPE html><html><head><title>Sign in</title></head></html>'
    for (const status of [200, 401]) {
      const { client } = await backEnd((_one, response) =>
        response.writeHead(status, { 'Content-Type': 'text/html' }).end(page),
      )
      const failure = await failureOf(client.query('up'))
      expect(failure.code).toBe(status === 200 ? 'html' : 'http-401')
      expect(failure.text).toMatch(/web page \("Sign in"\).*login proxy/)
    }
  })

  it.each([
    ['', /empty answer/],
    ['pong', /"pong"/],
    ['{"status":"success","data":{"resultType":"vector","result":[{', /cannot be read: expected/],
    ['{"status":"success"}', /cannot be read: expected data/],
    ['{"hello":1}', /expected a status/],
  ])('says that %j is no answer', async (body, text) => {
    const { client } = await backEnd(json(body))
    const failure = await failureOf(client.query('up'))
    expect(failure.code).toBe('parse')
    expect(failure.text).toMatch(text)
  })

  it('refuses small answers of another shape', async () => {
    const { client } = await backEnd(json({ status: 'success', data: { not: 'a list' } }))
    expect((await failureOf(client.labelNames([], { fromMs: 0, toMs: 1 }))).code).toBe('parse')
  })

  it('says 503 plainly while a back end starts', async () => {
    const { client } = await backEnd((_one, response) => response.writeHead(503).end('Service Unavailable'))
    expect(await failureOf(client.query('up'))).toMatchObject({ code: 'http-503' })
  })

  it('names place and deadline when there is no answer', async () => {
    const { client, url } = await backEnd(() => {}, { timeoutMs: 120 })
    expect((await failureOf(client.query('up'))).text).toBe(`Prometheus: no answer within 120 ms from ${url}`)
  })

  it('keeps to its cap', async () => {
    const { client } = await backEnd(json(vector({ infos: ['x'.repeat(5000)] })), { maxBodyBytes: 1000 })
    expect((await failureOf(client.query('up'))).code).toBe('too-large')
  })

  it('never shows a password or token', async () => {
    const { client } = await backEnd((_one, response) => response.writeHead(401).end('denied'), {
      authorise: basicAuth('noc', () => 'canary-4711'),
      path: '/?token=canary-4712',
    })
    const told = JSON.stringify([await failureOf(client.query('up')), client.health()])
    expect(told).not.toMatch(/canary/)
    expect(told).not.toContain(Buffer.from('noc:canary-4711').toString('base64'))
  })

  it.each(['prometheus:9090', '//x', 'ftp://x'])('refuses %j, which is no address', (url) => {
    const agent = createAgent({ connections: 1 })
    endings.push(() => agent.close())
    expect(() => createPrometheusClient({ url, agent, clock: manualClock(), timeoutMs: 1 })).toThrow(
      `Prometheus: "${url}" is not an http:// or https:// address`,
    )
  })
})

describe('health', () => {
  it('keeps what it last knew while it fails, and recovers', async () => {
    let failing = false
    const { client, clock } = await backEnd((one, response) =>
      failing ? void response.writeHead(500).end() : json(vector())(one, response),
    )
    expect(client.health()).toMatchObject({ state: 'unknown', lastAttemptAt: null, consecutiveFailures: 0 })
    await client.query('up')
    expect(client.health()).toMatchObject({ state: 'ok', lastSuccessAt: 1000, samples: 1, error: null })
    failing = true
    clock.advance(5000)
    await failureOf(client.query('up'))
    await failureOf(client.query('up'))
    expect(client.health()).toMatchObject({
      state: 'failing',
      lastSuccessAt: 1000,
      lastAttemptAt: 6000,
      consecutiveFailures: 2,
      error: { code: 'http-500' },
    })
    failing = false
    await client.query('up')
    expect(client.health()).toMatchObject({ state: 'ok', consecutiveFailures: 0, error: null })
  })

  it('does not hold a cancelled request against the source', async () => {
    const { client } = await backEnd(() => {})
    const cancel = new AbortController()
    const pending = failureOf(client.query('up', { signal: cancel.signal }))
    cancel.abort()
    expect((await pending).code).toBe('aborted')
    expect(client.health().consecutiveFailures).toBe(0)
  })
})

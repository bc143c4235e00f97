import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { stringifyJson } from '../../../shared/metering/json.ts'
import { manualClock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { createApi } from './api.ts'
import { connectionTo, serve, type TestConnection } from './testing/connection.ts'
import { AbilityMissing, type MeteringSource, type UsageQuestion } from './types.ts'

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const CAPABILITIES = {
  backend: { name: 'acme-metering', version: '1.4' },
  minStepSeconds: 10,
  lagSeconds: 5,
  retentionDays: 30,
  groups: ['tenant', 'model'],
  tokenTypes: ['input', 'output'],
  errorTokens: false,
  latencyKinds: ['duration'],
  calendarBuckets: ['day'],
  workflows: false,
  statements: false,
  events: false,
  throttle: null,
}
const FROM = Date.UTC(2026, 10, 23, 12)
const AS_OF = { dataAsOf: '2026-11-23T12:01:00Z', complete: true, missing: [] }
const POINT = {
  t: '2026-11-23T12:00:00Z',
  input: 5,
  output: 3,
  cachedInput: 1,
  reasoning: 1,
  requests: 2,
  rejected: 0,
  errors: 0,
}
const usageOf = (change: object = {}) => ({
  ...AS_OF,
  from: '2026-11-23T12:00:00Z',
  to: '2026-11-23T12:01:00Z',
  step: 10,
  series: [{ dims: { tenant: 'a' }, points: [POINT] }],
  ...change,
})
const QUESTION: UsageQuestion = {
  fromMs: FROM,
  toMs: FROM + 60_000,
  step: { ms: 10_000 },
  groupBy: ['tenant'],
  filters: {},
  top: null,
}
const signal = new AbortController().signal

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : stringifyJson(body))
  }
const problem = (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  json(body, status, { 'content-type': 'application/problem+json', ...headers })

/** A back end whose capabilities are well and that answers everything else as told. */
async function backEnd(
  answer: Answer,
  options: Partial<TestConnection> & { readonly capabilities?: object } = {},
) {
  const asked: IncomingMessage[] = []
  const { capabilities = CAPABILITIES, ...connection } = options
  const server = await serve((request, response) => {
    asked.push(request)
    if (request.url === '/v1/capabilities') json(capabilities)(request, response)
    else answer(request, response)
  })
  const source = createApi(connectionTo({ url: server.url, ...connection }))
  endings.push(
    () => server.close(),
    () => source.close(),
  )
  return { asked, source, url: server.url, paths: () => asked.map(({ url }) => url?.split('?')[0]) }
}

async function failureOf(pending: Promise<unknown>) {
  const error = await pending.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (error instanceof SourceFailure) return error.failure
  throw error
}
const ask = (source: MeteringSource, change: Partial<UsageQuestion> = {}) =>
  source.usage({ ...QUESTION, ...change }, signal)

describe('a refusal in words', () => {
  const page: Answer = (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>')
  const elsewhere: Answer = (_request, response) =>
    response.writeHead(302, { location: 'https://login.example/?token=abc' }).end()
  const tooOld = problem(400, {
    type: 'urn:x:invalid-request',
    detail: 'Too old.',
    pointer: 'query.groupBy',
    requestId: 'r-9',
  })
  it.each<readonly [string, RegExp, RegExp, Answer]>([
    [
      'http-401',
      /HTTP 401 to GET \/v1\/usage: the token or password was refused or is missing \("Expired\."\)/,
      /bearer/,
      problem(401, { title: 'No token', detail: 'Expired.' }),
    ],
    [
      'http-403',
      /may not read that.*Not this tenant/,
      /right to read/,
      problem(403, { detail: 'Not this tenant.' }),
    ],
    ['http-404', /there is no such thing/, /without the \/v1/, json('', 404)],
    ['http-400', /query\.groupBy: Too old\.; its request r-9/, /shorter time/, tooOld],
    ['http-500', /it failed inside \("boom"\)/, /log/, json('boom', 500)],
    ['http-501', /does not answer this question/, /conformance/, json('', 501)],
    ['html', /web page \("Sign in"\).*login proxy/, /behind the proxy/, page],
    ['http-302', /redirects to https:\/\/login\.example\//, /final address/, elsewhere],
    ['parse', /cannot be read: it begins with "pong"/, /without the \/v1/, json('pong')],
    ['parse', /it is empty/, /without the \/v1/, json('')],
    ['parse', /damaged JSON/, /cuts or changes/, json('{"dataAsOf":')],
  ])('%s: %s', async (code, text, nextStep, answer) => {
    const { source } = await backEnd(answer)
    const failure = await failureOf(ask(source))
    expect(failure).toMatchObject({
      code,
      text: expect.stringMatching(text) as string,
      nextStep: expect.stringMatching(nextStep) as string,
    })
    expect(failure.text).toMatch(/^Metering API at 127\.0\.0\.1:\d+: /)
    // A question that is refused as such says nothing about the source.
    const told = code === 'http-400' ? { state: 'ok', error: null } : { state: 'failing', error: failure }
    expect(source.health()).toMatchObject(told)
  })

  it('never repeats a token, whatever the server says', async () => {
    const token = 'tok-0123456789abcdef'
    const { source } = await backEnd(problem(401, { detail: `Bearer ${token} is not known` }), { token })
    const failure = await failureOf(ask(source))
    expect(failure.text).toContain('[hidden] is not known')
    expect(stringifyJson(source.health())).not.toContain(token)
  })
})

describe('an answer that is not as agreed', () => {
  it.each([
    [
      { series: [{ dims: {}, points: [{ ...POINT, input: -1 }] }] },
      'series.0.points.0.input: expected a whole number from 0 to 10^30',
    ],
    [
      { series: [{ dims: {}, points: [{ ...POINT, input: 1.5 }] }] },
      'series.0.points.0.input: expected a whole',
    ],
    [
      { series: [{ dims: {}, points: [{ ...POINT, t: 'noon' }] }] },
      'series.0.points.0.t: expected an instant',
    ],
    [{ step: 60 }, 'step: expected 10, as was asked for, and it is 60'],
    [
      { series: [{ dims: { tenant: 'a' }, points: [{ ...POINT, t: '2026-11-23T12:00:05Z' }] }] },
      'series.0.points.0.t: 2026-11-23T12:00:05Z starts none of the steps',
    ],
    [
      { series: [{ dims: { tenant: 'a' }, points: [{ ...POINT, t: '2026-11-23T13:00:00Z' }] }] },
      'starts none of the steps',
    ],
    [
      { series: [{ dims: { tenant: 'a' }, points: [POINT, POINT] }] },
      'series.0.points.1.t: 2026-11-23T12:00:00Z is there twice',
    ],
    [
      {
        series: [
          { dims: { tenant: 'a' }, points: [] },
          { dims: { tenant: 'a', model: 'm' }, points: [] },
        ],
      },
      'series.1.dims: a is there twice',
    ],
    [{ dataAsOf: null }, 'dataAsOf: expected an instant'],
  ])('%j', async (change, text) => {
    const { source } = await backEnd(json(usageOf(change)))
    const failure = await failureOf(ask(source))
    expect(failure.code).toBe('parse')
    expect(failure.text).toContain('the answer to GET /v1/usage is not as agreed: ')
    expect(failure.text).toContain(text)
  })

  it('is told of capabilities too, and of histograms whose counts do not fit', async () => {
    const { source: one } = await backEnd(json(usageOf()), {
      capabilities: { ...CAPABILITIES, groups: ['colour'] },
    })
    expect((await failureOf(one.abilities(signal))).text).toContain(
      'GET /v1/capabilities is not as agreed: groups.0',
    )
    const { source } = await backEnd(
      json({
        ...AS_OF,
        kind: 'duration',
        step: null,
        bounds: [1, 2],
        series: [{ dims: {}, points: [{ t: new Date(FROM).toISOString(), counts: [1, 2] }] }],
      }),
    )
    const latency = {
      fromMs: FROM,
      toMs: FROM + 60_000,
      kind: 'duration',
      stepMs: null,
      groupBy: [],
      filters: {},
    } as const
    expect((await failureOf(source.latency(latency, signal))).text).toContain(
      'series.0.points.0.counts: expected 3 counts',
    )
  })

  it('keeps every digit, drops what it does not know, and has no figure where none is counted', async () => {
    const { source } = await backEnd(
      json(
        usageOf({
          prompt: 'a secret',
          series: [
            {
              dims: { tenant: 'a', model: 'm', colour: 'red' },
              points: [{ ...POINT, input: 9_007_199_254_740_993n, prompt: 'a secret' }],
            },
          ],
        }),
      ),
    )
    const table = await ask(source)
    expect(table.counts.input?.exact(0)).toBe(9_007_199_254_740_993n)
    expect(table.rows).toEqual([{ tenant: 'a' }])
    expect([...table.given]).toEqual([1, 0, 0, 0, 0, 0])
    expect(table.counts).toMatchObject({ cachedInput: null, reasoning: null, errorTokens: null })
    expect(table.counts.requests?.exact(0)).toBe(2n)
  })
})

describe('a server in trouble', () => {
  it('is given up at the deadline, and its socket closed', async () => {
    let hungUp = false
    const { source } = await backEnd(
      (request) => {
        request.socket.once('close', () => {
          hungUp = true
        })
      },
      { deadlineMs: 300 },
    )
    expect(await failureOf(ask(source))).toMatchObject({ code: 'timeout' })
    await expect.poll(() => hungUp).toBe(true)
  })

  it('is given up when it is no longer waited for, and not blamed', async () => {
    const { source } = await backEnd(() => undefined)
    await source.abilities(signal)
    const leaving = new AbortController()
    const pending = failureOf(source.usage(QUESTION, leaving.signal))
    leaving.abort()
    expect((await pending).code).toBe('aborted')
    expect(source.health()).toMatchObject({ state: 'ok', error: null })
  })

  it('may not send more than is held', async () => {
    const { source } = await backEnd((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(1 << 30) })
      response.write('{')
    })
    const failure = await failureOf(ask(source, { toMs: FROM + 10_000 }))
    expect(failure).toMatchObject({ code: 'too-large' })
    expect(failure.text).toContain('32 MiB')
  })

  it('gets a second chance when it is busy for a moment', async () => {
    let times = 0
    const { source } = await backEnd((request, response) => {
      if (times++ === 0) problem(503, { detail: 'Starting.' }, { 'retry-after': '0' })(request, response)
      else json(usageOf())(request, response)
    })
    expect((await ask(source)).rows).toHaveLength(1)
    expect(times).toBe(2)
  })

  it('is not asked before its Retry-After, by any question', async () => {
    const clock = manualClock({ now: FROM })
    let busy = true
    const { source, asked } = await backEnd(
      (request, response) => {
        if (busy) problem(429, { detail: 'Slow down.' }, { 'retry-after': '30' })(request, response)
        else
          json(request.url?.startsWith('/v1/rates') === true ? { ...AS_OF, rates: [] } : usageOf())(
            request,
            response,
          )
      },
      { clock },
    )
    expect((await failureOf(ask(source))).text).toMatch(/HTTP 429.*asked too often \("Slow down\."\)/)
    const before = asked.length
    clock.advance(10_000)
    const held = await failureOf(source.rates(signal))
    expect(held).toMatchObject({
      code: 'http-429',
      text: expect.stringContaining('next request in 20 s') as string,
    })
    expect(asked).toHaveLength(before)
    expect(source.health()).toMatchObject({ state: 'backoff', nextAttemptAt: FROM + 30_000 })
    busy = false
    clock.advance(20_000)
    await source.rates(signal)
    // The refusal concerned the whole server, so one answer ends it for all.
    expect(source.health()).toMatchObject({ state: 'ok', error: null, consecutiveFailures: 0 })
  })

  it('fails by itself in what it answers badly, and well in the rest', async () => {
    const { source } = await backEnd((request, response) =>
      json(request.url?.startsWith('/v1/rates') === true ? { ...AS_OF, rates: [] } : { no: 'usage' })(
        request,
        response,
      ),
    )
    const failure = await failureOf(ask(source))
    await failureOf(ask(source))
    await source.rates(signal)
    expect(source.health()).toMatchObject({ state: 'failing', consecutiveFailures: 2, error: failure })
  })

  it('says that nothing listens', async () => {
    const server = await serve(() => undefined)
    await server.close()
    const source = createApi(connectionTo({ url: server.url }))
    endings.push(() => source.close())
    expect((await failureOf(source.abilities(signal))).code).toBe('refused')
    expect(source.health()).toMatchObject({ kind: 'metering', state: 'failing', lastSuccessAt: null })
  })
})

describe('what a back end lacks', () => {
  it('is told in plain words and not asked for', async () => {
    const { source, paths } = await backEnd(json({}))
    const range = { fromMs: FROM, toMs: FROM + 60_000 }
    const lacking: [Promise<unknown>, string, string][] = [
      [source.workflow('w', signal), 'workflows', 'acme-metering 1.4 does not follow jobs'],
      [source.statement('a', range, signal), 'statements', 'has no statements'],
      [ask(source, { groupBy: ['gpuType'] }), 'gpuType', 'does not distinguish GPU types'],
      [ask(source, { filters: { endpoint: ['x'] } }), 'endpoint', 'does not distinguish endpoints'],
      [
        ask(source, { step: { bucket: 'month', timezone: 'UTC' } }),
        'calendarBuckets',
        'no calendar of months',
      ],
      [
        source.latency({ ...range, kind: 'interToken', stepMs: null, groupBy: [], filters: {} }, signal),
        'latency',
        'does not measure the time between tokens',
      ],
    ]
    for (const [pending, ability, text] of lacking) {
      const error = await pending.catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(AbilityMissing)
      expect(error).toMatchObject({ ability, message: expect.stringContaining(text) as string })
    }
    expect(new Set(paths())).toEqual(new Set(['/v1/capabilities']))
  })

  it('is a zone, where the server refuses it', async () => {
    const refusing = problem(400, { detail: 'Unknown zone.', pointer: 'query.timezone' })
    const { source } = await backEnd(refusing)
    const pending = ask(source, { step: { bucket: 'day', timezone: 'Asia/Kathmandu' } })
    await expect(pending).rejects.toMatchObject({
      ability: 'calendarBuckets',
      message: 'acme-metering 1.4 has no calendar of Asia/Kathmandu.',
    })
  })

  it('is learnt again after some minutes, and stands while it cannot be', async () => {
    const clock = manualClock({ now: FROM })
    let groups = ['tenant']
    let down = false
    const server = await serve((request, response) => {
      if (down) problem(500, { detail: 'No.' })(request, response)
      else json({ ...CAPABILITIES, groups })(request, response)
    })
    const source = createApi(connectionTo({ url: server.url, clock }))
    endings.push(
      () => server.close(),
      () => source.close(),
    )
    const known = async () => [...(await source.abilities(signal)).groups]
    expect(await Promise.all([known(), known()])).toEqual([['tenant'], ['tenant']])
    groups = ['tenant', 'model']
    clock.advance(4 * 60_000)
    expect(await known()).toEqual(['tenant'])
    down = true
    clock.advance(2 * 60_000)
    expect(await known()).toEqual(['tenant'])
    down = false
    clock.advance(60_000)
    expect(await known()).toEqual(['tenant', 'model'])
    down = true
    clock.advance(2 * 3_600_000)
    await expect(known()).rejects.toThrow('HTTP 500')
  })
})

describe('lists in pages', () => {
  const tenant = (id: string) => ({
    id,
    name: id,
    state: 'active',
    entitlement: { tokensPerSecond: null },
    limits: { tpm: null, rpm: null, maxConcurrent: null },
    quotas: [],
  })
  const cursorOf = (request: IncomingMessage) =>
    new URL(request.url ?? '', 'http://h').searchParams.get('cursor')

  it('are bounded, and say what is missing', async () => {
    const { source, asked } = await backEnd((request, response) => {
      const page = Number(cursorOf(request) ?? 0)
      json({ ...AS_OF, tenants: [tenant(`t-${page}`), tenant('everywhere')], nextCursor: String(page + 1) })(
        request,
        response,
      )
    })
    const { tenants, complete, missing } = await source.tenants(signal)
    expect(asked).toHaveLength(50)
    expect(tenants).toHaveLength(51)
    expect(complete).toBe(false)
    expect(missing).toEqual(['tenants beyond the first 51, which are all that are read'])
  })

  it('do not go round in circles', async () => {
    const { source } = await backEnd((request, response) =>
      json({ ...AS_OF, tenants: [], nextCursor: cursorOf(request) === 'a' ? 'b' : 'a' })(request, response),
    )
    expect((await failureOf(source.tenants(signal))).text).toContain('nextCursor: it leads back')
  })
})

import { parseJson, stringifyJson } from '../../../../shared/metering/json.ts'
import { type Problem, problemSchema } from '../../../../shared/metering/problem.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import type { StreamSpec } from '../../ledger/types.ts'
import { type Handlers, ProblemError } from '../http/handler.ts'
import type { Allowance } from '../http/access.ts'
import { type MeteringServer, startMeteringServer } from '../server/server.ts'
import { createMeteringApi, type MeteringApi } from '../server/api.ts'

/** A Monday afternoon. */
export const START = Date.UTC(2026, 10, 23, 13, 30)
export const TOKEN = 'the-token-of-the-tests'

export const BASES: Readonly<Record<string, LimitValues>> = {
  meridian: { tpm: 6_000_000, rpm: 60_000, maxConcurrent: null },
  orchid: { tpm: null, rpm: null, maxConcurrent: 500 },
}

const stream = (tenant: string, key: string, model: string, endpoint: string): StreamSpec => {
  return { tenant, key, model, endpoint, gpuType: 'H100', deployment: 0 }
}
export const STREAMS: readonly StreamSpec[] = [
  stream('meridian', 'k-app', 'llama', 'chat'),
  stream('meridian', 'k-bot', 'llama', 'chat'),
  stream('meridian', 'k-bot', 'deepseek', 'reasoning'),
  stream('meridian', 'k-night', 'llama', 'batch'),
  stream('orchid', 'k-o', 'qwen', 'batch'),
]
/** Tokens and requests per second of each stream above. */
const RATES = [
  { tokens: 40_000, requests: 40 },
  { tokens: 20_000, requests: 20 },
  { tokens: 20_000, requests: 5 },
  { tokens: 20_000, requests: 1 },
  { tokens: 0, requests: 0 },
]

/** A Metering API whose readings are empty but true to the contract, with a clock that only the test moves. */
export interface TestApi {
  readonly api: MeteringApi
  readonly server: MeteringServer
  now(): number
  /** Moves simulated time on. */
  pass(seconds: number): void
  fetch(path: string, init?: RequestInit & { token?: string | null }): Promise<Response>
  json(path: string, init?: RequestInit): Promise<{ response: Response; body: unknown }>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  close(): Promise<void>
}

export interface TestApiOptions {
  readonly handlers?: Partial<Handlers>
  readonly unavailable?: () => string | null
  readonly allowance?: Allowance
  readonly heartbeatMs?: number
}

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  let now = START
  const api = createMeteringApi({
    seed: 7,
    now: () => now,
    retentionMs: 86_400_000,
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
    traffic: {
      base: (tenant) => (Object.hasOwn(BASES, tenant) ? BASES[tenant] : undefined),
      streams: STREAMS,
      rateOf: (some) =>
        some.reduce(
          (sum, each) => {
            const rate = RATES[STREAMS.indexOf(each)] ?? { tokens: 0, requests: 0 }
            return { tokens: sum.tokens + rate.tokens, requests: sum.requests + rate.requests }
          },
          { tokens: 0, requests: 0 },
        ),
    },
  })
  const server = await startMeteringServer({
    handlers: { ...emptyReadings(() => now), ...api.handlers, ...options.handlers },
    streams: api.streams,
    tokens: new Map([
      [TOKEN, 'on-call'],
      ['the-other-token', 'shift-lead'],
    ]),
    now: () => now,
    checkAnswers: true,
    ...(options.unavailable === undefined ? {} : { unavailable: options.unavailable }),
    allowance: options.allowance ?? { burst: 100_000, perSecond: 100_000 },
  })

  const call: TestApi['fetch'] = (path, { token = TOKEN, ...init } = {}) =>
    fetch(server.url + path, {
      ...init,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...Object.fromEntries(new Headers(init.headers)),
      },
    })
  return {
    api,
    server,
    now: () => now,
    pass(seconds) {
      now += seconds * 1000
      api.tick()
    },
    fetch: call,
    async json(path, init) {
      const response = await call(path, init)
      return { response, body: parseJson(await response.text()) }
    },
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        body: typeof body === 'string' ? body : stringifyJson(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    close: () => server.close(),
  }
}

/** The problem that a response brings, checked; fails where it is none. */
export async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get('content-type') !== 'application/problem+json') {
    throw new Error(`expected a problem, got ${response.status} ${await response.text()}`)
  }
  return problemSchema.parse(await response.json())
}

/** The end of a problem's type, which is what clients go by. */
export async function typeOf(response: Response): Promise<string> {
  return (await problemOf(response)).type.split(':').at(-1) ?? ''
}

/** Handlers of every reading operation that give as little as the contract allows. */
export function emptyReadings(now: () => number): Omit<Handlers, keyof MeteringApi['handlers']> {
  const asOf = () => ({ dataAsOf: new Date(now()).toISOString(), complete: true, missing: [] })
  const none = { input: 0n, output: 0n, cachedInput: 0n, reasoning: 0n }
  return {
    getCapabilities: () => ({
      body: {
        backend: { name: 'test', version: '1' },
        minStepSeconds: 1,
        lagSeconds: 0,
        retentionDays: 1,
        groups: [],
        tokenTypes: [],
        errorTokens: false,
        latencyKinds: [],
        calendarBuckets: [],
        workflows: false,
        statements: false,
        events: true,
        throttle: null,
      },
    }),
    getUsage: ({ query }) => ({
      body: {
        ...asOf(),
        from: query.from,
        to: query.to,
        step: 60,
        series: [
          {
            dims: {},
            // Beyond 2^53: every digit has to arrive.
            points: [
              { ...none, t: query.from, input: 9_007_199_254_740_993n, requests: 1, rejected: 0, errors: 0 },
            ],
          },
        ],
      },
    }),
    getLatency: ({ query }) => ({
      body: { ...asOf(), kind: query.kind, step: query.step ?? null, bounds: [1], series: [] },
    }),
    getCapacity: ({ query }) => ({ body: { ...asOf(), from: query.from, to: query.to, rows: [] } }),
    getRates: () => ({ body: { ...asOf(), rates: [] } }),
    listWorkflows: () => ({
      body: {
        ...asOf(),
        totals: {
          started: 0,
          succeeded: 0,
          failed: 0,
          cancelled: 0,
          running: 0,
          retries: 0,
          toolFailures: 0,
          tokens: none,
          cost: null,
        },
        workflows: [],
        nextCursor: null,
      },
    }),
    getWorkflow: ({ params }) => {
      throw new ProblemError('not-found', `There is no workflow "${params.id}".`, 'path.id')
    },
    listTenants: () => ({ body: { ...asOf(), tenants: [], nextCursor: null } }),
    getQuotas: () => ({ body: { ...asOf(), quotas: [] } }),
    listKeys: () => ({ body: { ...asOf(), keys: [], nextCursor: null } }),
    getStatement: ({ query, params }) => ({
      body: {
        ...asOf(),
        tenant: params.id,
        from: query.from,
        to: query.to,
        currency: 'USD',
        scale: 2,
        rounding: 'half-up',
        lines: [],
        total: '0.00',
      },
    }),
  }
}

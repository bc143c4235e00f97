import { request as httpRequest } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AnswerOf,
  type Operation,
  type OperationName,
  OPERATIONS,
} from '../../../../shared/metering/operations.ts'
import { PROBLEM_STATUS, PROBLEM_TYPES } from '../../../../shared/metering/problem.ts'
import { ProblemError } from '../http/handler.ts'
import { problemOf, START, startTestApi, type TestApi, TOKEN, typeOf } from '../testing/api.ts'
import { throttleOf } from '../testing/throttle.ts'

let test: TestApi
beforeAll(async () => {
  test = await startTestApi()
})
afterAll(() => test.close())

const RANGE = 'from=2026-11-23T12:00:00Z&to=2026-11-23T13:00:00Z'
const QUERIES: Partial<Record<OperationName, string>> = {
  getUsage: `?${RANGE}&step=60&groupBy=tenant,model`,
  getLatency: `?${RANGE}&kind=duration`,
  getCapacity: `?${RANGE}`,
  listWorkflows: `?${RANGE}`,
  getStatement: `?${RANGE}`,
}
const pathOf = (name: OperationName, id = 'meridian') =>
  OPERATIONS[name].path.replace('{id}', id) + (QUERIES[name] ?? '')
const names = Object.keys(OPERATIONS) as OperationName[]
const operation = (name: OperationName): Operation => OPERATIONS[name]
const reading = names.filter(
  (name) =>
    operation(name).method === 'GET' && !['streamEvents', 'getWorkflow', 'getThrottle'].includes(name),
)

/** The raw bytes of an answer, with headers that fetch does not allow. */
function raw(path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const sent = httpRequest(
        test.server.url + path,
        { method, headers: { authorization: `Bearer ${TOKEN}`, ...headers } },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const { statusCode: status = 0, headers: received } = response
            resolve({ status, headers: received, body: Buffer.concat(chunks) })
          })
        },
      )
      sent.on('error', reject)
      sent.end()
    },
  )
}

describe('every operation', () => {
  it.each(reading)('%s answers in the shape of the contract', async (name) => {
    const { response, body } = await test.json(pathOf(name))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.has('etag')).toBe(OPERATIONS[name].answer.etag)
    expect(OPERATIONS[name].answer.body.safeParse(body).error).toBeUndefined()
  })

  it.each(names)('%s refuses a caller without a token, and one with a wrong one', async (name) => {
    for (const token of [null, 'wrong', `${TOKEN}x`]) {
      const response = await test.fetch(pathOf(name), { method: OPERATIONS[name].method, token })
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect(await typeOf(response)).toBe('unauthorised')
    }
  })

  it.each(names.filter((name) => operation(name).query !== null))(
    '%s refuses a query that it does not know',
    async (name) => {
      const path = pathOf(name)
      const response = await test.fetch(`${path}${path.includes('?') ? '&' : '?'}colour=red`)
      expect(await problemOf(response)).toMatchObject({ status: 400, pointer: 'query.colour' })
    },
  )

  it.each(names.filter((name) => operation(name).requiredHeaders.length > 0))(
    '%s refuses a call without the headers that it needs',
    async (name) => {
      const { method, requiredHeaders, body } = operation(name)
      const given: Record<string, string> = { 'idempotency-key': 'k', 'if-match': '*' }
      for (const missing of requiredHeaders) {
        const headers: Record<string, string> = {
          ...given,
          ...(body === null ? {} : { 'content-type': 'application/json' }),
        }
        delete headers[missing.toLowerCase()]
        const response = await test.fetch(pathOf(name, 'thr-1'), {
          method,
          headers,
          ...(body === null ? {} : { body: JSON.stringify(BODIES[name]) }),
        })
        expect(await problemOf(response)).toMatchObject({ status: 428, pointer: `header.${missing}` })
      }
    },
  )
})

const BODIES: Partial<Record<OperationName, object>> = {
  createThrottle: {
    tenantId: 'meridian',
    scope: {},
    mode: 'block',
    limits: {},
    reason: 'r',
    expiresAt: '2026-11-23T14:00:00Z',
    previewToken: 'p',
  },
  approveThrottle: { by: 'shift-lead' },
  extendThrottle: { expiresAt: '2026-11-23T14:00:00Z', reason: 'r' },
  tightenThrottle: { limits: { tpm: 1 }, reason: 'r', previewToken: 'p' },
}

describe('refusals', () => {
  it.each([
    ['/v1/usage', 'query.from'],
    ['/v1/usage?from=yesterday&to=2026-11-23T13:00:00Z', 'query.from'],
    [`/v1/usage?${RANGE}&step=0`, 'query.step'],
    [`/v1/usage?${RANGE}&groupBy=tenant,colour`, 'query.groupBy.1'],
    [`/v1/latency?${RANGE}&kind=patience`, 'query.kind'],
    ['/v1/tenants?limit=1001', 'query.limit'],
    ['/v1/audit?afterSeq=-1', 'query.afterSeq'],
    ['/v1/capabilities?verbose=1', 'query.verbose'],
    [`/v1/tenants/${'x'.repeat(257)}/limits`, 'path.id'],
  ])('points at what is wrong with %.60s: %s', async (path, pointer) => {
    expect(await problemOf(await test.fetch(path))).toMatchObject({ status: 400, pointer })
  })

  it.each([
    ['{', 'body'],
    ['[]', 'body'],
    ['{"tenantId":"meridian","mode":"slow","limits":{},"scope":{}}', 'body.mode'],
    ['{"tenantId":"meridian","mode":"cap","limits":{"tpm":-1},"scope":{}}', 'body.limits.tpm'],
    ['{"tenantId":"meridian","mode":"cap","limits":{"tpm":9007199254740993},"scope":{}}', 'body.limits.tpm'],
    ['{"tenantId":"meridian","mode":"cap","limits":{"tpm":1},"scope":{"keys":[""]}}', 'body.scope.keys.0'],
    ['{"tenantId":"meridian","mode":"cap","limits":{"tpm":1},"scope":{},"note":"x"}', 'body.note'],
  ])('points into the body %s: %s', async (body, pointer) => {
    expect(await problemOf(await test.post('/v1/throttles/preview', body))).toMatchObject({
      status: 400,
      pointer,
    })
  })

  it('refuses bodies that are too long, and those that are no JSON', async () => {
    const long = await test.post('/v1/throttles/preview', `{"tenantId":"${'x'.repeat(300_000)}"}`)
    expect((await problemOf(long)).status).toBe(413)
    const form = await test.post('/v1/throttles/preview', 'a=b', { 'content-type': 'text/plain' })
    expect((await problemOf(form)).status).toBe(415)
  })

  it('knows no other paths, and names the methods of those that it knows', async () => {
    for (const path of [
      '/',
      '/v1',
      '/v1/nothing',
      '/v1/tenants//limits/x',
      '/v1/tenants/%zz/limits',
      '/v1/usage/',
    ]) {
      expect(await typeOf(await test.fetch(path))).toBe('not-found')
    }
    for (const [path, method, allow] of [
      ['/v1/usage', 'POST', 'GET, HEAD'],
      ['/v1/throttles', 'DELETE', 'POST, GET, HEAD'],
      ['/v1/throttles/preview', 'DELETE', 'POST'],
      ['/v1/throttles/thr-1', 'PUT', 'GET, DELETE, HEAD'],
    ] as const) {
      const response = await test.fetch(path, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
      expect((await problemOf(response)).type).toBe('about:blank')
    }
  })

  it('answers on loopback names alone', async () => {
    const { port } = new URL(test.server.url)
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect((await raw('/v1/rates', { host })).status).toBe(200)
    }
    const stranger = await raw('/v1/rates', { host: `attacker.example:${port}` })
    expect(stranger.status).toBe(403)
    expect(stranger.headers['content-type']).toBe('application/problem+json')
  })

  it('says each problem of the contract with its status', async () => {
    const handlers = {
      getWorkflow: ({ params }: { params: { id: string } }) => {
        const type = PROBLEM_TYPES.find((each) => each === params.id)
        throw type === undefined ? new Error('a bug') : new ProblemError(type, 'because', 'path.id')
      },
    }
    const other = await startTestApi({ handlers })
    for (const type of PROBLEM_TYPES) {
      const response = await other.fetch(`/v1/workflows/${type}`)
      const problem = await problemOf(response)
      expect(problem).toMatchObject({
        type: `urn:metering:${type}`,
        status: PROBLEM_STATUS[type],
        pointer: 'path.id',
      })
      expect(response.status).toBe(problem.status)
      expect(problem.requestId).toBe(response.headers.get('x-request-id'))
    }
    expect(await problemOf(await other.fetch('/v1/workflows/bug'))).toMatchObject({
      status: 500,
      detail: 'a bug',
    })
    await other.close()
  })

  it('refuses everything while it is not available, and who asks too often', async () => {
    let reason: string | null = 'The database moves.'
    const other = await startTestApi({
      unavailable: () => reason,
      allowance: { burst: 3, perSecond: 0.001 },
    })
    const down = await other.fetch('/v1/rates')
    expect(down.headers.get('retry-after')).toBe('5')
    expect(await problemOf(down)).toMatchObject({ status: 503, detail: reason })
    reason = null
    expect((await other.fetch('/v1/rates')).status).toBe(200)
    expect((await other.fetch('/v1/rates')).status).toBe(200)
    const hasty = await other.fetch('/v1/rates')
    expect(hasty.headers.get('retry-after')).toBe('1')
    expect(await typeOf(hasty)).toBe('rate-limited')
    expect((await other.fetch('/v1/rates', { token: 'the-other-token' })).status).toBe(200)
    await other.close()
  })

  it('does not break its own contract unnoticed', async () => {
    const broken = JSON.parse(
      '{"dataAsOf":"2026-11-23T12:00:00Z","complete":true,"missing":[],"rates":[{"amount":"1,50"}]}',
    ) as AnswerOf<'getRates'>
    const { body } = await throttleOf(test)
    const other = await startTestApi({
      handlers: { getRates: () => ({ body: broken }), getThrottle: () => ({ body }) },
    })
    expect((await problemOf(await other.fetch('/v1/rates'))).detail).toMatch(
      /getRates breaks the contract at rates\.0/,
    )
    expect((await problemOf(await other.fetch('/v1/throttles/x'))).detail).toMatch(/has no ETag/)
    await other.close()
  })
})

describe('answers', () => {
  it('carry the simulated time, and the name of the request', async () => {
    const response = await test.fetch('/v1/rates', { headers: { 'x-request-id': 'r-77' } })
    expect(Date.parse(response.headers.get('date') ?? '')).toBe(START)
    expect(response.headers.get('x-request-id')).toBe('r-77')
    const odd = await test.fetch('/v1/rates', { headers: { 'x-request-id': 'two words' } })
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('keep every digit of a token count', async () => {
    const text = await (await test.fetch(pathOf('getUsage'))).text()
    expect(text).toContain('"input":9007199254740993,')
  })

  it('come without a body for HEAD, with the same headers', async () => {
    const get = await raw('/v1/tenants/meridian/limits', {})
    const head = await raw('/v1/tenants/meridian/limits', {}, 'HEAD')
    expect([head.status, head.body.length]).toEqual([200, 0])
    for (const name of ['etag', 'content-type', 'content-length', 'date']) {
      expect(head.headers[name]).toBe(get.headers[name])
    }
  })

  it('are packed where the client takes gzip and it is worth it', async () => {
    for (let i = 0; i < 12; i++) {
      test.api.audit.append({
        actor: 'a',
        action: 'b',
        target: 'c',
        before: null,
        after: null,
        requestId: 'r',
      })
    }
    const plain = await raw('/v1/audit', {})
    const packed = await raw('/v1/audit', { 'accept-encoding': 'br, gzip;q=0.8' })
    const refused = await raw('/v1/audit', { 'accept-encoding': 'gzip;q=0' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.headers['vary']).toBe('Accept-Encoding')
    expect(gunzipSync(packed.body)).toEqual(plain.body)
    expect([plain.headers['content-encoding'], refused.headers['content-encoding']]).toEqual([
      undefined,
      undefined,
    ])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PROBLEM_STATUS } from '../../../../shared/metering/problem.ts'
import { startTestApi, type TestApi } from '../../../demo/metering/testing/api.ts'
import { LIGHT } from '../../../demo/metering/testing/throttle.ts'
import { createApi } from '../api.ts'
import { connectionTo, serve, type TestServer } from '../testing/connection.ts'
import type { MeteringSource } from '../types.ts'
import { ThrottleFailure } from './failure.ts'
import type { PreviewBody, ThrottleControl } from './types.ts'

const { signal } = new AbortController()
const SCOPE = { models: [], endpoints: [], keys: [] }
const wanted = (tpm = 5_400_000): PreviewBody => ({
  ...LIGHT,
  mode: 'cap',
  scope: SCOPE,
  limits: { tpm, rpm: null, maxConcurrent: null },
})

/** @throws where it does not fail as a ThrottleFailure */
async function failureOf(attempt: Promise<unknown>): Promise<ThrottleFailure> {
  const failed = await attempt.then(
    () => null,
    (error: unknown) => error,
  )
  expect(failed).toBeInstanceOf(ThrottleFailure)
  return failed as ThrottleFailure
}

describe('throttles against the reference server', () => {
  let test: TestApi
  let source: MeteringSource
  let throttles: ThrottleControl
  let keys = 0
  beforeAll(async () => {
    test = await startTestApi()
    source = createApi(connectionTo({ url: test.server.url }))
    if (source.throttles === null) throw new Error('expected throttles')
    throttles = source.throttles
  })
  afterAll(async () => {
    await source.close()
    await test.close()
  })

  async function lay(tpm = 5_400_000, change: { key?: string; ifMatch?: string } = {}) {
    const { etag } = await throttles.limits('meridian', signal)
    const { previewToken } = await throttles.preview(wanted(tpm), signal)
    const idempotencyKey = change.key ?? `k-${++keys}`
    const expiresAt = new Date(test.now() + 30 * 60_000).toISOString()
    const body = { ...wanted(tpm), reason: 'it loops', expiresAt, previewToken }
    const created = await throttles.create(body, { idempotencyKey, ifMatch: change.ifMatch ?? etag }, signal)
    return { ...created, idempotencyKey, body }
  }

  it('previews, creates, reads, finds, extends, tightens and releases', async () => {
    const { value, etag, idempotencyKey } = await lay()
    expect(value).toMatchObject({ state: 'applying', version: 1, idempotencyKey })
    expect(await throttles.read(value.id, signal)).toEqual({ value, etag })
    const found = await throttles.list({ tenant: 'meridian', idempotencyKey }, signal)
    expect(found.throttles.map(({ id }) => id)).toEqual([value.id])
    const later = new Date(test.now() + 45 * 60_000).toISOString()
    const extended = await throttles.extend(
      value.id,
      { expiresAt: later, reason: 'still' },
      { idempotencyKey: 'e', ifMatch: etag },
      signal,
    )
    expect(extended.value.expiresAt).toBe(later)
    const { previewToken } = await throttles.preview(wanted(3_600_000), signal)
    const tightened = await throttles.tighten(
      value.id,
      { limits: { tpm: 3_600_000 }, reason: 'lower', previewToken },
      { idempotencyKey: 't', ifMatch: extended.etag },
      signal,
    )
    expect(tightened.value.desired.limits.tpm).toBe(3_600_000)
    const condition = { idempotencyKey: 'r', ifMatch: tightened.etag }
    expect((await throttles.release(value.id, condition, signal)).value.state).toBe('released')
    const all = await throttles.list({ tenant: 'meridian', endedAfterMs: test.now() }, signal)
    expect(all.throttles.map(({ id }) => id)).not.toContain(value.id)
  })

  it('tells apart what it was refused for, and that nothing changed', async () => {
    const { value, etag, body, idempotencyKey } = await lay()
    const { etag: limitsTag } = await throttles.limits('meridian', signal)
    const condition = { idempotencyKey: 'again', ifMatch: limitsTag }
    const cases = {
      stale: () => lay(5_000_000, { ifMatch: '"of another day"' }),
      keyReused: () =>
        throttles.create({ ...body, reason: 'other' }, { ...condition, idempotencyKey }, signal),
      aboveBase: () => throttles.preview(wanted(9_999_999_999), signal),
      notFound: () => throttles.limits('nobody', signal),
      invalid: () => throttles.create({ ...body, expiresAt: '2020-01-01T00:00:00Z' }, condition, signal),
    }
    for (const [problem, attempt] of Object.entries(cases)) {
      expect(await failureOf(attempt())).toMatchObject({ problem, unchanged: true })
    }
    await throttles.release(value.id, { idempotencyKey: 'x', ifMatch: etag }, signal)
  })
})

describe('throttles against a server that is wrong', () => {
  let server: TestServer
  let answer: { status: number; headers?: Record<string, string>; body: string } | 'hang up' | 'silence'
  let asked = 0
  let throttles: ThrottleControl
  let source: MeteringSource
  const PROBLEM = 'application/problem+json'
  beforeAll(async () => {
    server = await serve((request, response) => {
      asked += 1
      request.resume()
      if (answer === 'silence') return
      if (answer === 'hang up') {
        request.socket.destroy()
        return
      }
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      response.end(answer.body)
    })
  })
  beforeEach(() => {
    asked = 0
    source = createApi(connectionTo({ url: server.url, deadlineMs: 300 }))
    if (source.throttles === null) throw new Error('expected throttles')
    throttles = source.throttles
    return () => source.close()
  })
  afterAll(() => server.close())

  const release = () => throttles.release('thr-1', { idempotencyKey: 'k', ifMatch: '"1"' }, signal)
  const problem = (type: string, status: number) => ({
    status,
    headers: { 'content-type': PROBLEM },
    body: JSON.stringify({ type: `urn:floorwatch:${type}`, title: type, status, detail: 'so it is' }),
  })

  it.each(Object.entries(PROBLEM_STATUS))('%s is a refusal, asked once', async (type, status) => {
    answer = problem(type, status)
    const failure = await failureOf(release())
    expect(failure).toMatchObject({ unchanged: true })
    expect(failure.message).toMatch(/so it is/)
    expect(failure.failure.nextStep).not.toBe('')
    expect(asked).toBe(1)
  })

  it.each([
    ['silence', 'silence', 'noAnswer', false],
    ['a connection that breaks', 'hang up', 'noAnswer', false],
    ['a gateway without its server', { status: 504, body: '<html>' }, 'unavailable', false],
    ['a server that fails inside', { status: 500, body: '{}' }, 'failedInside', false],
    [
      'an answer that is no JSON',
      { status: 202, headers: { etag: '"2"' }, body: 'yes' },
      'unreadable',
      false,
    ],
    [
      'an answer of another shape',
      { status: 202, headers: { etag: '"2"' }, body: '{}' },
      'unreadable',
      false,
    ],
    ['a bare 403 of a proxy', { status: 403, body: '' }, 'forbidden', true],
    ['a redirect', { status: 302, headers: { location: '/login' }, body: '' }, 'unreachable', true],
  ] as const)('%s: sent once, and whether it was done is known or not', async (_, told, kind, unchanged) => {
    answer = told
    expect(await failureOf(release())).toMatchObject({ problem: kind, unchanged })
    expect(asked).toBe(1)
  })

  it('takes no answer about another throttle, nor one without its tag', async () => {
    const throttle = {
      id: 'thr-2',
      tenantId: 't',
      state: 'released',
      version: 2,
      desired: { mode: 'cap', scope: SCOPE, limits: { tpm: 1, rpm: null, maxConcurrent: null } },
      reported: [],
      reportedAt: null,
      idempotencyKey: null,
      reason: 'r',
      incidentId: null,
      createdBy: 'a',
      createdAt: '2026-11-23T13:30:00Z',
      expiresAt: '2026-11-23T14:00:00Z',
      releasedAt: '2026-11-23T13:40:00Z',
      approval: null,
      breakGlass: null,
    }
    answer = { status: 202, headers: { etag: '"2"' }, body: JSON.stringify(throttle) }
    expect(await failureOf(release())).toMatchObject({ problem: 'unreadable', unchanged: false })
    answer = { status: 202, body: JSON.stringify({ ...throttle, id: 'thr-1' }) }
    const failure = await failureOf(release())
    expect(failure.message).toMatch(/header\.ETag/)
  })

  it('sends nothing while the server wants a pause', async () => {
    answer = { ...problem('rate-limited', 429), headers: { 'content-type': PROBLEM, 'retry-after': '60' } }
    await failureOf(release())
    expect(await failureOf(release())).toMatchObject({ problem: 'heldBack', unchanged: true })
    expect(asked).toBe(1)
  })

  it('says of a server that is not there that nothing was sent', async () => {
    const gone = await serve(() => undefined)
    await gone.close()
    const other = createApi(connectionTo({ url: gone.url }))
    const attempt = other.throttles?.release('thr-1', { idempotencyKey: 'k', ifMatch: '"1"' }, signal)
    expect(await failureOf(attempt ?? Promise.resolve())).toMatchObject({
      problem: 'unreachable',
      unchanged: true,
    })
    await other.close()
  })
})

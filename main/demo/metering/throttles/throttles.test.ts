import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { throttlesSchema } from '../../../../shared/metering/throttles.ts'
import { BASES, problemOf, startTestApi, STREAMS, type TestApi, typeOf } from '../testing/api.ts'
import {
  change,
  create,
  HALF_AN_HOUR,
  HEAVY,
  type Laid,
  laidOf,
  LIGHT,
  limitsOf,
  newKey,
  previewOf,
  requestOf,
  throttleOf,
} from '../testing/throttle.ts'

let test: TestApi
const open: TestApi[] = []
beforeEach(async () => {
  test = await startTestApi()
  open.push(test)
})
afterAll(() => Promise.all(open.map((each) => each.close())))

const read = async (id: string) => laidOf(await test.fetch(`/v1/throttles/${id}`))
const stateOf = async (id: string) => (await read(id)).body.state
const later = (seconds: number) => new Date(test.now() + seconds * 1000).toISOString()
/** What a stream of meridian may use, tokens per minute. */
const admitted = (index: number) => test.api.limitsOf(STREAMS[index] ?? raise())
function raise(): never {
  throw new RangeError('there is no such stream')
}

describe('a preview', () => {
  it('says what would change, and stores nothing', async () => {
    const preview = await previewOf(test, LIGHT)
    expect(preview).toMatchObject({
      diff: [
        { limit: 'tpm', before: 6_000_000, after: 5_400_000 },
        { limit: 'rpm', before: 60_000, after: 60_000 },
        { limit: 'maxConcurrent', before: null, after: null },
      ],
      // The key of the batch endpoint is not affected: no throttle reaches it.
      affectedKeys: ['k-app', 'k-bot'],
      affectedModels: ['deepseek', 'llama'],
      currentTokensPerSecond: 100_000,
      cappedTokensPerSecond: 100_000,
      needsApproval: false,
    })
    expect(Date.parse(preview.validUntil)).toBe(test.now() + 300_000)
    expect((await limitsOf(test, 'meridian')).body.throttles).toEqual([])
  })

  it('counts what passes anyway, and asks for a second person above half', async () => {
    // 80,000 of the 100,000 tokens a second can be held; 40,000 remain of them, and 20,000 pass by.
    const capped = await previewOf(test, { ...LIGHT, limits: { tpm: 2_400_000 } })
    expect([capped.cappedTokensPerSecond, capped.needsApproval]).toEqual([60_000, false])
    expect((await previewOf(test, HEAVY)).needsApproval).toBe(true)
    const blocked = await previewOf(test, { ...LIGHT, mode: 'block', limits: {} })
    expect([blocked.cappedTokensPerSecond, blocked.needsApproval]).toEqual([20_000, true])
    const narrow = await previewOf(test, { ...HEAVY, scope: { models: ['deepseek'] } })
    expect(narrow).toMatchObject({
      affectedKeys: ['k-bot'],
      currentTokensPerSecond: 20_000,
      needsApproval: false,
    })
  })

  it('takes an effect that it cannot know for a heavy one', async () => {
    const preview = await previewOf(test, { ...LIGHT, limits: { maxConcurrent: 5 } })
    expect([preview.cappedTokensPerSecond, preview.needsApproval]).toEqual([null, true])
  })

  it.each([
    [{ limits: { tpm: 6_000_001 } }, 422, 'body.limits.tpm'],
    [{ limits: { rpm: 60_001 } }, 422, 'body.limits.rpm'],
    [{ limits: {} }, 400, 'body.limits'],
    [{ tenantId: 'nobody' }, 404, 'body.tenantId'],
    [{ tenantId: 'constructor' }, 404, 'body.tenantId'],
    [{ scope: { models: ['llama', 'typo'] } }, 400, 'body.scope.models.1'],
    [{ scope: { keys: ['k-o'] } }, 400, 'body.scope.keys.0'],
    [{ scope: { endpoints: ['batch'] } }, 400, 'body.scope.endpoints.0'],
  ])('refuses %j with %i at %s', async (part, status, pointer) => {
    const response = await test.post('/v1/throttles/preview', { ...LIGHT, ...part })
    expect(await problemOf(response)).toMatchObject({ status, pointer })
  })
})

describe('a throttle', () => {
  it('is stored at once, reported by each gateway, and in force with the last of them', async () => {
    const { response, body, etag } = await throttleOf(test)
    expect(response.status).toBe(202)
    expect(body).toMatchObject({ state: 'applying', version: 1, createdBy: 'on-call', reportedAt: null })
    expect(body.reported.map((report) => report.value)).toEqual([null, null, null])
    expect(admitted(0).tpm).toBe(6_000_000)
    test.pass(40)
    const known = await read(body.id)
    expect(known.etag).toBe(etag)
    expect(known.body.state).toBe('reported')
    expect(known.body.reported.every((report) => report.value?.tpm === 5_400_000)).toBe(true)
    expect(Date.parse(known.body.reportedAt ?? '')).toBe(
      Math.max(...known.body.reported.map((report) => Date.parse(report.at))),
    )
    const all = throttlesSchema.parse((await test.json('/v1/throttles?tenant=meridian&state=reported')).body)
    expect(all.throttles).toEqual([known.body])
    expect(throttlesSchema.parse((await test.json('/v1/throttles?tenant=orchid')).body).throttles).toEqual([])
  })

  it('goes from applying to partial where a gateway is slow, never backwards', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 40; i++) {
      const { body } = await throttleOf(test)
      const states: string[] = [body.state]
      for (let second = 0; second < 40; second++) {
        test.pass(1)
        const { state = 'released', reported = [] } = test.api.throttle(body.id) ?? {}
        if (states.at(-1) !== state) states.push(state)
        const inForce = reported.filter((report) => report.value !== null).length
        if (state === 'reported') expect(inForce).toBe(3)
        if (state === 'partial') expect(inForce).toBeGreaterThan(0)
      }
      expect(['applying,reported', 'applying,partial,reported']).toContain(states.join())
      seen.add(states.join())
      await change(test, body.id, `"${body.id}-1"`, null)
    }
    expect(seen.size).toBe(2)
  })

  it('acts on what it covers of its tenant, and on no other', async () => {
    await throttleOf(test, LIGHT)
    test.pass(40)
    const covered = [0, 1, 2].map((index) => admitted(index))
    for (const admission of covered) {
      expect(admission).toEqual({ tpm: 5_400_000, rpm: 60_000, maxConcurrent: null, block: false })
    }
    expect(admitted(3).tpm).toBe(6_000_000)
    expect(admitted(4)).toEqual({ ...BASES['orchid'], block: false })
  })

  it('lays over others: the least of them is in force', async () => {
    const low = await throttleOf(test, { ...LIGHT, limits: { tpm: 3_000_000 } })
    await throttleOf(test, { ...LIGHT, limits: { tpm: 5_000_000, rpm: 100_00 } })
    await throttleOf(test, { ...LIGHT, scope: { models: ['deepseek'] }, limits: { tpm: 1_100_000 } })
    test.pass(40)
    const effective = async () => (await limitsOf(test, 'meridian')).body.effective
    expect(await effective()).toEqual({ tpm: 3_000_000, rpm: 10_000, maxConcurrent: null })
    expect(admitted(2).tpm).toBe(1_100_000)
    expect(admitted(0).tpm).toBe(3_000_000)
    await change(test, low.body.id, low.etag, null)
    expect(await effective()).toEqual({ tpm: 5_000_000, rpm: 10_000, maxConcurrent: null })
    test.pass(40)
    expect([admitted(0).tpm, admitted(2).tpm]).toEqual([5_000_000, 1_100_000])
  })

  it('ends by itself on the clock of the server', async () => {
    const { body } = await throttleOf(test)
    test.pass(HALF_AN_HOUR / 1000 - 1)
    expect(await stateOf(body.id)).toBe('reported')
    test.pass(1)
    expect(await stateOf(body.id)).toBe('expired')
    expect((await limitsOf(test, 'meridian')).body).toMatchObject({
      throttles: [],
      effective: BASES['meridian'],
    })
    test.pass(40)
    expect(admitted(0)).toEqual({ ...BASES['meridian'], block: false })
    expect((await read(body.id)).body).toMatchObject({ version: 2, releasedAt: null })
  })

  it('ends when it is released, once', async () => {
    const { body, etag } = await throttleOf(test, { ...LIGHT, mode: 'block', limits: {} }, BREAK_GLASS)
    test.pass(40)
    expect(admitted(0)).toMatchObject({ tpm: 0, block: true })
    const released = await laidOf(await change(test, body.id, etag, null))
    expect([released.response.status, released.body.state]).toEqual([202, 'released'])
    expect(released.body.releasedAt).toBe(later(0))
    test.pass(40)
    expect(admitted(0).block).toBe(false)
    const again = await laidOf(await change(test, body.id, released.etag, null))
    expect(again.body.version).toBe(released.body.version)
    expect(again.body.releasedAt).toBe(released.body.releasedAt)
  })

  it('is extended to a later end, within the longest duration', async () => {
    const { body, etag } = await throttleOf(test)
    const extend = (tag: string, expiresAt: string) =>
      change(test, `${body.id}/extend`, tag, { expiresAt, reason: 'still burning' })
    const extended = await laidOf(await extend(etag, later(3600)))
    expect(extended.body).toMatchObject({ version: 2, expiresAt: later(3600) })
    for (const end of [later(1800), later(8 * 3600 + 1)]) {
      expect(await problemOf(await extend(extended.etag, end))).toMatchObject({
        status: 400,
        pointer: 'body.expiresAt',
      })
    }
    test.pass(3600)
    const { etag: ended } = await read(body.id)
    expect(await typeOf(await extend(ended, later(60)))).toBe('stale')
  })
})

describe('a tightening', () => {
  const tighten = async (
    laid: Laid,
    limits: object,
    more: object = {},
    merged: object = limits,
  ): Promise<Response> => {
    const { previewToken } = await previewOf(test, { ...LIGHT, limits: merged })
    const body = { limits, reason: 'not low enough', previewToken, ...more }
    return change(test, `${laid.body.id}/tighten`, laid.etag, body)
  }

  it('lowers, and is in force gateway by gateway', async () => {
    const laid = await throttleOf(test)
    test.pass(40)
    const tightened = await laidOf(await tighten(laid, { tpm: 3_600_000 }))
    expect(tightened.body).toMatchObject({
      state: 'applying',
      version: 2,
      reportedAt: null,
      desired: { limits: { tpm: 3_600_000, rpm: null, maxConcurrent: null } },
    })
    // What lay there before goes on until a gateway has the lower limit.
    expect(tightened.body.reported.map((report) => report.value?.tpm)).toEqual([
      5_400_000, 5_400_000, 5_400_000,
    ])
    expect(admitted(0).tpm).toBe(5_400_000)
    test.pass(40)
    expect(await stateOf(laid.body.id)).toBe('reported')
    expect(admitted(0).tpm).toBe(3_600_000)
    expect(test.api.audit.page(0, 100).map(({ action }) => action)).toContain('throttle.tighten')
  })

  it('leaves alone what it does not name', async () => {
    const laid = await throttleOf(test)
    const both = { tpm: 5_400_000, rpm: 30_000 }
    const tightened = await laidOf(await tighten(laid, { rpm: 30_000 }, {}, both))
    expect(tightened.body.desired.limits).toEqual({ ...both, maxConcurrent: null })
  })

  it.each([
    ['a higher limit', { tpm: 5_400_001 }, 'body.limits.tpm'],
    ['the same limit', { tpm: 5_400_000 }, 'body.limits'],
    ['no limit', {}, 'body.limits'],
  ])('refuses %s', async (_, limits, pointer) => {
    const laid = await throttleOf(test)
    const response = await tighten(laid, limits, {}, { tpm: 5_400_000 })
    expect(await problemOf(response)).toMatchObject({ status: 422, pointer })
  })

  it('needs a second person, or the glass broken, for a deep cut', async () => {
    const laid = await throttleOf(test)
    const deep = { tpm: 600_000 }
    expect(await problemOf(await tighten(laid, deep))).toMatchObject({
      status: 403,
      pointer: 'body.approval',
    })
    const self = await tighten(laid, deep, { approval: { by: 'on-call' } })
    expect(await typeOf(self)).toBe('forbidden')
    expect((await tighten(laid, deep, BREAK_GLASS)).status).toBe(202)
  })

  it('has nothing to act on in what has ended or waits', async () => {
    const waiting = await throttleOf(test, HEAVY)
    expect(await typeOf(await tighten(waiting, { tpm: 500_000 }))).toBe('stale')
    const ended = await laidOf(await change(test, waiting.body.id, waiting.etag, null))
    expect(await typeOf(await tighten(ended, { tpm: 500_000 }))).toBe('stale')
  })
})

describe('the list', () => {
  it('finds by its key what the caller created, and tells nobody else the key', async () => {
    const body = await requestOf(test, LIGHT)
    const created = await laidOf(await create(test, body, { 'idempotency-key': 'key of ours' }))
    expect(created.body.idempotencyKey).toBe('key of ours')
    await throttleOf(test)
    const ask = async (token?: string) => {
      const response = await test.fetch(
        '/v1/throttles?idempotencyKey=key%20of%20ours',
        token ? { token } : {},
      )
      return throttlesSchema.parse(await response.json()).throttles.map(({ id }) => id)
    }
    expect(await ask()).toEqual([created.body.id])
    expect(await ask('the-other-token')).toEqual([])
    const others = await test.fetch(`/v1/throttles/${created.body.id}`, { token: 'the-other-token' })
    expect((await laidOf(others)).body.idempotencyKey).toBeNull()
  })

  it('leaves out what ended before', async () => {
    const { body, etag } = await throttleOf(test)
    await change(test, body.id, etag, null)
    const ask = async (endedAfter: string) =>
      throttlesSchema.parse((await test.json(`/v1/throttles?endedAfter=${endedAfter}`)).body).throttles.length
    expect(await ask(later(-1))).toBe(1)
    expect(await ask(later(0))).toBe(0)
  })
})

const BREAK_GLASS = { breakGlass: { reason: 'nobody answers the phone' } }

describe('what a write needs', () => {
  it.each([
    ['an end in the past', { expiresAt: '2026-11-23T13:29:59Z' }, 'body.expiresAt'],
    ['an end too far away', { expiresAt: '2026-11-23T21:30:01Z' }, 'body.expiresAt'],
    ['no end', { expiresAt: undefined }, 'body.expiresAt'],
    ['a token of nobody', { previewToken: 'a.b.c.d' }, 'body.previewToken'],
    ['a token of another throttle', { limits: { tpm: 5_399_999 } }, 'body.previewToken'],
  ])('refuses %s', async (_, part, pointer) => {
    const response = await create(test, { ...(await requestOf(test, LIGHT)), ...part })
    expect(await problemOf(response)).toMatchObject({ status: 400, pointer })
  })

  it('refuses a preview that is too old, or was made to say something else', async () => {
    const body = (await requestOf(test, HEAVY)) as { previewToken: string }
    const forged = body.previewToken.replace('.1.', '.0.')
    expect(forged).not.toBe(body.previewToken)
    expect((await problemOf(await create(test, { ...body, previewToken: forged }))).status).toBe(400)
    test.pass(301)
    expect(await problemOf(await create(test, body))).toMatchObject({
      status: 412,
      pointer: 'body.previewToken',
    })
  })

  it('refuses to write over limits that changed since they were read', async () => {
    const { etag } = await limitsOf(test, 'meridian')
    const body = await requestOf(test, LIGHT)
    await throttleOf(test)
    for (const stale of [etag, `W/${etag}`, '"x"', '']) {
      const response = await create(test, body, { 'if-match': stale })
      expect(await typeOf(response)).toBe('stale')
    }
    const { etag: current } = await limitsOf(test, 'meridian')
    expect((await create(test, body, { 'if-match': `"x", ${current}` })).status).toBe(202)
  })

  it('refuses to change a throttle that changed since it was read', async () => {
    const { body, etag } = await throttleOf(test)
    expect(await typeOf(await change(test, body.id, '"x"', null))).toBe('stale')
    expect((await change(test, body.id, etag, null)).status).toBe(202)
    expect(
      await typeOf(await change(test, `${body.id}/extend`, etag, { expiresAt: later(3600), reason: 'r' })),
    ).toBe('stale')
  })

  it('keeps the tag of the limits while gateways report', async () => {
    await throttleOf(test)
    const { etag } = await limitsOf(test, 'meridian')
    test.pass(40)
    expect((await limitsOf(test, 'meridian')).etag).toBe(etag)
    test.pass(HALF_AN_HOUR / 1000)
    expect((await limitsOf(test, 'meridian')).etag).not.toBe(etag)
  })

  it('does not know what is not there', async () => {
    for (const response of [
      await test.fetch('/v1/throttles/thr-x'),
      await test.fetch('/v1/tenants/nobody/limits'),
      await change(test, 'thr-x', '*', null),
      await change(test, 'thr-x/approve', '*', { by: 'shift-lead' }),
    ]) {
      expect(await typeOf(response)).toBe('not-found')
    }
  })
})

describe('the second person', () => {
  it('is waited for, and may not be the first', async () => {
    const { body, etag } = await throttleOf(test, HEAVY)
    expect(body.state).toBe('pending_approval')
    test.pass(40)
    expect(await stateOf(body.id)).toBe('pending_approval')
    expect((await limitsOf(test, 'meridian')).body.effective).toEqual(BASES['meridian'])
    expect(admitted(0).tpm).toBe(6_000_000)
    const self = await change(
      test,
      `${body.id}/approve`,
      etag,
      { by: 'on-call' },
      { token: 'the-other-token' },
    )
    expect(await problemOf(self)).toMatchObject({ status: 403, pointer: 'body.by' })
    const approved = await laidOf(
      await change(test, `${body.id}/approve`, etag, { by: 'shift-lead' }, { token: 'the-other-token' }),
    )
    expect(approved.body).toMatchObject({
      state: 'applying',
      version: 2,
      approval: { by: 'shift-lead', at: later(0) },
    })
    test.pass(40)
    expect(await stateOf(body.id)).toBe('reported')
    const twice = await change(test, `${body.id}/approve`, approved.etag, { by: 'shift-lead' })
    expect(await typeOf(twice)).toBe('stale')
  })

  it('may have agreed before', async () => {
    const { body } = await throttleOf(test, HEAVY, { approval: { by: 'shift-lead' } })
    expect(body).toMatchObject({ state: 'applying', approval: { by: 'shift-lead' } })
    const own = await create(test, await requestOf(test, HEAVY, { approval: { by: 'on-call' } }))
    expect(await problemOf(own)).toMatchObject({ status: 403, pointer: 'body.approval.by' })
  })

  it('can be done without by breaking the glass, which is recorded', async () => {
    const { body } = await throttleOf(test, HEAVY, BREAK_GLASS)
    expect(body).toMatchObject({ state: 'applying', ...BREAK_GLASS })
    const actions = test.api.audit.page(0, 10).map((entry) => entry.action)
    expect(actions).toEqual(['throttle.create', 'throttle.break-glass'])
  })

  it('never comes: what waits expires, and was never in force', async () => {
    const { body } = await throttleOf(test, HEAVY)
    test.pass(HALF_AN_HOUR / 1000)
    const { body: expired } = await read(body.id)
    expect(expired.state).toBe('expired')
    expect(expired.reported.every((report) => report.value === null)).toBe(true)
  })
})

describe('an Idempotency-Key', () => {
  it('repeats the answer word for word, and lays one throttle', async () => {
    const body = await requestOf(test, LIGHT)
    const { etag } = await limitsOf(test, 'meridian')
    const headers = { 'idempotency-key': newKey(), 'if-match': etag }
    const first = await test.post('/v1/throttles', body, headers)
    test.pass(40)
    const second = await test.post('/v1/throttles', body, headers)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(first.headers.has('idempotent-replayed')).toBe(false)
    expect([second.status, second.headers.get('etag')]).toEqual([202, first.headers.get('etag')])
    expect(await second.text()).toBe(await first.text())
    expect((await limitsOf(test, 'meridian')).body.throttles).toHaveLength(1)
    const other = await test.post('/v1/throttles', { ...body, reason: 'another' }, headers)
    expect(await typeOf(other)).toBe('idempotency-conflict')
  })

  it('is for one operation, one throttle and one caller', async () => {
    const { body, etag } = await throttleOf(test)
    const key = newKey()
    const released = await change(test, body.id, etag, null, { key })
    expect(released.status).toBe(202)
    expect((await change(test, body.id, etag, null, { key })).headers.get('idempotent-replayed')).toBe('true')
    const extended = await change(
      test,
      `${body.id}/extend`,
      etag,
      { expiresAt: later(9), reason: 'r' },
      { key },
    )
    expect(await typeOf(extended)).toBe('idempotency-conflict')
    const stranger = await change(test, body.id, etag, null, { key, token: 'the-other-token' })
    expect(await typeOf(stranger)).toBe('stale')
  })

  it('is not used up by a refusal', async () => {
    const body = await requestOf(test, LIGHT)
    const headers = { 'idempotency-key': newKey() }
    expect((await create(test, body, { ...headers, 'if-match': '"x"' })).status).toBe(412)
    expect((await create(test, body, headers)).status).toBe(202)
  })
})

describe('the record', () => {
  it('names who did what and why, with the state before and after', async () => {
    const { body, etag, response } = await throttleOf(test, HEAVY)
    await change(test, `${body.id}/approve`, etag, { by: 'shift-lead' }, { token: 'the-other-token' })
    test.pass(40)
    const { etag: current } = await read(body.id)
    await change(test, `${body.id}/extend`, current, { expiresAt: later(1900), reason: 'still burning' })
    test.pass(1900)
    const entries = test.api.audit.page(0, 100)
    const own = entries.filter((entry) => entry.action !== 'throttle.report')
    expect(own.map(({ action, actor, target }) => [action, actor, target])).toEqual([
      ['throttle.create', 'on-call', `throttle/${body.id}`],
      ['throttle.approve', 'shift-lead', `throttle/${body.id}`],
      ['throttle.extend', 'on-call', `throttle/${body.id}`],
      ['throttle.expire', 'expiry', `throttle/${body.id}`],
    ])
    expect(own[0]).toMatchObject({ before: null, requestId: response.headers.get('x-request-id') })
    expect(own[1]).toMatchObject({ before: { state: 'pending_approval' }, after: { state: 'applying' } })
    expect(own[2]?.after).toMatchObject({ changedBecause: 'still burning' })
    expect(entries.some((entry) => entry.action === 'throttle.report' && entry.actor === 'gateways')).toBe(
      true,
    )
  })
})

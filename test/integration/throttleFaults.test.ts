import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ON_CALL, type ActionBench, startActionBench } from '../../main/actions/testing/bench.ts'
import { TOKEN } from '../../main/demo/metering/testing/api.ts'
import { Refusal } from '../../main/engine/session/refusal.ts'
import { openThrottles, type SiteThrottles } from '../../main/engine/throttles/throttles.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { createApi } from '../../main/sources/metering/api.ts'
import { connectionTo } from '../../main/sources/metering/testing/connection.ts'
import type { MeteringSource } from '../../main/sources/metering/types.ts'
import { COMMANDS } from '../../shared/contract/contract.ts'
import type { ThrottleSummary } from '../../shared/contract/throttles.ts'
import { textOf } from '../../shared/messages/format.ts'
import { throttlesSchema } from '../../shared/metering/throttles.ts'
import { type Middleman, type Passing, startMiddleman } from '../support/throttles/middleman.ts'

const signal = new AbortController().signal
const QUESTION = {
  tenant: 'meridian',
  mode: 'cap' as const,
  scope: { models: [], endpoints: [], keys: [] },
  limits: { tpm: 3_900_000, rpm: null, maxConcurrent: null },
  minutes: 30,
  throttleId: null,
}
const ASKED = { reason: 'it loops', incidentId: null, minutes: 30, breakGlass: false }

let bench: ActionBench
let middleman: Middleman
let source: MeteringSource
let throttles: SiteThrottles
beforeEach(async () => {
  bench = await startActionBench()
  middleman = await startMiddleman(bench.test.server.url)
  const { clock, store, audit } = bench
  source = createApi(connectionTo({ url: middleman.url, token: TOKEN, clock, deadlineMs: 500 }))
  throttles = openThrottles({
    link: () => ({ source, backendClock: source.backendClock, tenantName: (id) => id }),
    store,
    audit,
    clock,
    logger: createLogger({ level: 'silent' }),
    onNews: () => undefined,
    everyMs: 20,
  })
})
afterEach(async () => {
  await throttles.close()
  await source.close()
  await middleman.close()
  await bench.close()
})

const isCreate = ({ method, path }: Passing) => method === 'POST' && path === '/v1/throttles'
const pass = async (passing: Passing) => {
  await passing.forward()
  passing.answer()
}

async function lay(previewId?: string) {
  const id = previewId ?? (await throttles.preview(QUESTION, signal)).previewId
  return throttles.commit({ previewId: id, ...ASKED }, ON_CALL)
}

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const refused: unknown = await attempt.then(
    () => null,
    (error: unknown) => error,
  )
  if (refused instanceof Refusal) {
    const { text, nextStep } = refused.failure
    return `${textOf(text)} ${textOf(nextStep)}`
  }
  throw new Error(`expected a refusal, got ${String(refused)}`)
}

async function until(what: string, look: () => ThrottleSummary | undefined): Promise<ThrottleSummary> {
  for (let i = 0; i < 300; i++) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`it did not come to this: ${what}; ${JSON.stringify(throttles.list().active)}`)
}

const laid = async () =>
  throttlesSchema.parse((await bench.test.json('/v1/throttles?tenant=meridian')).body).throttles

/** Answers about throttles as the server gives them, but with other reports of its gateways. */
function reporting(change: (index: number) => boolean) {
  return async (passing: Passing): Promise<void> => {
    const { status, body } = await passing.forward()
    if (passing.method !== 'GET' || passing.path !== '/v1/throttles' || status !== 200) {
      passing.answer()
      return
    }
    const answer = throttlesSchema.parse(JSON.parse(body))
    for (const throttle of answer.throttles) {
      throttle.reported = throttle.reported.map((report, i) =>
        change(i) ? report : { ...report, value: null },
      )
      throttle.reportedAt = null
      throttle.state = 'applying'
    }
    passing.answer({ status, type: 'application/json', body: JSON.stringify(answer) })
  }
}

describe('a metering that misbehaves over the wire', () => {
  it('carries the throttle out and never answers: it is found, and was sent once', async () => {
    let sent = 0
    middleman.on = async (passing) => {
      if (!isCreate(passing)) return pass(passing)
      sent += 1
      await passing.forward()
      return undefined
    }
    expect((await lay()).outcome).toBe('unknown')
    const found = await until('it is found', () => throttles.list().active[0])
    expect(found.by).toEqual({ name: 'M. Ortiz', ours: true })
    expect(throttles.list().intents).toEqual([])
    expect([sent, (await laid()).length]).toEqual([1, 1])
  })

  it.each([
    [409, 'idempotency-conflict', /key of this request/],
    [412, 'stale', /changed between the preview and the commit/],
    [422, 'above-base', /only lowers/],
    [428, 'precondition-required', /condition/],
    [429, 'rate-limited', /too often/],
    [503, 'unavailable', /not available/],
  ])('refuses with %i: said in plain words, sent once, on record as refused', async (status, type, words) => {
    let sent = 0
    middleman.on = async (passing) => {
      if (!isCreate(passing)) return pass(passing)
      sent += 1
      passing.answer({
        status,
        body: JSON.stringify({ type: `urn:x:${type}`, title: type, status, detail: 'because' }),
      })
      return undefined
    }
    expect(await refusalOf(lay())).toMatch(words)
    expect([sent, (await laid()).length]).toEqual([1, 0])
    expect(bench.audited.at(-1)?.action).toBe('throttle.refusal')
  })

  it('stores the throttle, and no gateway ever has it: that ends as failed, with a next step', async () => {
    middleman.on = reporting(() => false)
    await lay()
    await until('it is applying', () => throttles.list().active.find(({ verdict }) => verdict === 'applying'))
    bench.pass(20)
    const failed = await until('it failed', () =>
      throttles.list().active.find(({ verdict }) => verdict === 'failed'),
    )
    expect(textOf(failed.headline)).toMatch(/^Failed: none of 3 gateways reports it after 10 s/)
    expect(textOf(failed.nextStep ?? failed.headline)).toMatch(/not held back/)
    expect(failed.facts.reported).toMatchObject({ inForce: 0, of: 3, at: null })
  })

  it('has one gateway of three that lags: partly in force, and which one', async () => {
    middleman.on = reporting((index) => index !== 2)
    await lay()
    bench.pass(60)
    const partial = await until('it is partial', () =>
      throttles.list().active.find(({ verdict }) => verdict === 'partial'),
    )
    expect(textOf(partial.headline)).toMatch(/only 2 of 3 gateways/)
    expect(textOf(partial.nextStep ?? partial.headline)).toMatch(/gw-edge/)
  })

  it('no longer knows the tenant', async () => {
    const { previewId } = await throttles.preview(QUESTION, signal)
    middleman.on = async (passing) => {
      if (!passing.path.endsWith('/limits')) return pass(passing)
      passing.answer({
        status: 404,
        body: JSON.stringify({ type: 'urn:x:not-found', title: 'gone', status: 404 }),
      })
      return undefined
    }
    expect(await refusalOf(lay(previewId))).toMatch(/no such tenant/)
    expect(bench.audited).toEqual([])
  })

  it('no longer takes the token: nothing is changed, and what is in force stays shown as last known', async () => {
    await lay()
    await until('it is listed', () => throttles.list().active[0])
    const { previewId } = await throttles.preview(
      { ...QUESTION, scope: { models: ['deepseek'], endpoints: [], keys: [] } },
      signal,
    )
    middleman.on = (passing) =>
      passing.answer({
        status: 401,
        body: JSON.stringify({ type: 'urn:x:unauthorised', title: 'revoked', status: 401 }),
      })
    expect(await refusalOf(lay(previewId))).toMatch(/no longer accepts the token/)
    expect(await laid()).toHaveLength(1)
    for (let i = 0; i < 200 && throttles.list().trouble === null; i++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    const { active, trouble } = throttles.list()
    expect(active).toHaveLength(1)
    expect(trouble === null ? '' : textOf(trouble)).toMatch(/no longer accepts the token/)
  })

  it('sends answers of another shape: what it may have done is looked for', async () => {
    middleman.on = async (passing) => {
      if (!isCreate(passing)) return pass(passing)
      await passing.forward()
      passing.answer({ status: 202, type: 'application/json', body: '{"id":"<img onerror=alert(1)>"}' })
      return undefined
    }
    expect((await lay()).outcome).toBe('unknown')
    await until('it is found', () => throttles.list().active.find(({ by }) => by.ours))
  })
})

describe('a hostile reason', () => {
  it('is kept as text, word for word', async () => {
    const reason = '<img src=x onerror=alert(1)> {{x}} \u202Egnp.exe'
    const { previewId } = await throttles.preview(QUESTION, signal)
    await throttles.commit({ previewId, ...ASKED, reason }, ON_CALL)
    expect((await laid())[0]?.reason).toBe(reason)
    expect(bench.audited[0]?.reason).toBe(reason)
    expect((await until('it is listed', () => throttles.list().active[0])).reason).toBe(reason)
  })

  it.each([
    ['an empty one', '  '],
    ['control characters', 'a\u0000b'],
    ['half a letter', 'a\uD800'],
    ['a flood', 'x'.repeat(501)],
  ])('is refused where it is %s', (_, reason) => {
    expect(COMMANDS['throttles.commit'].input.safeParse({ previewId: 'p', ...ASKED, reason }).success).toBe(
      false,
    )
  })
})

describe('what the console adds to the time of the API', () => {
  it('is at most 300 ms from the commit to its answer', async () => {
    let ofApi = 0
    middleman.on = async (passing) => {
      const begun = performance.now()
      await passing.forward()
      ofApi += performance.now() - begun
      passing.answer()
    }
    const { previewId } = await throttles.preview(QUESTION, signal)
    ofApi = 0
    const begun = performance.now()
    await throttles.commit({ previewId, ...ASKED }, ON_CALL)
    const added = performance.now() - begun - ofApi
    expect(added).toBeLessThan(300)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serve } from '../testing/connection.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { Bench, MINUTE, NINE } from './testing/bench.ts'
import type { FakeAnswer } from './testing/fakeProxy.ts'

const signal = new AbortController().signal
let bench: Bench
beforeEach(() => {
  bench = new Bench()
})
afterEach(() => bench.close())

async function failureOf(pending: Promise<unknown>) {
  const error: unknown = await pending.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (error instanceof SourceFailure) return error.failure
  throw error
}

const PAGE: FakeAnswer = {
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
}
/** What is asked, and how the adapter is asked for it. */
const WAYS: readonly (readonly [string, (bench: Bench) => Promise<unknown>])[] = [
  ['/metrics/', ({ source, live }) => source.usage(live.call(bench), signal)],
  ['/team/daily/activity', ({ source, days }) => source.usage(days.call(bench), signal)],
  [
    '/spend/logs/v2',
    ({ source, live }) => source.usage(live.call(bench, { toMs: NINE - 10 * MINUTE, top: 3 }), signal),
  ],
  ['/v2/team/list', ({ source }) => source.tenants(signal)],
  ['/key/list', ({ source }) => source.keys('acme', signal)],
  ['/model/info', ({ source }) => source.rates(signal)],
  ['/health/readiness', ({ source }) => source.abilities(signal)],
]

describe('a proxy in trouble', () => {
  it.each(WAYS)('says that %s failed inside', async (path, ask) => {
    bench.proxy.instead.set(path, () => ({ status: 500, body: { error: { message: 'boom' } } }))
    await bench.open()
    const { code, text, nextStep } = await failureOf(ask(bench))
    expect(code).toBe('http-500')
    expect(text).toContain('it failed inside')
    expect(nextStep).not.toBe('')
  })

  it.each(WAYS)('says that a web page stands at %s', async (path, ask) => {
    bench.proxy.instead.set(path, () => PAGE)
    await bench.open()
    const { code, text } = await failureOf(ask(bench))
    expect([code, text]).toEqual(['html', expect.stringContaining('a web page ("Sign in")')])
  })

  it.each(WAYS)('says what is wrong with the answer to %s', async (path, ask) => {
    const body =
      path === '/metrics/' ? 'no { exposition' : { data: 1, results: 'none', teams: {}, keys: 7, db: 5 }
    bench.proxy.instead.set(path, () => ({ body }))
    await bench.open()
    const { code, text } = await failureOf(ask(bench))
    expect(code).toBe('parse')
    expect(text).toMatch(/not as agreed: .*expected/)
  })

  it.each([
    [401, 'http-401', 'proxy admin'],
    [403, 'http-403', 'other keys see their own usage only'],
  ])('says whose key is needed at HTTP %i', async (status, code, nextStep) => {
    const refused = {
      error: { message: 'Received API Key = sk-...1234', type: 'auth_error', code: String(status) },
    }
    for (const [path] of WAYS.slice(1, -1)) bench.proxy.instead.set(path, () => ({ status, body: refused }))
    await bench.open()
    for (const [, ask] of WAYS.slice(1, -1)) {
      const failure = await failureOf(ask(bench))
      expect([failure.code, failure.nextStep]).toEqual([code, expect.stringContaining(nextStep)])
      expect(failure.text).not.toContain('1234')
    }
  })

  it('is given up at the deadline', async () => {
    const hung = await serve(() => undefined)
    try {
      await bench.open(`${hung.url}/metrics`, 300)
      const { code, text } = await failureOf(bench.source.usage(bench.live(), signal))
      expect([code, text]).toEqual([
        'timeout',
        expect.stringMatching(/^LiteLLM metrics at .*no answer within/),
      ])
      expect((await bench.source.tenants(signal)).tenants).toEqual([])
    } finally {
      await hung.close()
    }
  })

  it('is not read without end', async () => {
    const line = `litellm_input_tokens_metric_total{team="${'x'.repeat(100)}"} 1\n`
    const server = await serve((_request, response) => {
      response.on('error', () => undefined)
      const more = () => {
        while (response.write(line.repeat(10_000)));
      }
      response.on('drain', more)
      more()
    })
    try {
      await bench.open(`${server.url}/metrics`)
      const { code, text } = await failureOf(bench.source.usage(bench.live(), signal))
      expect([code, text]).toEqual(['too-large', expect.stringContaining('larger than the cap of 32 MiB')])
    } finally {
      await server.close()
    }
  })

  it('that is asked by one who goes away is blamed for nothing', async () => {
    const hung = await serve(() => undefined)
    try {
      await bench.open(`${hung.url}/metrics`)
      const leaving = new AbortController()
      const asked = failureOf(bench.source.usage(bench.live(), leaving.signal))
      setTimeout(() => leaving.abort(), 50)
      expect((await asked).code).toBe('aborted')
      expect(bench.source.health().error).toBeNull()
    } finally {
      await bench.close()
      await hung.close()
    }
  })

  it('does not stop what was learnt: its counters go on where only the totals fail', async () => {
    bench.proxy.instead.set('/team/daily/activity', () => ({ status: 500, body: {} }))
    await bench.open()
    await bench.readTwice(bench.request({ endMs: NINE + 1000 }))
    await failureOf(bench.source.usage(bench.days(), signal))
    expect(bench.source.health()).toMatchObject({ state: 'ok', feeding: true, error: null })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { METERING_ABILITIES } from '../index.ts'
import { AbilityMissing } from '../types.ts'
import { Bench, MINUTE, NINE } from './testing/bench.ts'

const signal = new AbortController().signal
let bench: Bench
beforeEach(() => {
  bench = new Bench()
})
afterEach(() => bench.close())

describe('abilities of LiteLLM', () => {
  it('are told in words where it lacks them, and refused in the same words', async () => {
    bench.serve({ endMs: NINE - MINUTE })
    const source = await bench.open()
    const { lacks, groups, backend, throttle, minStepMs } = await source.abilities(signal)
    expect([[...groups], backend, throttle, minStepMs]).toEqual([
      ['tenant', 'model', 'key'],
      'LiteLLM 1.83.0',
      null,
      10_000,
    ])
    const has = METERING_ABILITIES.filter((ability) => !lacks.has(ability))
    expect(has).toEqual([
      'liveUsage',
      'tenant',
      'model',
      'key',
      'cachedInput',
      'errors',
      'prices',
      'tenants',
      'limits',
      'calendarBuckets',
    ])
    for (const text of lacks.values()) expect(text).toMatch(/^[A-Z].*[.;].*\.$|^[A-Z].*\.$/)
    const range = { fromMs: NINE - MINUTE, toMs: NINE }
    const refused: readonly (readonly [string, Promise<unknown>])[] = [
      ['gpuType', source.usage(bench.live({ groupBy: ['gpuType'] }), signal)],
      ['endpoint', source.usage(bench.live({ filters: { endpoint: ['chat'] } }), signal)],
      [
        'latency',
        source.latency({ ...range, kind: 'duration', stepMs: null, groupBy: [], filters: {} }, signal),
      ],
      ['capacity', source.capacity(range, signal)],
      ['statements', source.statement('acme', range, signal)],
      ['workflows', source.workflow('w', signal)],
      [
        'workflows',
        source.workflows({ ...range, tenant: null, outcome: null, cursor: null, limit: 1 }, signal),
      ],
    ]
    for (const [ability, asked] of refused) {
      const error: unknown = await asked.catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(AbilityMissing)
      expect(error).toMatchObject({ ability, message: lacks.get(ability as never) })
    }
  })

  it('are totals by day alone without counters', async () => {
    const source = await bench.open(null)
    const { lacks, minStepMs } = await source.abilities(signal)
    expect(lacks.get('liveUsage')).toContain('metering.litellm.metrics in floorwatch.yaml')
    expect(minStepMs).toBe(60_000)
  })

  it('are the counters alone without a database', async () => {
    bench.proxy.db = 'Not connected'
    const source = await bench.open()
    const { lacks } = await source.abilities(signal)
    expect(lacks.get('tenants')).toContain('DATABASE_URL')
    await expect(source.tenants(signal)).rejects.toThrow('runs without a database')
    await expect(source.keys('acme', signal)).rejects.toThrow('runs without a database')
    await expect(source.usage(bench.days(), signal)).rejects.toThrow('runs without a database')
    expect(bench.proxy.paths()).not.toContain('/v2/team/list')
  })

  it('hold the version that newer proxies tell to those with a key only', async () => {
    bench.proxy.instead.set('/health/readiness', () => ({ body: { status: 'healthy', db: 'connected' } }))
    bench.proxy.instead.set('/health/readiness/details', () => ({ body: { litellm_version: '1.92.0' } }))
    expect((await (await bench.open(null)).abilities(signal)).backend).toBe('LiteLLM 1.92.0')
  })

  it('need no version', async () => {
    bench.proxy.instead.set('/health/readiness', () => ({ body: { status: 'healthy', db: 'connected' } }))
    const source = await bench.open(null)
    expect((await source.abilities(signal)).backend).toBe('LiteLLM')
    expect(source.health().state).toBe('ok')
  })

  it('stand while the database is away: its counters go on', async () => {
    bench.proxy.instead.set('/health/readiness', () => ({
      status: 503,
      headers: { 'retry-after': '0' },
      body: { status: 'healthy', db: 'disconnected' },
    }))
    await bench.open()
    await bench.readTwice(bench.request({ endMs: NINE + 1000 }))
    const { lacks } = await bench.source.abilities(signal)
    expect([lacks.has('liveUsage'), lacks.has('tenants')]).toEqual([false, false])
  })

  it('are known while the counters cannot be read: that is told with the newest usage', async () => {
    bench.proxy.instead.set('/metrics/', () => ({ status: 500, body: { error: 'no' } }))
    const source = await bench.open()
    expect((await source.abilities(signal)).lacks.has('liveUsage')).toBe(false)
    await expect(source.usage(bench.live(), signal)).rejects.toThrow(
      /^LiteLLM metrics at 127\.0\.0\.1:\d+: HTTP 500/,
    )
    expect(source.health()).toMatchObject({ state: 'failing', feeding: false, error: { code: 'http-500' } })
  })
})

describe('lists of LiteLLM', () => {
  it('are all pages of teams', async () => {
    bench.proxy.teams = Array.from({ length: 250 }, (_, i) => ({ id: `t${i}`, tpm: i }))
    const source = await bench.open(null)
    const { tenants, complete } = await source.tenants(signal)
    expect([tenants.length, complete, tenants[249]?.limits.tpm]).toEqual([250, true, 249])
    expect(bench.proxy.paths().filter((path) => path === '/v2/team/list')).toHaveLength(3)
  })

  it('are teams without pages in older versions', async () => {
    bench.proxy.teams = [{ id: 'acme', alias: 'ACME' }]
    bench.proxy.instead.set('/v2/team/list', () => ({ status: 404, body: { detail: 'Not Found' } }))
    const source = await bench.open(null)
    expect((await source.tenants(signal)).tenants.map(({ name }) => name)).toEqual(['ACME'])
    expect(source.health()).toMatchObject({ state: 'ok', error: null })
  })

  it('are keys of one team, and say how many were left out for being secrets', async () => {
    bench.serve({ endMs: NINE - MINUTE }, { endMs: NINE - MINUTE, key: 'sk-1234567890abcdef' })
    const source = await bench.open(null)
    const answer = await source.keys('acme', signal)
    expect(answer.keys.map(({ id, name }) => [id.slice(-2), name])).toEqual([['a1', 'batch']])
    expect(answer.missing).toEqual([
      '1 key that LiteLLM hands out without hashing, so they are not taken over',
    ])
    expect(JSON.stringify(answer)).not.toContain('sk-')
  })

  it('are prices in dollars', async () => {
    const { rates } = await (await bench.open(null)).rates(signal)
    expect(rates.map(({ model, tokenType, amount }) => [model, tokenType, amount])).toEqual([
      ['llama', 'input', '0.1'],
      ['llama', 'output', '0.4'],
    ])
  })
})

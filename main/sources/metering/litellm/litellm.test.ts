import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sumTotals } from '../../../core/tokens/totals.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import { connectionTo } from '../testing/connection.ts'
import { type ManualClock, manualClock } from '../../../platform/clock.ts'
import { AbilityMissing, type MeteringSource, StepTooFine, type UsageQuestion } from '../types.ts'
import { createLitellm } from './litellm.ts'
import { ANSWER, FakeProxy, type FakeRequest, PROMPT } from './testing/fakeProxy.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const SECOND = 1000
const TODAY = Date.UTC(2026, 10, 24)
const NINE = TODAY + 9 * 60 * MINUTE
const K1 = 'a'.repeat(63) + '1'
const K2 = 'b'.repeat(64)
const signal = new AbortController().signal

let proxy: FakeProxy
let clock: ManualClock
let source: MeteringSource

beforeEach(() => {
  proxy = new FakeProxy()
  clock = manualClock({ now: NINE, monotonic: 60_000 })
  proxy.now = () => clock.now()
  proxy.startedAt = TODAY - DAY
})
afterEach(async () => {
  await source?.close()
  await proxy.close()
})

async function open(metrics = true): Promise<void> {
  const url = await proxy.start()
  source = createLitellm(
    connectionTo({
      url,
      kind: 'litellm',
      clock,
      settings: { litellm: { metrics: metrics ? `${url}/metrics` : null } },
    }),
  )
}

let counter = 0
function request(over: Partial<FakeRequest> & { readonly endMs: number }): FakeRequest {
  counter += 1
  return {
    id: `r${counter}`,
    startMs: over.endMs - 500,
    team: 'acme',
    model: 'llama',
    key: K1,
    input: 100,
    output: 40,
    ...over,
  }
}

const question = (over: Partial<UsageQuestion> = {}): UsageQuestion => ({
  fromMs: clock.now() - 15 * MINUTE,
  toMs: Math.ceil(clock.now() / 10_000) * 10_000,
  step: { ms: 10 * SECOND },
  groupBy: ['tenant', 'model'],
  filters: {},
  top: null,
  ...over,
})
const days = (over: Partial<UsageQuestion> = {}): UsageQuestion =>
  question({ fromMs: TODAY - 2 * DAY, toMs: TODAY + DAY, step: { ms: DAY }, groupBy: ['tenant'], ...over })

/** Sums of a table by the names of its rows. */
function sums(table: UsageTable): Record<string, string> {
  return Object.fromEntries(
    table.rows.map((dims, row) => {
      const { input, output } = sumTotals(table, row, 'all')
      return [Object.values(dims).join('/'), `${input}+${output}`]
    }),
  )
}

describe('LiteLLM: newest usage from the counters', () => {
  it('tells tokens by team and model between two readings, with what is part of them', async () => {
    proxy.requests.push(request({ endMs: NINE - MINUTE, input: 5000 }))
    await open()
    const first = await source.usage(question(), signal)
    expect(first.times).toEqual([])
    proxy.requests.push(
      request({ endMs: NINE + 5_000, cached: 30, reasoning: 7 }),
      request({ endMs: NINE + 6_000, team: null, key: K2, input: 10, output: 1 }),
      request({ endMs: NINE + 7_000, status: 429 }),
      request({ endMs: NINE + 8_000, status: 500 }),
    )
    clock.advance(10_000)
    const table = await source.usage(question(), signal)
    expect(sums(table)).toEqual({ 'acme/llama': '100+40', '/llama': '10+1' })
    expect(sumTotals(table, 0, 'all')).toMatchObject({
      cachedInput: '30',
      reasoning: '7',
      requests: '2',
      rejected: '1',
      errors: '1',
      errorTokens: null,
    })
    expect([table.dataAsOf, table.complete]).toEqual([NINE + 10_000, true])
    expect(proxy.authorisations).toEqual(new Set(['Bearer the-token-of-the-tests']))
  })
})

describe('LiteLLM: whole days from its own totals', () => {
  beforeEach(() => {
    proxy.requests.push(
      request({ endMs: TODAY - DAY + MINUTE, team: 'acme', input: 1000 }),
      request({ endMs: TODAY - DAY + 2 * MINUTE, team: 'beta', model: 'qwen', key: K2, input: 300 }),
      request({ endMs: TODAY + MINUTE, team: null, input: 70, output: 7 }),
      request({ endMs: TODAY + 2 * MINUTE, status: 429 }),
    )
  })

  it('adds what had no team to the teams', async () => {
    await open(false)
    const table = await source.usage(days(), signal)
    expect(sums(table)).toEqual({ acme: '1000+40', beta: '300+40', '': '70+7' })
    expect(table.times).toEqual([TODAY - 2 * DAY, TODAY - DAY, TODAY])
    expect([table.complete, table.missing, table.counts.rejected]).toEqual([true, [], null])
    const asked = proxy.asked.find(({ pathname }) => pathname === '/team/daily/activity')
    expect([asked?.searchParams.get('start_date'), asked?.searchParams.get('end_date')]).toEqual([
      '2026-11-22',
      '2026-11-24',
    ])
  })
})

describe('LiteLLM: steps in between from single requests', () => {
  it('counts requests when they ended and keeps nothing of what was said', async () => {
    proxy.requests.push(
      request({ endMs: NINE - 50 * MINUTE, startMs: NINE - 61 * MINUTE + 30_000 }),
      request({ endMs: NINE - 10 * MINUTE, team: 'beta', status: 429 }),
    )
    await open(false)
    const table = await source.usage(
      question({ fromMs: NINE - 60 * MINUTE, toMs: NINE, step: { ms: 10 * MINUTE } }),
      signal,
    )
    expect(sums(table)).toEqual({ 'acme/llama': '100+40', 'beta/llama': '0+0' })
    const refused = table.rows.findIndex(({ tenant }) => tenant === 'beta')
    expect(sumTotals(table, refused, 4)).toMatchObject({ rejected: '0', requests: '0' })
    expect(sumTotals(table, refused, 5)).toMatchObject({ rejected: '1', requests: '0', errors: '0' })
    expect(sumTotals(table, 1 - refused, 1)).toMatchObject({ input: '100', requests: '1', cachedInput: '0' })
    expect(JSON.stringify(table.rows) + JSON.stringify(source.health())).not.toMatch(
      new RegExp(`${PROMPT}|${ANSWER}`),
    )
  })

  it('refuses to read more of them than is bearable, and says what can be asked instead', async () => {
    for (let i = 0; i < 3001; i++) proxy.requests.push(request({ endMs: NINE - MINUTE - i }))
    await open(false)
    const asked = source.usage(question({ toMs: NINE, step: { ms: MINUTE } }), signal)
    await expect(asked).rejects.toThrow(StepTooFine)
    await expect(asked).rejects.toThrow('there are 3,001 or more of them, of which at most 3,000 are read')
    expect(proxy.paths().filter((path) => path === '/spend/logs/v2')).toHaveLength(1)
  })
})

describe('LiteLLM: everything else', () => {
  it('says in words what it lacks, and refuses it', async () => {
    await open()
    const { lacks, groups, backend, throttle } = await source.abilities(signal)
    expect([[...groups], backend, throttle]).toEqual([['tenant', 'model', 'key'], 'LiteLLM 1.83.0', null])
    expect(lacks.get('gpuType')).toContain('inference servers')
    await expect(source.usage(question({ groupBy: ['gpuType'] }), signal)).rejects.toThrow(AbilityMissing)
    await expect(source.workflow('w', signal)).rejects.toThrow('does not follow jobs')
  })
})

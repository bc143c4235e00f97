import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sumTotals } from '../../../core/tokens/usage/totals.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import { type ManualClock, manualClock } from '../../../platform/clock.ts'
import { connectionTo, serve, type TestServer } from '../testing/connection.ts'
import type { MeteringSource } from '../types.ts'
import { createLitellm } from './litellm.ts'

const signal = new AbortController().signal
const fixture = (name: string) =>
  readFileSync(new URL(`../../../../test/fixtures/cases/${name}`, import.meta.url), 'utf8')
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What the proxy answers, by path; 404 for what is not there. */
let answers: Map<string, (url: URL) => unknown>
let asked: string[]
let clock: ManualClock
let server: TestServer
let source: MeteringSource

beforeEach(() => {
  asked = []
  answers = new Map<string, (url: URL) => unknown>([
    ['/health/readiness', () => ({ status: 'connected', db: 'connected', litellm_version: '1.82.0' })],
    ['/user/daily/activity', () => ({ results: [], metadata: { page: 1, total_pages: 0 } })],
  ])
})
afterEach(async () => {
  await source.close()
  await server.close()
})

async function open(now: number): Promise<MeteringSource> {
  clock = manualClock({ now, monotonic: MINUTE })
  server = await serve((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://proxy')
    asked.push(url.pathname)
    response.setHeader('date', new Date(clock.now()).toUTCString())
    const body = answers.get(url.pathname)?.(url)
    if (body === undefined) response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
    else if (typeof body === 'number')
      response.writeHead(body, { 'content-type': 'application/json' }).end('{}')
    else if (typeof body === 'string') response.writeHead(200, { 'content-type': 'text/plain' }).end(body)
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  source = createLitellm(
    connectionTo({
      url: server.url,
      kind: 'litellm',
      clock,
      settings: { litellm: { metrics: `${server.url}/metrics` } },
    }),
  )
  return source
}
const total = (table: UsageTable, row = 0) => sumTotals(table, row, 'all')
const namesOf = (table: UsageTable, what: 'tenant' | 'model' | 'key') => table.rows.map((dims) => dims[what])

describe('27: failed rows with estimated input', () => {
  it('are errors and no usage; what was estimated is told', async () => {
    const start = Date.UTC(2026, 8, 21, 14)
    answers.set('/spend/logs/v2', (url) =>
      Number(url.searchParams.get('page')) === 1 && url.searchParams.get('sort_by') === null
        ? JSON.parse(fixture('27-litellm-failed-estimates.json'))
        : { data: [], total: 0, total_pages: 0 },
    )
    await open(start + 2 * HOUR)
    const table = await source.usage(
      {
        fromMs: start,
        toMs: start + 10 * MINUTE,
        step: { ms: 10 * MINUTE },
        groupBy: ['model'],
        filters: {},
        top: null,
      },
      signal,
    )
    expect(namesOf(table, 'model')).toEqual(['m'])
    expect(total(table)).toMatchObject({ input: '1000', output: '200', requests: '3', errors: '2' })
    expect(total(table).errorTokens).toBeNull()
    expect(table.notes?.join()).toMatch(/133,900 input tokens of 2 failed requests are estimates/)
    expect(table.complete).toBe(true)
  })
})

describe('28: pages that overlap', () => {
  interface Pages {
    readonly first: readonly unknown[]
    readonly second: readonly unknown[]
    readonly aggregated: unknown
  }
  const pages = JSON.parse(fixture('28-litellm-unstable-pages.json')) as Pages
  const day = Date.UTC(2026, 8, 20)
  const question = { fromMs: day, toMs: day + DAY, step: { ms: DAY }, groupBy: [], filters: {}, top: null }

  it('are not asked for where the proxy adds days up itself', async () => {
    answers.set('/user/daily/activity/aggregated', () => pages.aggregated)
    await open(day + 2 * DAY)
    const table = await source.usage(question, signal)
    expect(total(table).input).toBe('700')
    expect(table.doubts).toEqual([])
    expect(asked).not.toContain('/user/daily/activity')
    const byKey = await source.usage({ ...question, groupBy: ['key'] }, signal)
    expect(byKey.rows.map((_, row) => total(byKey, row).input ?? '').toSorted()).toEqual([
      '100',
      '200',
      '400',
    ])
  })

  it('are never called exact', async () => {
    let asking = pages.first
    answers.set('/user/daily/activity', (url) => asking[Number(url.searchParams.get('page')) - 1])
    await open(day + 2 * DAY)
    const first = await source.usage(question, signal)
    asking = pages.second
    const second = await source.usage(question, signal)
    expect([total(first).input, total(second).input]).toEqual(['500', '1000'])
    for (const table of [first, second]) expect(table.doubts?.[0]).toContain('2 pages that may overlap')
  })

  it('of one alone are exact, unless they contradict what they state themselves', async () => {
    const [page] = pages.first as [{ metadata: object }]
    const alone = { ...page, metadata: { ...page.metadata, total_pages: 1 } }
    let stated = 300
    answers.set('/user/daily/activity', () => ({
      ...alone,
      metadata: { ...alone.metadata, total_prompt_tokens: stated },
    }))
    await open(day + 2 * DAY)
    expect((await source.usage(question, signal)).doubts).toEqual([])
    stated = 450
    expect((await source.usage(question, signal)).doubts?.[0]).toContain(
      'add up to 300 input tokens, and the same answer states 450',
    )
  })
})

describe('29: counters of a LiteLLM before 1.75', () => {
  it('are read by their old names', async () => {
    const t0 = fixture('29-litellm-old-names.prom')
    const t1 = t0
      .replace(/^(litellm_input_tokens_total\{.*\}) 1000/m, '$1 1500')
      .replace(/^(litellm_output_tokens_total\{.*\}) 240/m, '$1 400')
    const table = await live(t0, t1, ['tenant', 'model'])
    expect(table.rows).toEqual([{ tenant: 'team-red', model: 'm' }])
    expect(total(table)).toMatchObject({ input: '500', output: '160' })
    expect(source.health()).toMatchObject({ error: null, doubts: [] })
  })
})

describe('30: names of models that are not served', () => {
  it('stay in the errors and out of the rankings', async () => {
    const t0 = fixture('30-litellm-model-other.prom')
    const t1 = t0
      .replace(/^(litellm_input.*\}) 1000/m, '$1 1500')
      .replace(/(requested_model="m".*status_code="200"\}) 12/, '$1 14')
      .replace(/(requested_model="other".*\}) 5231/, '$1 5331')
      .replace(/(requested_model="m ".*\}) 1\.0/, '$1 4.0')
      .replace(/(requested_model="gpt-4o-mimi".*\}) 1\.0/, '$1 3.0')
    const table = await live(t0, t1, ['model'])
    const by = new Map(table.rows.map(({ model }, row) => [model, total(table, row)]))
    expect(new Set(by.keys())).toEqual(new Set(['', 'm']))
    expect(by.get('m')).toMatchObject({ input: '500', requests: '2', errors: '0' })
    expect(by.get('')).toMatchObject({ input: '0', requests: '105', errors: '105' })
  })

  it('are models from their first success on', async () => {
    const line = (model: string, status: number, count: number, deployment = 'None') =>
      `litellm_proxy_total_requests_metric_total{model="${deployment}",requested_model="${model}",team="None",status_code="${status}"} ${count}\n`
    const tokens = 'litellm_input_tokens_metric_total{model="openai/m",requested_model="m",team="a"} 1\n'
    const t0 = tokens + line('new', 400, 1)
    const t1 = tokens + line('new', 400, 3) + line('new', 200, 2, 'openai/new')
    const table = await live(t0, t1, ['tenant', 'model'])
    expect(table.rows).toEqual([{ tenant: '', model: 'new' }])
    expect(total(table)).toMatchObject({ requests: '4', errors: '2' })
  })
})

describe('31: a request that ran for 35 minutes', () => {
  const asking = {
    fromMs: Date.UTC(2026, 8, 21, 14, 50),
    toMs: Date.UTC(2026, 8, 21, 15),
    step: { ms: 10 * MINUTE },
    groupBy: ['tenant'],
    filters: {},
    top: null,
  } as const
  interface Logs {
    readonly data: readonly { readonly startTime: string; readonly endTime: string }[]
  }
  const found = (url: URL, logs: Logs['data']) => {
    const at = (name: string) => Date.parse(`${url.searchParams.get(name)?.replace(' ', 'T')}Z`)
    return logs.filter((log) => {
      const started = Date.parse(log.startTime)
      return started >= at('start_date') && started <= at('end_date')
    })
  }
  const { data } = JSON.parse(fixture('31-litellm-long-request.json')) as Logs
  const short = (i: number) => ({
    ...data[0],
    request_id: `short-${i}`,
    startTime: new Date(asking.fromMs - HOUR + i * SECOND).toISOString(),
    endTime: new Date(asking.fromMs - HOUR + i * SECOND + 500).toISOString(),
  })
  const many = [...data, ...Array.from({ length: 900 }, (_, i) => short(i))]

  it.each([
    ['among few', true, data],
    ['among many, where the proxy sorts by the end', true, many],
    ['among many that it does not sort', false, many],
  ])('is found, or said to be missing: %s', async (_, sorts, logs) => {
    answers.set('/spend/logs/v2', (url) => {
      const sortBy = url.searchParams.get('sort_by')
      if (sorts && sortBy === 'no_such_column') return 400
      const all = found(url, logs).toSorted((a, b) =>
        sorts && sortBy === 'endTime'
          ? b.endTime.localeCompare(a.endTime)
          : b.startTime.localeCompare(a.startTime),
      )
      const [page, size] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('page_size'))]
      return {
        data: all.slice((page - 1) * size, page * size),
        total: all.length,
        total_pages: Math.ceil(all.length / size),
      }
    })
    await open(asking.toMs + HOUR)
    const table = await source.usage(asking, signal)
    if (sorts) {
      expect(total(table)).toMatchObject({ input: '20000', output: '180000', requests: '1' })
      expect(table.complete).toBe(true)
    } else {
      expect(table).toMatchObject({
        complete: false,
        missing: ['requests that ran longer than 10 minutes'],
      })
    }
  })
})

describe('counters of another proxy in the same answer', () => {
  const line = (pod: string, value: number) =>
    `litellm_input_tokens_metric_total{model="openai/m",requested_model="m",team="a",pod="${pod}"} ${value}\n`
  const began = (pod: string, at: number) => `process_start_time_seconds{pod="${pod}"} ${at / 1000}\n`

  it('that ran before are not counted as new, and that is said', async () => {
    const t0 = line('p1', 1000)
    const t1 = line('p1', 1100) + line('p2', 5_000_000) + began('p2', NOW - 30 * DAY)
    expect(total(await live(t0, t1, ['model'])).input).toBe('100')
    expect(source.health().doubts).toMatchObject([{ code: 'metrics-strangers' }])
  })

  it('count from zero where that proxy began after the last reading', async () => {
    const t1 = line('p1', 1100) + line('p2', 40) + began('p2', NOW + 3 * SECOND)
    expect(total(await live(line('p1', 1000), t1, ['model'])).input).toBe('140')
    expect(source.health().doubts).toEqual([])
  })
})

const NOW = Date.UTC(2026, 8, 21, 9)

/** Newest usage by two readings of the counters, ten seconds apart. */
async function live(t0: string, t1: string, groupBy: readonly ('tenant' | 'model')[]): Promise<UsageTable> {
  let text = t0
  answers.set('/metrics', () => text)
  await open(NOW)
  const ask = () =>
    source.usage(
      {
        fromMs: clock.now() - 15 * MINUTE,
        toMs: Math.ceil(clock.now() / (10 * SECOND)) * 10 * SECOND,
        step: { ms: 10 * SECOND },
        groupBy,
        filters: {},
        top: null,
      },
      signal,
    )
  await ask()
  text = t1
  clock.advance(10 * SECOND)
  return await ask()
}

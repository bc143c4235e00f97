import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, type Engine, inProcessWire } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { Screen } from '../support/screen.ts'

/** An engine beside a LiteLLM that answers as public reports say that it does. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const began = Date.now()
/** On the same day in UTC: the proxy of this test has the logs of today alone. */
const BACK = Math.min(2 * HOUR, (began % (24 * HOUR)) / 2)
const fixture = (name: string) => readFileSync(new URL(`../fixtures/cases/${name}`, import.meta.url), 'utf8')

interface Log {
  readonly startTime: string
  readonly endTime: string
}
interface Logs {
  readonly data: readonly Log[]
}

/** The rows of a fixture, moved so that the first ended at `endMs`. */
function logsOf(name: string, endMs: number): Log[] {
  const { data } = JSON.parse(fixture(name)) as Logs
  const by = endMs - Date.parse(data[0]?.endTime ?? '')
  const moved = (time: string) => new Date(Date.parse(time) + by).toISOString()
  return data.map((log) => ({ ...log, startTime: moved(log.startTime), endTime: moved(log.endTime) }))
}
const logs = [
  ...logsOf('27-litellm-failed-estimates.json', began - BACK),
  ...logsOf('31-litellm-long-request.json', began - BACK),
]

function logsAnswer(url: URL): object {
  const at = (name: string) => Date.parse(`${url.searchParams.get(name)?.replace(' ', 'T')}Z`)
  const found = logs.filter(({ startTime }) => {
    const started = Date.parse(startTime)
    return started >= at('start_date') && started <= at('end_date')
  })
  return { data: found, total: found.length, total_pages: found.length > 0 ? 1 : 0 }
}

/** Days in two pages that overlap, of yesterday and for whatever is asked. */
const unstable = JSON.parse(fixture('28-litellm-unstable-pages.json')) as {
  readonly first: readonly { readonly results: readonly object[]; readonly metadata: object }[]
}
const yesterday = new Date(began - 24 * HOUR).toISOString().slice(0, 10)
function daysAnswer(url: URL): object | undefined {
  const page = unstable.first[Number(url.searchParams.get('page')) - 1]
  return page && { ...page, results: page.results.map((day) => ({ ...day, date: yesterday })) }
}

/** Counters with their old names that grow by fifty tokens a second, beside names that are not served. */
function metrics(): string {
  const seconds = (Date.now() - began) / SECOND
  const grown = (text: string, pattern: RegExp, by: number) =>
    text.replace(pattern, (_, labels: string, value: string) => `${labels} ${Number(value) + Math.round(by)}`)
  const old = fixture('29-litellm-old-names.prom')
  const other = fixture('30-litellm-model-other.prom')
    .split('\n')
    .filter((line) => /requested_model="(?!m")/.test(line))
    .join('\n')
  const served = grown(
    grown(old, /^(litellm_input_tokens_total\{.*\}) ([\d.]+)/m, seconds * 50),
    /^(litellm_output_tokens_total\{.*\}) ([\d.]+)/m,
    seconds * 10,
  )
  return `${served}${grown(other, /^(.*requested_model="m ".*\}) ([\d.]+)/m, seconds * 3)}\n`
}

let proxy: Server
let engine: Engine
let screen: Screen

beforeAll(async () => {
  proxy = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://proxy')
    const answer = (body: object | string | undefined) => {
      const type = typeof body === 'string' ? 'text/plain; version=0.0.4' : 'application/json'
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type })
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
    }
    if (url.pathname === '/health/readiness') answer({ db: 'connected', litellm_version: '1.74.0' })
    else if (url.pathname === '/metrics') answer(metrics())
    else if (url.pathname === '/spend/logs/v2') answer(logsAnswer(url))
    else if (url.pathname === '/user/daily/activity') answer(daysAnswer(url))
    else answer(undefined)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const config = readConfig(
    [
      'version: 1',
      'site: { name: Cases, timezone: UTC }',
      // A floor is required; this one does not answer.
      'exporters: { static: ["127.0.0.1:9"], timeout: 200ms }',
      `metering: { kind: litellm, url: "${address}", refresh: 1s, litellm: { metrics: "${address}/metrics" } }`,
    ].join('\n'),
    'floorwatch.yaml',
  )
  engine = createEngine({
    config,
    host: { launchDemo: () => Promise.reject(new Error('there is no demo here')) },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    version: '0.0.0-test',
    paths: { newConfig: 'new.yaml' },
  })
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  screen = new Screen(screenEnd)
}, 30_000)
afterAll(async () => {
  await engine?.close()
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
})

describe('an engine beside LiteLLM as it is reported', { timeout: 60_000 }, () => {
  it('29, 30: reads old counter names, and ranks no name that is not served', async () => {
    const { rates, dimensions } = await screen
      .watch('tokens.overview', { filters: {}, limit: 20 })
      .until('rates', (item) => (item.rates.input ?? 0) > 0 && (item.rates.errors ?? 0) > 0, 50_000)
    expect(rates.input).toBeGreaterThan(25)
    expect(rates.input).toBeLessThan(75)
    expect(rates.reasoning).toBeNull()
    const models = dimensions.model.rows
    expect(models[0]).toMatchObject({ name: 'm', rates: { errors: 0 } })
    expect(models.slice(1).map(({ name }) => name)).toEqual([''])
    expect(models[1]?.rates).toMatchObject({ input: 0, errors: rates.errors })
  })

  it('27, 31: counts what was used and what ran long, and says what is only estimated', async () => {
    const { sum, warnings } = await screen.call('tokens.totals', {
      bucket: 'hour',
      buckets: Math.min(4, new Date(began).getUTCHours() + 1),
      groupBy: null,
      filters: {},
    })
    // 1,000 and 20,000 of the requests, and a little of the counters just now.
    expect(Number(sum.input)).toBeGreaterThanOrEqual(21_000)
    expect(Number(sum.input)).toBeLessThan(30_000)
    expect(Number(sum.output)).toBeGreaterThanOrEqual(180_200)
    expect(warnings.join()).toContain('133,900 input tokens of 2 failed requests are estimates')
  })

  it('28: calls no total exact that comes in pages, and corrects nothing by it', async () => {
    const { buckets, warnings, groups } = await screen.call('tokens.totals', {
      bucket: 'day',
      buckets: 2,
      groupBy: null,
      filters: {},
    })
    expect(groups[0]?.totals[0]?.input).toBe('500')
    expect(buckets.map(({ doubtful }) => doubtful)).toEqual([true, true])
    expect(warnings.join()).toContain('2 pages that may overlap')
    const { origin } = await screen
      .watch('tokens.overview', { filters: {}, limit: 1 })
      .until('an origin', (item) => item.origin.dataAsOf !== null)
    expect(origin.corrections).toEqual([])
  })
})

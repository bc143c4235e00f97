import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../main/cli/check/check.ts'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, type Engine, inProcessWire } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { FakeProxy, type FakeRequest } from '../../main/sources/metering/litellm/testing/fakeProxy.ts'
import { Screen } from '../support/screen.ts'
import { plainly } from '../support/plainly.ts'

/** An engine beside a LiteLLM proxy that serves requests all the time, over HTTP. */
const DAY = 86_400_000
const HOUR = 3_600_000
const EVERY_MS = 250
const KEY = 'c'.repeat(64)

const proxy = new FakeProxy()
let folder: string
let configPath: string
let traffic: NodeJS.Timeout
let engine: Engine
let screen: Screen
let count = 0

function serveOne(endMs: number, over: Partial<FakeRequest> = {}): void {
  count += 1
  const team = count % 4 === 0 ? 'beta' : 'acme'
  const from = { id: `r${count}`, startMs: endMs - 200, endMs, team, model: 'llama', key: KEY }
  proxy.requests.push({ ...from, input: 400, output: 100, cached: 40, ...over })
}

function configOf(litellm: string, url: string): string {
  return [
    'version: 1',
    'site: { name: Test floor }',
    // A floor is required; this one does not answer.
    'exporters: { static: ["127.0.0.1:9"], timeout: 200ms }',
    'metering:',
    '  kind: litellm',
    `  url: ${url}`,
    '  bearer: { file: token }',
    '  refresh: 1s',
    '  lagAllowed: 60s',
    `  litellm: ${litellm}`,
  ].join('\n')
}

function openEngine(text: string) {
  const opened = createEngine({
    config: readConfig(text, configPath),
    host: { launchDemo: () => Promise.reject(new Error('there is no demo here')) },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    version: '0.0.0-test',
    paths: { newConfig: join(folder, 'new.yaml') },
  })
  const { engineEnd, screenEnd } = inProcessWire()
  opened.attach(engineEnd, 'console')
  return { engine: opened, screen: new Screen(screenEnd) }
}

beforeAll(async () => {
  proxy.teams = [
    { id: 'acme', alias: 'ACME Inc.', tpm: 100_000, rpm: 600 },
    { id: 'beta', alias: null, blocked: true },
    { id: 'idle', alias: 'Idle' },
  ]
  const now = Date.now()
  const today = now - (now % DAY)
  proxy.startedAt = today - 2 * DAY
  for (const [i, day] of [today - 2 * DAY, today - DAY].entries()) {
    serveOne(day + HOUR, { team: 'acme', input: 1000 * (i + 1), output: 1 })
    serveOne(day + HOUR, { team: null, input: 7, cached: 0, output: 2 })
  }
  const url = await proxy.start()
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-litellm-'))
  await writeFile(join(folder, 'token'), 'sk-the-admin-key', { mode: 0o600 })
  configPath = join(folder, 'floorwatch.yaml')
  await writeFile(configPath, configOf(`{ metrics: '${url}/metrics' }`, url))
  traffic = setInterval(() => {
    serveOne(Date.now())
    if (count % 10 === 0) serveOne(Date.now(), { status: 429 })
  }, EVERY_MS)
  ;({ engine, screen } = openEngine(configOf(`{ metrics: '${url}/metrics' }`, url)))
}, 30_000)
afterAll(async () => {
  clearInterval(traffic)
  await engine?.close()
  await proxy.close()
  await rm(folder, { recursive: true, force: true })
})

describe('an engine beside LiteLLM', { timeout: 60_000 }, () => {
  it('shows rates by team and model from the counters, near what is really served', async () => {
    const overview = await screen
      .watch('tokens.overview', { filters: {}, limit: 10 })
      .until('rates', ({ origin, rates }) => origin.state === 'ok' && (rates.input ?? 0) > 0, 40_000)
    expect(overview.origin.name).toMatch(/^LiteLLM at 127\.0\.0\.1:\d+$/)
    const served = (400 * 1000) / EVERY_MS
    expect(overview.rates.input).toBeGreaterThan(served * 0.6)
    expect(overview.rates.input).toBeLessThan(served * 1.4)
    expect(overview.rates.reasoning).toBe(0)
    expect(overview.rates.errorTokens).toBeNull()
    expect(overview.dimensions.tenant.rows.map(({ name }) => name)).toEqual(['acme', 'beta'])
    expect(overview.dimensions.model.rows.map(({ name }) => name)).toEqual(['llama'])
    expect(overview.origin.lacks.map(({ what }) => what)).toContain('gpuType')
    expect(Date.now() - (overview.origin.dataAsOf ?? 0)).toBeLessThan(15_000)
  })

  it('lists teams as tenants with their limits, used or not', async () => {
    const tenants = await screen
      .watch('tokens.tenants', {})
      .until('teams', ({ ids, tpmLimit }) => ids.includes('idle') && tpmLimit.some((limit) => limit !== null))
    expect(tenants.names[tenants.ids.indexOf('acme')]).toBe('ACME Inc.')
    expect(tenants.states[tenants.ids.indexOf('beta')]).toBe('blocked')
    expect(tenants.tpmLimit[tenants.ids.indexOf('acme')]).toBe(100_000)
    expect(tenants.tokensPerSecond[tenants.ids.indexOf('idle')]).toBe(0)
  })

  it('has exact totals by day, those of requests without a team included', async () => {
    const { buckets, groups, warnings } = await screen.call('tokens.totals', {
      bucket: 'day',
      buckets: 3,
      groupBy: 'tenant',
      filters: {},
    })
    expect(warnings).toEqual([])
    expect(buckets.map(({ partial }) => partial)).toEqual([false, false, true])
    const inputs = new Map(groups.map(({ name, totals }) => [name, totals.map((each) => each?.input)]))
    expect(inputs.get('acme')?.slice(0, 2)).toEqual(['1000', '2000'])
    expect(inputs.get('')?.slice(0, 2)).toEqual(['7', '7'])
    expect(groups[0]?.totals[0]?.rejected).toBeNull()
  })

  it('draws the last hour from counters and single requests together, and a month by days', async () => {
    const toMs = Date.now()
    const hour = await screen.call('tokens.history', {
      fromMs: toMs - HOUR,
      toMs,
      maxPoints: 60,
      groupBy: null,
      filters: {},
      measure: 'tokens',
    })
    expect(hour.warnings).toEqual([])
    expect(hour.times.length).toBeGreaterThanOrEqual(59)
    const month = await screen.call('tokens.history', {
      fromMs: toMs - 30 * DAY,
      toMs,
      maxPoints: 30,
      groupBy: 'tenant',
      filters: {},
      measure: 'input',
    })
    expect(month.stepMs).toBe(DAY)
    const acme = month.series.find(({ name }) => name === 'acme')
    expect(acme?.values.filter((value) => (value ?? 0) > 0)).toHaveLength(2)
  })

  it('lists keys by their hash with what they used', async () => {
    const { keys, note } = await screen.call('tokens.keys', { tenant: 'acme' })
    expect(keys).toEqual([expect.objectContaining({ id: KEY, name: '', state: 'active' })])
    expect(BigInt(keys[0]?.lastHour ?? 0)).toBeGreaterThan(500n)
    expect(note).toBe('')
  })

  it('writes evidence of whole days', async () => {
    const dayBefore = (days: number) => new Date(Date.now() - days * DAY).toISOString().slice(0, 10)
    const evidence = await screen.call('tokens.evidence', {
      tenant: 'acme',
      first: dayBefore(2),
      last: dayBefore(1),
      daysOf: 'utc',
      format: 'csv',
    })
    expect(evidence.text).toContain('llama')
    expect(evidence.text).toContain('3000')
    expect(evidence.notes.join(' ')).toContain('ask the billing system')
  })

  it('says why a job cannot be followed', async () => {
    const range = { fromMs: Date.now() - HOUR, toMs: Date.now() }
    await expect(screen.call('tokens.workflows', { ...range, tenant: null })).rejects.toThrow(
      'LiteLLM does not follow jobs',
    )
  })

  it('knows the past without the counters, and says that it has no rates', async () => {
    const opened = openEngine(configOf('{}', proxy.server?.url ?? ''))
    try {
      const { origin, rates } = await opened.screen
        .watch('tokens.overview', { filters: {}, limit: 1 })
        .until('why there are no rates', (item) => item.origin.state === 'partial')
      expect(plainly(origin.text)).toContain('metering.litellm.metrics in floorwatch.yaml')
      expect(rates.input).toBeNull()
      const totals = await opened.screen.call('tokens.totals', {
        bucket: 'day',
        buckets: 2,
        groupBy: null,
        filters: {},
      })
      expect(totals.groups[0]?.totals[0]?.input).toBe('2007')
      const hours = await opened.screen.call('tokens.totals', {
        bucket: 'hour',
        buckets: 2,
        groupBy: 'model',
        filters: {},
      })
      expect(BigInt(hours.sum.input ?? 0)).toBeGreaterThan(1000n)
    } finally {
      await opened.engine.close()
    }
  })

  it('is checked in plain words', async () => {
    const lines: string[] = []
    await check(configPath, {
      out: (line) => lines.push(line),
      err: (line) => lines.push(line),
    })
    const text = lines.join('\n')
    expect(text).toMatch(/Metering: +LiteLLM at 127\.0\.0\.1:\d+ answers in \d+ ms/)
    expect(text).toMatch(/It knows usage up to \d+ m?s ago: ([\d,]+ tokens\/s|how fast is not known yet)/)
    expect(text).toContain('LiteLLM does not know on which GPUs a model runs')
    expect(text).not.toContain('sk-the-admin-key')
  })
})

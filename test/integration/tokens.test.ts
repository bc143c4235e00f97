import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { readConfig } from '../../main/config/load.ts'
import { type LaunchedDemo, launchDemo } from '../../main/demo/launch.ts'
import { createEngine, type Engine, inProcessWire } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { OPERATIONS } from '../../shared/metering/operations.ts'
import { parseJson } from '../../shared/metering/json.ts'
import { Screen } from '../support/screen.ts'
import { plainly } from '../support/plainly.ts'

/** An engine beside the demo factory: its servers, its metering and its exporters, over HTTP. */
let demo: LaunchedDemo
let engine: Engine
let screen: Screen
let metering: { readonly url: string; readonly token: string }

const HOUR = 3_600_000
const DAY = 24 * HOUR

beforeAll(async () => {
  demo = await launchDemo({
    entry: join(import.meta.dirname, '../../main/demo/main.ts'),
    args: ['--hosts', '24', '--faults', 'none', '--mig', '0'],
    deadlineMs: 20_000,
  })
  const text = await readFile(demo.configPath, 'utf8')
  const described = parseYaml(text) as { metering: { url: string; bearer: { file: string } } }
  const token = await readFile(join(demo.configPath, '..', described.metering.bearer.file), 'utf8')
  metering = { url: described.metering.url, token: token.trim() }
  engine = createEngine({
    config: readConfig(text, demo.configPath),
    host: { launchDemo: () => Promise.reject(new Error('one demo is enough')) },
    clock: systemClock,
    logger: createLogger(),
    version: '0.0.0-test',
    paths: { newConfig: join(demo.configPath, '..', 'new.yaml') },
  })
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  screen = new Screen(screenEnd)
}, 60_000)
afterAll(async () => {
  await engine?.close()
  await demo?.stop()
})

/** Asks the metering itself, past the console. */
async function ask(path: string): Promise<unknown> {
  const response = await fetch(`${metering.url}${path}`, {
    headers: { authorization: `Bearer ${metering.token}` },
  })
  expect(response.status).toBe(200)
  return parseJson(await response.text())
}

async function switchFaults(faults: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${demo.control}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  })
  expect(response.ok).toBe(true)
}

const sum = (values: readonly (number | null)[]) =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0)

describe('tokens of the demo factory', { timeout: 60_000 }, () => {
  it('shows rates whose parts add up by every dimension, with their age and source', async () => {
    const overview = await screen
      .watch('tokens.overview', { filters: {}, limit: 200 })
      .until('rates', ({ origin, rates }) => origin.state === 'ok' && (rates.input ?? 0) > 0, 30_000)
    expect(overview.origin.name).toContain('Metering API at 127.0.0.1')
    expect(overview.at - (overview.origin.dataAsOf ?? 0)).toBeLessThan(overview.origin.lagAllowedMs)
    const total = sum([overview.rates.input, overview.rates.output])
    for (const { rows, others } of Object.values(overview.dimensions)) {
      expect(others).toBeNull()
      expect(sum(rows.flatMap(({ rates }) => [rates.input, rates.output]))).toBeCloseTo(total, 3)
    }
    expect(overview.dimensions.gpuType.rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['H100', 'H200', 'B200']),
    )
    expect(overview.rates.cachedInput).toBeLessThan(overview.rates.input ?? 0)
    const filters = { tenant: [overview.dimensions.tenant.rows[0]?.name ?? ''] }
    const one = await screen
      .watch('tokens.overview', { filters, limit: 5 })
      .until('rates of one tenant', ({ rates }) => (rates.input ?? 0) > 0)
    expect(sum([one.rates.input, one.rates.output])).toBeLessThan(total)
    expect(one.dimensions.tenant.total).toBe(overview.dimensions.tenant.total)
  })

  it('shows latencies and queues as the inference servers say them', async () => {
    const overview = await screen
      .watch('tokens.overview', { filters: {}, limit: 1 })
      .until(
        'latencies of the servers',
        ({ latency }) =>
          latency.source.includes('inference servers') && (latency.timeToFirstToken?.count ?? 0) > 100,
        40_000,
      )
    const { duration, timeToFirstToken } = overview.latency
    expect(timeToFirstToken?.p50).toBeGreaterThan(0)
    expect(timeToFirstToken?.p99).toBeGreaterThanOrEqual(timeToFirstToken?.p50 ?? 0)
    expect(duration?.p50).toBeGreaterThan(timeToFirstToken?.p50 ?? 0)
    expect(overview.latency.source).toContain('inference servers, asked directly')
    expect(overview.servers.count).toBeGreaterThan(0)
    expect(overview.servers.running).toBeGreaterThan(0)
  })

  it('has exact totals: the same as the metering says itself, by every dimension', async () => {
    const {
      buckets,
      groups,
      sum: total,
      warnings,
    } = await screen.call('tokens.totals', {
      bucket: 'day',
      buckets: 3,
      groupBy: 'gpuType',
      filters: {},
    })
    expect(warnings).toEqual([])
    const [first] = buckets
    if (first === undefined) throw new Error('no day')
    const query = new URLSearchParams({
      from: new Date(first.fromMs).toISOString(),
      to: new Date(first.toMs).toISOString(),
      step: '3600',
    })
    const answer = OPERATIONS.getUsage.answer.body.parse(await ask(`${OPERATIONS.getUsage.path}?${query}`))
    const counted = answer.series
      .flatMap(({ points }) => points)
      .reduce((all, { input, output }) => all + input + output, 0n)
    const shown = groups.reduce(
      (all, { totals }) => all + BigInt(totals[0]?.input ?? 0) + BigInt(totals[0]?.output ?? 0),
      0n,
    )
    expect(shown).toBe(counted)
    expect(groups.reduce((all, group) => all + BigInt(group.sum.input ?? 0), 0n).toString()).toBe(total.input)
  })

  it('draws a month in steps that fit the screen', async () => {
    const toMs = Date.now()
    const { stepMs, times, series } = await screen.call('tokens.history', {
      fromMs: toMs - 30 * DAY,
      toMs,
      maxPoints: 400,
      measure: 'tokens',
      groupBy: 'model',
      filters: {},
      top: 5,
    })
    expect(times.length).toBeLessThanOrEqual(401)
    expect(stepMs).toBe(2 * HOUR)
    expect(series.filter(({ rest }) => rest)).toHaveLength(1)
    expect(series.every(({ values }) => values.length === times.length)).toBe(true)
    expect(sum(series[0]?.values ?? [])).toBeGreaterThan(0)
  })

  it('counts yield over the GPUs of the floor, each denominator under its name', async () => {
    const { rows, total, assumptions } = await screen
      .watch('tokens.yield', {})
      .until('yield of allocated GPUs', (item) => item.total.perGpuHour.allocated !== null, 30_000)
    expect(total.gpus.provisioned).toBe(24 * 8)
    expect(rows.reduce((all, { gpus }) => all + gpus.provisioned, 0)).toBe(24 * 8)
    for (const row of rows) {
      const { provisioned, allocated } = row.perGpuHour
      if (provisioned !== null && allocated !== null)
        expect(allocated).toBeGreaterThanOrEqual(provisioned * 0.99)
      expect(row.costPerGpuHour).not.toBeNull()
    }
    expect(sum(rows.map(({ tokensPerSecond }) => tokensPerSecond))).toBeCloseTo(total.tokensPerSecond ?? 0, 0)
    expect(assumptions).toEqual({
      rentPerHour: '3',
      rentedShare: '0.7',
      megatokensPerHour: '30',
      pricePerMegatoken: '1',
      soldShare: '0.6',
    })
  })

  it('ranks tenants, opens one, and explains a job of its', async () => {
    const item = await screen
      .watch('tokens.tenants', {})
      .until('names and entitlements', ({ states }) => states.some((state) => state === 'active'), 30_000)
    const rates = item.tokensPerSecond.map((rate) => rate ?? -1)
    expect(rates).toEqual(rates.toSorted((a, b) => b - a))
    expect(sum(item.share)).toBeCloseTo(1)
    expect(item.share[0]).toBeGreaterThan(0.25)
    for (const column of [item.names, item.excess, item.noise, item.quotaUsed, item.noiseParts.surge]) {
      expect(column).toHaveLength(item.ids.length)
    }
    const id = 'borealis-agents'
    const page = await screen
      .watch('tokens.tenant', { id })
      .until('latency at the gateway', (detail) => detail?.latency.duration !== null, 20_000)
    expect(page).toMatchObject({ id, state: 'active' })
    expect(sum(page?.models.map(({ share }) => share) ?? [])).toBeCloseTo(1)
    expect(page?.noiseParts.map(({ text }) => text).every((text) => text.length > 10)).toBe(true)
    const { keys } = await screen.call('tokens.keys', { tenant: id })
    expect(keys.length).toBeGreaterThan(0)

    const toMs = Date.now()
    const list = await screen.call('tokens.workflows', { fromMs: toMs - DAY, toMs, tenant: id })
    const [largest] = list.workflows
    if (largest === undefined) throw new Error('no job')
    const sizes = list.workflows.map(({ total }) => BigInt(total))
    expect(sizes).toEqual(sizes.toSorted((a, b) => (a < b ? 1 : -1)))
    expect(list.totals.costPerSuccess).not.toBeNull()
    const tree = await screen.call('tokens.workflow', { id: largest.id })
    expect(tree.steps.reduce((all, { own }) => all + BigInt(own), 0n).toString()).toBe(largest.total)
    expect(tree.unexplained).toBe('0')
    expect(JSON.stringify(tree)).not.toMatch(/prompt/i)
  })

  it('writes evidence that is equal to the bill, as CSV and as JSON', async () => {
    const dayBefore = (days: number) => new Date(Date.now() - days * DAY).toISOString().slice(0, 10)
    const question = { first: dayBefore(7), last: dayBefore(1), daysOf: 'utc', tenant: 'meridian' } as const
    const csv = await screen.call('tokens.evidence', { ...question, format: 'csv' })
    expect(csv.notes).toEqual([])
    expect(csv.reconciles).toMatchObject({ equal: true, difference: '0.00', currency: 'USD' })
    expect(csv.filename).toBe(`tokens-meridian-${dayBefore(7)}-${dayBefore(1)}.csv`)
    const lines = csv.text.trimEnd().split('\r\n')
    expect(lines[0]).toMatch(/^tenant,from,to,model,gpu_type,token_type,tokens/)
    expect(lines.at(-1)).toContain(`,total,,,`)
    const json = await screen.call('tokens.evidence', { ...question, format: 'json' })
    expect(JSON.parse(json.text)).toMatchObject({
      kind: 'floorwatch-token-evidence',
      tenant: 'meridian',
      complete: true,
      reconciles: { equal: true },
    })
  })

  it('refuses in words what cannot be answered', async () => {
    await expect(screen.call('tokens.workflow', { id: 'no-such-job' })).rejects.toThrow(/no-such-job|not/)
    await expect(
      screen.call('tokens.history', {
        fromMs: 2,
        toMs: 1,
        maxPoints: 10,
        measure: 'tokens',
        groupBy: null,
        filters: {},
      }),
    ).rejects.toThrow('The time range is empty, reversed or')
  })

  const lastMinutes = () => ({
    fromMs: Date.now() - 300_000,
    toMs: Date.now(),
    maxPoints: 60,
    measure: 'tokens' as const,
    filters: {},
    top: 6,
  })
  /** Of each step that is known. */
  const totalsOf = (series: readonly { readonly values: readonly (number | null)[] }[]): number[] =>
    (series[0]?.values ?? []).flatMap((_, at) => {
      const known = series.flatMap(({ values }) => values[at] ?? [])
      return known.length === 0 ? [] : [known.reduce((sum, value) => sum + value, 0)]
    })

  it('says that the metering is down while it is, keeps what was known, and recovers by itself', async () => {
    const watch = screen.watch('tokens.overview', { filters: {}, limit: 3 })
    const before = await watch.until('good figures', ({ origin }) => origin.state === 'ok', 30_000)
    await switchFaults({ 'metering-down': true })
    const down = await watch.until('failing', ({ origin }) => origin.state === 'failing', 30_000)
    expect(plainly(down.origin.text)).toMatch(/old\.$/)
    expect(down.origin.nextStep).not.toBeNull()
    expect(down.rates.input).not.toBeNull()
    expect(down.origin.dataAsOf).toBeGreaterThanOrEqual(before.origin.dataAsOf ?? 0)
    // Served tokens take over where servers can tell them; who used them stays as it was last told.
    const instead = await watch.until('served tokens', ({ standIn }) => standIn?.whole === true, 30_000)
    expect(instead.standIn?.dimensions.toSorted()).toEqual(['endpoint', 'gpuType', 'model'])
    expect(instead.standIn?.why).toEqual(instead.origin.text)
    expect(instead.dimensions.tenant.rows).toEqual(down.dimensions.tenant.rows)
    expect(instead.unanswered).toEqual([])
    await expect(screen.call('tokens.history', { ...lastMinutes(), groupBy: 'tenant' })).rejects.toThrow(
      /etering/,
    )
    await switchFaults({ 'metering-down': false })
    const again = await watch.until('good again', ({ origin }) => origin.state === 'ok', 40_000)
    expect(again.standIn).toBeNull()
    // What was used meanwhile lies where it was used: no fall to nothing, and no spike of all of it at once.
    const metered = await screen.call('tokens.history', { ...lastMinutes(), groupBy: 'model' })
    expect(metered.standIn).toBeNull()
    const sums = totalsOf(metered.series).slice(0, -2)
    const usual = sums.toSorted((a, b) => a - b)[Math.floor(sums.length / 2)] ?? 0
    expect(Math.max(...sums)).toBeLessThan(4 * usual)
    expect(Math.min(...sums)).toBeGreaterThan(usual / 10)
  })
})

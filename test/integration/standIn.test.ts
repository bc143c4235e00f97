import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml, stringify } from 'yaml'
import { readConfig } from '../../main/config/load.ts'
import { type LaunchedDemo, launchDemo } from '../../main/demo/launch.ts'
import { createEngine, type Engine, inProcessWire } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { changed, type Mutilator, startMutilator } from '../support/mutilator.ts'
import { Refused, Screen } from '../support/screen.ts'
import { plainly } from '../support/plainly.ts'

/**
 * Two engines beside one demo factory: one has a metering that does not distinguish GPU types, the other has none. The
 * inference servers stand in for both.
 */
let demo: LaunchedDemo
let blind: Mutilator
const engines: Engine[] = []
/** With a metering that tells no types, and without any. */
let untyped: Screen
let unmetered: Screen

beforeAll(async () => {
  demo = await launchDemo({
    entry: join(import.meta.dirname, '../../main/demo/main.ts'),
    args: ['--hosts', '24', '--faults', 'none', '--mig', '0'],
    deadlineMs: 20_000,
  })
  const text = await readFile(demo.configPath, 'utf8')
  const described = parseYaml(text) as { metering?: { url: string }; objectives?: unknown }
  blind = await startMutilator(described.metering?.url ?? '', {
    answer: ({ path }, answered) =>
      path === '/v1/capabilities'
        ? {
            ...answered,
            text: changed(answered.text, (name, value) =>
              name === 'groups' && Array.isArray(value) ? value.filter((each) => each !== 'gpuType') : value,
            ),
          }
        : answered,
  })
  // Objectives that are measured by the metering cannot be without it.
  const { metering, objectives: _, ...rest } = described
  untyped = attach(stringify({ ...rest, metering: { ...metering, url: blind.url } }))
  unmetered = attach(stringify(rest))
}, 60_000)
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()))
  await blind?.close()
  await demo?.stop()
})

function attach(config: string): Screen {
  const engine = createEngine({
    config: readConfig(config, demo.configPath),
    host: { launchDemo: () => Promise.reject(new Error('one demo is enough')) },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    version: '0.0.0-test',
    paths: { newConfig: join(demo.configPath, '..', 'new.yaml') },
  })
  engines.push(engine)
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  return new Screen(screenEnd)
}

const TYPES = ['H100', 'H200', 'B200']

const sum = (values: readonly (number | null)[]) =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0)
const tokens = (rows: readonly { rates: { input: number | null; output: number | null } }[]) =>
  sum(rows.flatMap(({ rates }) => [rates.input, rates.output]))
const lastQuarter = () => ({ fromMs: Date.now() - 900_000, toMs: Date.now(), maxPoints: 300 })

describe('a metering that does not distinguish GPU types', { timeout: 90_000 }, () => {
  it('has served tokens by type beside its own of everything else', async () => {
    const overview = await untyped
      .watch('tokens.overview', { filters: {}, limit: 50 })
      .until(
        'types of the servers',
        ({ dimensions, origin }) =>
          origin.state === 'ok' &&
          TYPES.every((type) => dimensions.gpuType.rows.some(({ name }) => name === type)),
        60_000,
      )
    const { standIn, dimensions, rates } = overview
    expect(standIn).toMatchObject({ whole: false, dimensions: ['gpuType'] })
    expect(standIn?.source).toContain('served, from inference servers')
    expect(plainly(standIn)?.why).toContain('GPU type')
    expect(tokens(dimensions.gpuType.rows)).toBeGreaterThan(0)
    expect(sum(dimensions.gpuType.rows.map(({ share }) => share))).toBeCloseTo(1, 6)
    // The rest is metered: tenants are known, and so are rejections.
    expect(dimensions.tenant.rows.length).toBeGreaterThan(1)
    expect(rates.rejected).not.toBeNull()
  })

  it('narrows types by model, says in words that it cannot by tenant, and follows a type to its models', async () => {
    const all = await untyped
      .watch('tokens.overview', { filters: {}, limit: 50 })
      .until('types', ({ dimensions }) => tokens(dimensions.gpuType.rows) > 0)
    const model = all.dimensions.model.rows[0]?.name ?? ''
    const narrowed = await untyped
      .watch('tokens.overview', { filters: { model: [model] }, limit: 50 })
      .until('types of a model', ({ dimensions }) => tokens(dimensions.gpuType.rows) > 0)
    // Asked afterwards: in a factory that has just begun the later figures are the larger ones.
    const afterwards = await untyped
      .watch('tokens.overview', { filters: {}, limit: 49 })
      .until('types again', ({ dimensions }) => tokens(dimensions.gpuType.rows) > 0)
    expect(tokens(narrowed.dimensions.gpuType.rows)).toBeLessThan(tokens(afterwards.dimensions.gpuType.rows))

    const tenant = all.dimensions.tenant.rows[0]?.name ?? ''
    const ofTenant = await untyped
      .watch('tokens.overview', { filters: { tenant: [tenant] }, limit: 50 })
      .until('a tenant', ({ rates }) => (rates.input ?? 0) > 0)
    expect(ofTenant.dimensions.gpuType.rows).toEqual([])
    expect(plainly(ofTenant.unanswered)).toEqual([
      {
        what: 'gpuType',
        text: 'Inference servers know no tenants, so served tokens by GPU type cannot be narrowed to one.',
      },
    ])

    const ofType = await untyped
      .watch('tokens.overview', { filters: { gpuType: ['H100'] }, limit: 50 })
      .until('models of a type', ({ dimensions }) => tokens(dimensions.model.rows) > 0)
    expect(ofType.standIn?.whole).toBe(true)
    expect(ofType.dimensions.tenant.rows).toEqual([])
    expect(sum([ofType.rates.input, ofType.rates.output])).toBeCloseTo(
      tokens(ofType.dimensions.model.rows),
      3,
    )
    expect(ofType.rates.rejected).toBeNull()
  })

  it('draws types over time from what the engine remembers, and refuses exact totals in words', async () => {
    await expect
      .poll(
        async () => {
          const { series, standIn, warnings } = await untyped.call('tokens.history', {
            ...lastQuarter(),
            measure: 'tokens',
            groupBy: 'gpuType',
            filters: {},
          })
          const known = series.filter(({ values }) => sum(values) > 0).map(({ name }) => name)
          return { drawn: known.includes('H100'), served: standIn !== null, said: warnings.length > 0 }
        },
        { timeout: 60_000, interval: 1000 },
      )
      .toEqual({ drawn: true, served: true, said: true })
    const metered = await untyped.call('tokens.history', {
      ...lastQuarter(),
      measure: 'tokens',
      groupBy: 'model',
      filters: {},
    })
    expect(metered.standIn).toBeNull()
    const refused = await untyped
      .call('tokens.totals', { bucket: 'day', buckets: 2, groupBy: 'gpuType', filters: {} })
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Refused)
    expect((refused as Refused).failure.nextStep).toContain('live picture')
  })

  it('has yield by type of served tokens under a total that is metered, beside its own capacity', async () => {
    const item = await untyped
      .watch('tokens.yield', {})
      .until(
        'yield by type',
        ({ rows, capacitySpan }) =>
          capacitySpan !== null && rows.some(({ perGpuHour }) => (perGpuHour.active ?? 0) > 0),
        60_000,
      )
    expect(item.standIn).toMatchObject({ whole: false })
    expect(item.rows.find(({ gpuType }) => gpuType === 'H100')?.tokensPerSecond).toBeGreaterThan(0)
    expect(item.total.tokensPerSecond).toBeGreaterThan(0)
    expect(item.rows.every(({ capacity }) => (capacity?.provisioned ?? 0) > 0)).toBe(true)
    // Every board is there on both sides.
    expect(item.rows.flatMap(({ capacity }) => capacity?.differs ?? []).join()).not.toContain('provisioned')
  })
})

describe('inference servers without any metering', { timeout: 90_000 }, () => {
  it('show what is served, how fast and on what; not by whom', async () => {
    const overview = await unmetered
      .watch('tokens.overview', { filters: {}, limit: 50 })
      .until(
        'served tokens',
        ({ rates, latency }) => (rates.output ?? 0) > 0 && latency.timeToFirstToken !== null,
        60_000,
      )
    const { origin, standIn, dimensions, rates, unanswered, servers } = overview
    expect(origin.state).toBe('none')
    expect(standIn).toMatchObject({ whole: true, dimensions: ['model', 'endpoint', 'gpuType'] })
    expect(tokens(dimensions.model.rows)).toBeCloseTo(sum([rates.input, rates.output]), 3)
    expect(tokens(dimensions.gpuType.rows)).toBeCloseTo(sum([rates.input, rates.output]), 3)
    expect(dimensions.tenant.rows).toEqual([])
    expect(unanswered.map(({ what }) => what)).toEqual(['tenant'])
    expect(servers.running).not.toBeNull()
    expect(overview.errorShare).toEqual({ byRequests: null, byTokens: null })
  })

  it('have a yield, a picture over time, and say what drift lacks', async () => {
    const item = await unmetered
      .watch('tokens.yield', {})
      .until('yield', ({ total }) => (total.perGpuHour.active ?? 0) > 0, 60_000)
    expect(item.standIn?.whole).toBe(true)
    expect(item.total.tokensPerSecond).toBeCloseTo(
      sum(item.rows.map(({ tokensPerSecond }) => tokensPerSecond)) +
        (item.standIn?.unjoined.tokensPerSecond ?? 0),
      3,
    )
    const { series } = await unmetered.call('tokens.history', {
      ...lastQuarter(),
      measure: 'output',
      groupBy: 'model',
      filters: {},
    })
    expect(series.length).toBeGreaterThan(0)
    const drift = await unmetered
      .watch('tokens.drift', {})
      .until('the servers', ({ servedSource }) => servedSource.includes('inference servers'))
    expect(drift.unjoined.share).not.toBeNull()
    expect(drift.rows).toEqual([])
  })
})

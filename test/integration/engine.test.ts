import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { launchDemo } from '../../main/demo/launch.ts'
import { createEngine, inProcessWire, type Engine, type EngineHost } from '../../main/engine/index.ts'
import { OWN_WINDOW } from '../../main/engine/session/desk.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { FIGURE } from '../../shared/model/figure.ts'
import { type FakeExporter, type FakeExporterOptions, startFakeExporter } from '../support/fakeExporter.ts'
import { Refused, Screen } from '../support/screen.ts'

const cleanups: (() => Promise<unknown>)[] = []
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-engine-'))
  cleanups.push(() => rm(folder, { recursive: true }))
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function exporter(options: FakeExporterOptions): Promise<FakeExporter> {
  const started = await startFakeExporter(options)
  cleanups.push(() => started.close())
  return started
}

const noDemo: EngineHost = {
  launchDemo: async () => {
    throw new Error('this test has no demo factory')
  },
}

function siteText(exporters: readonly FakeExporter[], more = ''): string {
  const addresses = exporters.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
  return `version: 1
site: { name: Test hall, timezone: UTC }
exporters: { static: [${addresses}], interval: 1s, timeout: 900ms }
freshness: { staleAfter: 3s, freezeAfter: 90s }
${more}`
}

function start(config: string | null, host: EngineHost = noDemo): { engine: Engine; screen: Screen } {
  const engine = createEngine({
    config: config === null ? null : readConfig(config, join(folder, 'site.yaml')),
    host,
    clock: systemClock,
    logger: createLogger(),
    version: '0.0.0-test',
    paths: { newConfig: join(folder, 'new', 'floorwatch.yaml') },
  })
  cleanups.push(() => engine.close())
  return { engine, screen: look(engine) }
}

function look(engine: Engine, role: 'console' | 'wall' = 'console'): Screen {
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, role, OWN_WINDOW)
  return new Screen(screenEnd)
}

describe('an engine that scrapes exporters directly', () => {
  it('shows status, topology and frames with the figures of every exporter', async () => {
    const halls = [await exporter({ host: 'h-1' }), await exporter({ host: 'h-2', gpus: 4 })]
    const { screen } = start(siteText(halls))
    const topology = await screen
      .watch('fleet.topology', {})
      .until('six GPUs', ({ gpus }) => gpus.host.length === 6)
    expect(topology.hosts.map(({ name }) => name).toSorted()).toEqual(['h-1', 'h-2'])
    expect(topology.types).toContain('H100')

    const frame = await screen
      .watch('fleet.frame', { fields: ['power', 'gpuTemp'] })
      .until(
        'every power known',
        ({ rows, states }) => rows === 6 && states[0]?.every((s) => s === FIGURE.ok) === true,
      )
    expect(frame.fields).toEqual(['power', 'gpuTemp'])
    expect([...(frame.values[0] ?? [])].every((watts) => watts > 300 && watts < 500)).toBe(true)
    expect(frame.topologyVersion).toBe(topology.version)

    const status = await screen
      .watch('console.status', {})
      .until('both exporters', ({ sources }) => sources.ok >= 2)
    expect(status).toMatchObject({
      mode: 'site',
      role: 'console',
      site: { name: 'Test hall' },
      feed: { path: 'direct', fallback: false },
      power: { boards: 6, of: 6 },
    })
    expect(status.feed.reason).toContain('2 exporters')
  })

  it('ages the figures of an exporter that died, says so, and goes on with the others', async () => {
    const dies = await exporter({ host: 'h-dies' })
    const lives = await exporter({ host: 'h-lives' })
    const { screen } = start(siteText([dies, lives]))
    const topology = screen.watch('fleet.topology', {})
    const frames = screen.watch('fleet.frame', { fields: ['power'] })
    const findings = screen.watch('fleet.findings', {})
    const health = screen.watch('sources.health', {})
    await topology.until('four GPUs', ({ gpus }) => gpus.host.length === 4)
    await frames.until(
      'four good rows',
      ({ rows, state }) => rows === 4 && state.every((s) => s === FIGURE.ok),
    )

    await dies.close()
    const stale = await frames.until(
      'two stale rows',
      ({ state }) => state.filter((s) => s === FIGURE.stale).length === 2,
    )
    const known = topology.latest()
    const hostOf = (row: number) => known?.hosts[known.gpus.host[row] ?? -1]?.name
    const staleHosts = [...stale.state].flatMap((s, row) => (s === FIGURE.stale ? [hostOf(row)] : []))
    expect(new Set(staleHosts)).toEqual(new Set(['h-dies']))
    await findings.until('a finding for the dead host', (item) =>
      item.findings.some(({ where }) => where.includes('h-dies')),
    )
    const { sources } = await health.until('one failing source', (item) =>
      item.sources.some(({ state }) => state === 'failing' || state === 'backoff'),
    )
    const broken = sources.find(({ state }) => state === 'failing' || state === 'backoff')
    expect(broken?.error).toMatchObject({ code: 'refused', text: expect.stringContaining(String(dies.port)) })
    expect(broken?.error?.nextStep).not.toBe('')
  })

  it('does not let a hung exporter or one that sends rubbish delay another', async () => {
    const hung = await exporter({ host: 'h-hung' })
    const rubbish = await exporter({ host: 'h-rubbish' })
    const good = await exporter({ host: 'h-good' })
    hung.mode = 'hung'
    rubbish.mode = 'garbage'
    const { screen } = start(siteText([hung, rubbish, good]))
    const frames = screen.watch('fleet.frame', { fields: ['power'] })
    await frames.until(
      'the good host',
      ({ rows, state }) => rows === 2 && state.every((s) => s === FIGURE.ok),
      3_000,
    )
    const before = good.scrapes()
    await expect.poll(() => good.scrapes(), { timeout: 5_000 }).toBeGreaterThanOrEqual(before + 3)
    const { sources } = await screen
      .watch('sources.health', {})
      .until('both troubles named', (item) => item.sources.filter(({ error }) => error !== null).length === 2)
    expect(sources.flatMap(({ error }) => (error ? [error.code] : [])).toSorted()).toEqual([
      'parse',
      'timeout',
    ])
  })

  it('passes hostile labels on as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202e__proto__'
    const bad = await exporter({
      host: hostile,
      modelName: hostile,
      labels: { pod: hostile, namespace: '__proto__' },
    })
    const { screen } = start(siteText([bad]))
    const topology = await screen
      .watch('fleet.topology', {})
      .until('two GPUs', ({ gpus }) => gpus.host.length === 2)
    const name = topology.hosts[0]?.name ?? ''
    expect(name).toContain('<img src=x')
    const detail = await screen
      .watch('fleet.gpu', { host: name, slot: 0 })
      .until('the GPU', (item) => item !== null)
    expect(detail?.host).toBe(name)
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it('calls the roll against the inventory', async () => {
    const one = await exporter({ host: 'h-1' })
    const inventory = `inventory: { floors: [{ name: F, racks: [{ name: R, hosts: [h-1, h-2], gpus: 2 }] }] }`
    const { screen } = start(siteText([one], inventory))
    const status = await screen
      .watch('console.status', {})
      .until('two present', ({ rollCall }) => rollCall.present === 2)
    expect(status.rollCall).toEqual({ expected: 4, present: 2, missing: 2, unexpected: 0 })
  })

  it('keeps a memory of what it saw, and says where the history comes from', async () => {
    const one = await exporter({ host: 'h-1' })
    const { screen } = start(siteText([one]))
    const topology = await screen
      .watch('fleet.topology', {})
      .until('GPUs', ({ gpus }) => gpus.host.length === 2)
    await expect.poll(() => one.scrapes(), { timeout: 8_000 }).toBeGreaterThanOrEqual(4)
    const history = await screen.call('fleet.history', {
      topologyVersion: topology.version,
      rows: [0, 1],
      fields: ['power'],
      fromMs: Date.now() - 60_000,
      toMs: Date.now(),
      maxPoints: 100,
    })
    expect(history.origin).toBe('memory')
    expect(history.series).toHaveLength(2)
    expect(history.series[0]?.values.some((watts) => watts !== null && watts > 300)).toBe(true)
    await expect
      .poll(async () => (await screen.call('fleet.trend', {})).powerWatts.some((watts) => watts !== null))
      .toBe(true)
  })

  it('serves a wall beside a console, and lets it look but not act', async () => {
    const one = await exporter({ host: 'h-1' })
    const { engine, screen } = start(siteText([one]))
    const wall = look(engine, 'wall')
    await wall.watch('console.status', {}).until('its role', ({ role }) => role === 'wall')
    await screen.watch('console.status', {}).until('its role', ({ role }) => role === 'console')
    await expect(wall.call('setup.demo', {})).rejects.toThrow(Refused)
  })

  it('leaves nothing running once it is closed', async () => {
    const one = await exporter({ host: 'h-1' })
    const { engine, screen } = start(siteText([one]))
    await screen.watch('fleet.topology', {}).until('GPUs', ({ gpus }) => gpus.host.length === 2)
    await engine.close()
    await expect.poll(() => screen.closed).not.toBeNull()
    const scrapes = one.scrapes()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(one.scrapes()).toBe(scrapes)
  })
})

describe('an engine without a configuration', () => {
  it('says that it is in setup and shows an empty floor', async () => {
    const { screen } = start(null)
    const status = await screen.watch('console.status', {}).until('any', () => true)
    expect(status).toMatchObject({ mode: 'setup', feed: { path: 'none' }, configPath: null })
    const topology = await screen.watch('fleet.topology', {}).until('any', () => true)
    expect(topology.gpus.host).toEqual([])
  })

  it('tests an exporter before it is saved', async () => {
    const one = await exporter({ host: 'h-1' })
    const { screen } = start(null)
    const good = await screen.call('setup.test', { kind: 'exporter', url: `http://127.0.0.1:${one.port}` })
    expect(good).toMatchObject({ ok: true, title: expect.stringContaining('2 GPUs') })
    expect(good.details.join(' ')).toContain('Hostname')
    one.mode = 'garbage'
    const bad = await screen.call('setup.test', {
      kind: 'exporter',
      url: `http://127.0.0.1:${one.port}/metrics`,
    })
    expect(bad.ok).toBe(false)
    await one.close()
    const gone = await screen.call('setup.test', { kind: 'exporter', url: `http://127.0.0.1:${one.port}` })
    expect(gone).toMatchObject({ ok: false, title: expect.stringContaining('refused') })
    expect(gone.nextStep).not.toBe('')
  })

  it('saves a draft once and watches it under the screens that are there', async () => {
    const one = await exporter({ host: 'h-1' })
    const { screen } = start(null)
    const status = screen.watch('console.status', {})
    const topology = screen.watch('fleet.topology', {})
    await topology.until('the empty floor', ({ gpus }) => gpus.host.length === 0)
    const empty = topology.latest()?.version ?? -1
    const draft = {
      site: { name: 'New hall', timezone: 'UTC' },
      prometheus: null,
      exporters: [`127.0.0.1:${one.port}`],
    }
    const { path } = await screen.call('setup.save', draft)
    expect(await readFile(path, 'utf8')).toContain('New hall')
    await status.until('the new site', ({ mode, site }) => mode === 'site' && site.name === 'New hall')
    const floor = await topology.until('its GPUs', ({ gpus }) => gpus.host.length === 2)
    expect(floor.version).toBeGreaterThan(empty)
    await expect(screen.call('setup.save', draft)).rejects.toThrow('may only be done by administrators')
  })

  it('looks at the demo factory', async () => {
    const { screen } = start(null, {
      async launchDemo() {
        const entry = new URL('../../main/demo/main.ts', import.meta.url)
        const demo = await launchDemo({ entry, args: ['--hosts', '4', '--faults', 'none'] })
        cleanups.push(() => demo.stop())
        return demo.configPath
      },
    })
    const status = screen.watch('console.status', {})
    await status.until('setup', ({ mode }) => mode === 'setup')
    await screen.call('setup.demo', {})
    const seen = await status.until('all boards', ({ mode, power }) => mode === 'demo' && power.boards === 32)
    expect(seen.rollCall).toEqual({ expected: 32, present: 32, missing: 0, unexpected: 0 })
  })

  it('says why a demo did not start', async () => {
    const { screen } = start(null)
    await expect(screen.call('setup.demo', {})).rejects.toThrow('this test has no demo factory')
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import type { SiteConfig } from '../../main/config/types.ts'
import { FIGURE } from '../../shared/model/figure.ts'
import { type FakeExporter, startFakeExporter } from '../support/fakeExporter.ts'
import { requirement } from '../support/peers.ts'
import { type RunningServer, startPrometheus } from '../support/prometheus.ts'
import { type Relay, startRelay } from '../support/relay.ts'
import type { Screen } from '../support/screen.ts'
import { watchEngine } from '../support/watchedEngine.ts'

const prometheus = requirement('prometheus')
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function startPeers(hosts: readonly string[]) {
  const exporters: FakeExporter[] = []
  for (const host of hosts) {
    const exporter = await startFakeExporter({
      host,
      gpus: 4,
      labels: { pod: `job-${host}`, namespace: 'train' },
    })
    cleanups.push(() => exporter.close())
    exporters.push(exporter)
  }
  const relay = await startRelay()
  cleanups.push(() => relay.close())
  return { exporters, relay }
}

async function startServer(exporters: readonly FakeExporter[], relay: Relay): Promise<RunningServer> {
  const server = await startPrometheus({
    targets: exporters.map(({ port }) => `127.0.0.1:${port}`),
    scrapeInterval: '1s',
  })
  cleanups.push(() => server.stop())
  await server.until('DCGM_FI_DEV_GPU_TEMP', 4 * exporters.length)
  relay.target(Number(new URL(server.url).port))
  return server
}

function startScreen(relay: Relay, exporters: readonly FakeExporter[] | null, staleAfter = '4s'): Screen {
  const addresses = exporters?.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
  const config = readConfig(
    `version: 1
site: { name: Test hall, timezone: UTC }
prometheus: { url: "${relay.url}", refresh: 1s, slowEvery: 2, identityEvery: 5s, timeout: 2s }
${exporters === null ? '' : `exporters: { static: [${addresses}], interval: 1s, timeout: 900ms }`}
freshness: { staleAfter: ${staleAfter}, freezeAfter: 60s }
`,
    'floorwatch.yaml',
  )
  return screenOf(config)
}

/** A first start: there is no site yet. */
function startSetup(): Screen {
  return screenOf(null)
}

function screenOf(config: SiteConfig | null): Screen {
  const { screen, close } = watchEngine(config)
  cleanups.push(close)
  return screen
}

describe.skipIf(!prometheus.present)(`a floor through a real Prometheus (${prometheus.reason})`, () => {
  it('is fed by it, turns to the exporters when it is killed, and turns back', {
    timeout: 90_000,
  }, async () => {
    const { exporters, relay } = await startPeers(['h-1', 'h-2'])
    const first = await startServer(exporters, relay)
    const screen = startScreen(relay, exporters)
    const status = screen.watch('console.status', {})
    const frames = screen.watch('fleet.frame', { fields: ['power', 'fbUsed'] })

    const fed = await status.until('Prometheus as the feed', ({ feed }) => feed.path === 'prometheus')
    expect(fed.feed).toMatchObject({ fallback: true, reason: 'Prometheus answers with fresh figures.' })
    const good = await frames.until(
      'eight good rows with fast and slow figures',
      ({ rows, state, states }) =>
        rows === 8 &&
        state.every((s) => s === FIGURE.ok) &&
        states.every((column) => column.every((s) => s === FIGURE.ok)),
    )
    expect([...(good.values[0] ?? [])].every((watts) => watts > 300 && watts < 500)).toBe(true)
    expect([...(good.values[1] ?? [])]).toEqual(Array<number>(8).fill(61_000))
    expect([...good.ageMs].every((age) => age < 4_000)).toBe(true)
    // Without honorLabels the workload arrives renamed; the floor shows it all the same.
    const gpu = await screen
      .watch('fleet.gpu', { host: 'h-1', slot: 0 })
      .until('the GPU', (item) => item !== null)
    expect(gpu?.workloads[0]).toMatchObject({ namespace: 'train', pod: 'job-h-1' })
    expect(gpu?.origin).toContain('Prometheus')
    expect(
      (
        await screen
          .watch('sources.health', {})
          .until('standby', ({ sources }) => sources.some(({ state }) => state === 'standby'))
      ).sources.filter(({ kind }) => kind === 'exporter'),
    ).toHaveLength(2)

    relay.target(null)
    await first.kill()
    const direct = await status.until(
      'the exporters as the feed',
      ({ feed }) => feed.path === 'direct',
      12_000,
    )
    expect(direct.feed.reason).toMatch(
      /^Prometheus has given no figures for .* scraping 2 exporters directly\.$/,
    )
    await frames.until(
      'fresh figures from the exporters',
      ({ rows, state, ageMs }) =>
        rows === 8 && state.every((s) => s === FIGURE.ok) && ageMs.every((age) => age < 2_500),
    )

    await startServer(exporters, relay)
    const back = await status.until('Prometheus again', ({ feed }) => feed.path === 'prometheus', 40_000)
    expect(back.feed.since).toBeGreaterThan(direct.feed.since)
    await frames.until('good rows', ({ rows, state }) => rows === 8 && state.every((s) => s === FIGURE.ok))
  })

  it('does not take a sample of a dead exporter for fresh', { timeout: 60_000 }, async () => {
    const { exporters, relay } = await startPeers(['h-lives', 'h-hangs'])
    await startServer(exporters, relay)
    const screen = startScreen(relay, null)
    const frames = screen.watch('fleet.frame', { fields: ['power'] })
    await frames.until(
      'eight good rows',
      ({ rows, state }) => rows === 8 && state.every((s) => s === FIGURE.ok),
    )
    for (const exporter of exporters) if (exporter.host === 'h-hangs') exporter.mode = 'hung'
    const frame = await frames.until(
      'four stale rows and four good ones',
      ({ state }) =>
        state.filter((s) => s === FIGURE.stale).length === 4 &&
        state.filter((s) => s === FIGURE.ok).length === 4,
      20_000,
    )
    expect(frame.rows).toBe(8)
    const { sources } = await screen
      .watch('sources.health', {})
      .until(
        'the doubt',
        (item) =>
          item.sources.some(({ doubts }) =>
            doubts.some(({ what }) => what.includes('does not reach 1 of 2')),
          ),
        15_000,
      )
    expect(sources).toHaveLength(1)
  })

  it('has nothing but ages when it dies and no exporter is configured', { timeout: 60_000 }, async () => {
    const { exporters, relay } = await startPeers(['h-1'])
    const server = await startServer(exporters, relay)
    const screen = startScreen(relay, null)
    const status = screen.watch('console.status', {})
    const frames = screen.watch('fleet.frame', { fields: ['power'] })
    await frames.until(
      'four good rows',
      ({ rows, state }) => rows === 4 && state.every((s) => s === FIGURE.ok),
    )
    await status.until('Prometheus as the feed', ({ feed }) => feed.path === 'prometheus')
    relay.target(null)
    await server.kill()
    const none = await status.until('no feed', ({ feed }) => feed.path === 'none', 15_000)
    expect(none.feed.reason).toContain('no exporter is known to fall back to')
    const stale = await frames.until(
      'stale rows',
      ({ state }) => state.every((s) => s === FIGURE.stale),
      15_000,
    )
    expect(stale.values[0]?.every((watts) => watts > 300)).toBe(true)
  })

  it('answers with its history, and from memory when it cannot', { timeout: 60_000 }, async () => {
    const { exporters, relay } = await startPeers(['h-1'])
    const server = await startServer(exporters, relay)
    const screen = startScreen(relay, null, '30s')
    const topology = await screen
      .watch('fleet.topology', {})
      .until('GPUs', ({ gpus }) => gpus.host.length === 4)
    const ask = () =>
      screen.call('fleet.history', {
        topologyVersion: topology.version,
        rows: [0, 3],
        fields: ['power', 'gpuTemp'],
        fromMs: Date.now() - 60_000,
        toMs: Date.now(),
        maxPoints: 60,
      })
    await expect
      .poll(async () => (await ask()).series[0]?.values.filter((v) => v !== null).length, { timeout: 15_000 })
      .toBeGreaterThan(2)
    const long = await ask()
    expect(long.origin).toBe('prometheus')
    expect(long.times.length).toBeLessThanOrEqual(60)
    expect(long.series.map(({ row, field }) => `${row} ${field}`).toSorted()).toEqual([
      '0 gpuTemp',
      '0 power',
      '3 gpuTemp',
      '3 power',
    ])
    relay.target(null)
    await server.kill()
    const short = await ask()
    expect(short.origin).toBe('memory')
    expect(short.warnings[0]).toContain('Prometheus did not answer')
  })

  it('is tested before it is saved', { timeout: 60_000 }, async () => {
    const { exporters, relay } = await startPeers(['h-1', 'h-2'])
    await startServer(exporters, relay)
    const screen = startSetup()
    const verdict = await screen.call('setup.test', { kind: 'prometheus', url: relay.url })
    expect(verdict).toMatchObject({
      ok: true,
      title: expect.stringMatching(/^Prometheus 2\..* 8 GPUs .* 2 exporters\.$/),
    })
    relay.target(null)
    expect(await screen.call('setup.test', { kind: 'prometheus', url: relay.url })).toMatchObject({
      ok: false,
    })
  })
})

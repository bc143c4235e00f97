import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../../main/platform/http/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { SourceFailure } from '../../main/platform/failure.ts'
import {
  chooseCut,
  createPrometheusClient,
  createVectorReader,
  exporterQuery,
  fastQuery,
  floorSizeQuery,
  frozenQuery,
  historyQuery,
  historyWindow,
  identityQuery,
  normaliseLabels,
  onGrid,
  sampleAgeQuery,
  seriesKey,
  xidCountQuery,
  type PrometheusClient,
  type Vector,
} from '../../main/sources/prometheus/index.ts'
import { field } from '../../shared/model/field.ts'
import { requirement } from '../support/peers.ts'
import { startPrometheus, startVictoriaMetrics, type RunningServer } from '../support/prometheus.ts'

const HOSTS = 16
const GPUS = 8
const FAST = ['smActive', 'power', 'gpuTemp', 'xid'] as const

/** An exporter in miniature: what it shows moves with every scrape, unless it is frozen. */
interface Exporter {
  readonly target: string
  readonly server: Server
}

function uuidOf(host: number, gpu: number): string {
  const tail = (host * 0x1f3d5 + gpu * 0x10001 + 0xabcdef).toString(16).padStart(12, '0')
  return `GPU-c4529c8d-69c4-b61d-e0bc-${tail}`
}

function exposition(host: number, scrape: number): string {
  const frozen = host === 1
  const tick = frozen ? 0 : scrape
  const lines: string[] = []
  const nameOfHost = host % 2 === 0 ? 'Hostname' : 'hostname'
  for (let gpu = 0; gpu < GPUS; gpu++) {
    const workload = gpu < 4 ? `,container="main",namespace="serving",pod="vllm-${host}-${gpu}"` : ''
    const labels = `gpu="${gpu}",UUID="${uuidOf(host, gpu)}",pci_bus_id="00000000:5${gpu}:00.0",device="nvidia${gpu}",modelName="NVIDIA H100 80GB HBM3",${nameOfHost}="gpu-node-${host}",DCGM_FI_DRIVER_VERSION="580.105.08"${workload}`
    lines.push(`DCGM_FI_DEV_GPU_TEMP{${labels}} ${40 + gpu}`)
    lines.push(`DCGM_FI_DEV_POWER_USAGE{${labels}} ${(300 + gpu + tick * 1.5).toFixed(3)}`)
    lines.push(`DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${labels}} ${1_000_000 + tick * 1000}`)
    if (gpu > 0) lines.push(`DCGM_FI_PROF_SM_ACTIVE{${labels}} ${gpu === 1 ? '0.000000' : '0.513000'}`)
    lines.push(`DCGM_FI_DEV_XID_ERRORS{${labels}} ${gpu === 3 ? 79 : 0}`)
    if (gpu === 3) {
      lines.push(`DCGM_EXP_XID_ERRORS_COUNT{${labels},xid="79",window_size_in_ms="300000"} 2`)
    }
  }
  return `${lines.join('\n')}\n`
}

async function startExporter(host: number): Promise<Exporter> {
  let scrape = 0
  const server = createServer((_request, response) => {
    scrape++
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(exposition(host, scrape))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, target: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const prometheus = requirement('prometheus')
const victoria = requirement('victoriaMetrics')
const agent = createAgent({ connections: 4 })
const exporters: Exporter[] = []

beforeAll(async () => {
  for (let host = 0; host < HOSTS; host++) exporters.push(await startExporter(host))
})
afterAll(async () => {
  await agent.close()
  for (const { server } of exporters) {
    server.close()
    server.closeAllConnections()
  }
})

const targets = () => exporters.map(({ target }) => target)
const clientAt = (url: string) =>
  createPrometheusClient({ url, agent, clock: systemClock, timeoutMs: 10_000 })
const all = `count(DCGM_FI_DEV_GPU_TEMP) == ${HOSTS * GPUS}`

function byKey(vector: Vector, cut: 'whole' | 'tail' | 'head' = 'whole'): Map<string, number> {
  return new Map(
    vector.series.map(({ labels }, i) => [seriesKey(labels, cut), vector.values.at(i) ?? Number.NaN]),
  )
}

/** The same questions of every back end that is here. */
async function answersTheFloor(client: PrometheusClient): Promise<void> {
  const identity = (await client.query(identityQuery(''))).value
  expect(identity.series).toHaveLength(HOSTS * GPUS)
  const cut = chooseCut(identity.series.map(({ labels }) => labels.get('UUID') ?? ''))
  expect(cut).toBe('tail')

  const power = (await client.query(fastQuery(field('power').series, '', cut))).value
  const known = new Set(identity.series.map(({ labels }) => seriesKey(labels, cut)))
  expect(power.series).toHaveLength(HOSTS * GPUS)
  expect(power.series.filter(({ labels }) => !known.has(seriesKey(labels, 'whole')))).toEqual([])

  // Absent is not zero: GPU 0 has no SM figure, GPU 1 has one of nought.
  const activity = byKey((await client.query(fastQuery(field('smActive').series, ''))).value)
  expect(activity.get(uuidOf(0, 0))).toBeUndefined()
  expect(activity.get(uuidOf(0, 1))).toBe(0)
  expect(activity.get(uuidOf(0, 2))).toBe(0.513)

  const xids = (await client.query(xidCountQuery('', cut))).value
  expect(xids.series).toHaveLength(HOSTS)
  expect(xids.series[0]?.labels.get('xid')).toBe('79')

  const ages = (await client.query(sampleAgeQuery(''))).value
  expect(new Set(ages.series.map(({ labels }) => labels.get('instance')))).toEqual(new Set(targets()))
  for (const seconds of ages.values) expect(Math.abs(Date.now() - seconds * 1000)).toBeLessThan(60_000)

  const up = (await client.query(exporterQuery(''))).value
  expect(up.series).toHaveLength(HOSTS)
  expect((await client.query(floorSizeQuery(''))).value.values[0]).toBe(HOSTS * GPUS)
}

describe('a real Prometheus', () => {
  let server: RunningServer
  let client: PrometheusClient

  beforeAll(async () => {
    if (!prometheus.present) return
    server = await startPrometheus({ targets: targets(), scrapeInterval: '1s', routePrefix: '/prometheus' })
    client = clientAt(server.url)
    await server.until(all, 1)
  }, 60_000)
  afterAll(async () => {
    if (prometheus.present) await server.stop()
  })

  it('answers every question about the floor', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    await answersTheFloor(client)
    expect((await client.buildInfo()).value).toMatchObject({ flavour: 'prometheus' })
    expect((await client.targets()).value).toHaveLength(HOSTS)
    expect(client.health().state).toBe('ok')
  })

  it('keeps series identity from refresh to refresh', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    const reader = createVectorReader()
    const promql = fastQuery(field('power').series, '', 'tail')
    const first = (await client.query(promql, { reader })).value
    const second = (await client.query(promql, { reader })).value
    expect(second.series).toBe(first.series)
  })

  it('asks for at most a fifth of the bytes of the full-label queries', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    let naive = 0
    let narrow = 0
    for (const id of FAST) {
      const atMs = Math.floor(Date.now() / 1000) * 1000
      for (const name of field(id).series) naive += (await client.query(name, { atMs })).bytes
      narrow += (await client.query(fastQuery(field(id).series, '', 'tail'), { atMs })).bytes
    }
    expect(narrow / naive).toBeLessThanOrEqual(0.2)
  })

  it('restores workloads that Prometheus renamed', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    const identity = (await client.query(identityQuery(''))).value
    const labels = identity.series
      .map((series) => normaliseLabels(series.labels))
      .find((normal) => normal.get('UUID') === uuidOf(3, 2))
    expect(Object.fromEntries(labels ?? [])).toMatchObject({
      Hostname: 'gpu-node-3',
      gpu: '2',
      pod: 'vllm-3-2',
      namespace: 'serving',
      container: 'main',
    })
  })

  it('finds the exporter that answers but stands still', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    await server.until(`count_over_time(DCGM_FI_DEV_POWER_USAGE[6s]) >= 5`, HOSTS * GPUS)
    const frozen = (await client.query(frozenQuery('', 6000))).value
    expect(frozen.series.map(({ labels }) => labels.get('instance'))).toEqual([exporters[1]?.target])
  })

  it('brings history on the grid that was asked for', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    const window = historyWindow(Date.now() - 120_000, Date.now(), 100, 1000)
    const promql = historyQuery(field('power'), [uuidOf(0, 0), uuidOf(0, 1)], '', window.stepMs, 1000)
    const { value } = await client.queryRange(promql, window)
    expect(new Set(value.map(({ labels }) => labels.get('UUID')))).toEqual(
      new Set([uuidOf(0, 0), uuidOf(0, 1)]),
    )
    const [series] = value
    const grid = series === undefined ? [] : [...onGrid(series, window)]
    expect(grid.some((watts) => watts >= 300)).toBe(true)
    // It started scraping seconds ago: what lies before is a gap, not a flat line.
    expect(grid[0]).toBeNaN()
  })

  it('refuses a broken query in words', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    const error = await client.query('max by (', { aside: true }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(SourceFailure)
    expect((error as SourceFailure).failure).toMatchObject({ code: 'query' })
  })

  it('says so when two boards meet under one short identity', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    const merged = 'label_replace(max by (UUID) (DCGM_FI_DEV_GPU_TEMP),"UUID","$1","UUID","(GPU)-.*")'
    const error = await client.query(merged).catch((reason: unknown) => reason)
    expect((error as SourceFailure).failure).toMatchObject({ code: 'duplicate-series' })
  })

  it('is reported as refused once it is gone', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    expect(client.health()).toMatchObject({ state: 'ok', consecutiveFailures: 0 })
    await server.kill()
    const error = await client.query('up').catch((reason: unknown) => reason)
    expect((error as SourceFailure).failure.code).toMatch(/^(refused|reset)$/)
    expect(client.health()).toMatchObject({ state: 'failing', consecutiveFailures: 1 })
  })
})

describe('a real VictoriaMetrics', () => {
  it('answers the same questions', async ({ skip }) => {
    skip(!victoria.present, victoria.reason)
    const server = await startVictoriaMetrics({ targets: targets(), scrapeInterval: '1s' })
    try {
      const client = clientAt(server.url)
      await server.until(all, 1, 60_000)
      await answersTheFloor(client)
      expect((await client.buildInfo()).value).toMatchObject({ flavour: 'victoriametrics' })
    } finally {
      await server.stop()
    }
  }, 90_000)
})

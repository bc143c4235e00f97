import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, inProcessWire, OWN_WINDOW } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { FIGURE } from '../../shared/model/figure.ts'
import { startFakeExporter } from '../support/fakeExporter.ts'
import { Screen } from '../support/screen.ts'
import { type Liar, startLiar } from './liars.ts'

/**
 * Sources that lie within their byte limits, against the real engine over loopback. What each says follows from the seed
 * alone. A few hundred answers by default; FLOORWATCH_FUZZ_SECONDS makes it longer, FLOORWATCH_FUZZ_SEED another one.
 */
const SECONDS = Number(process.env['FLOORWATCH_FUZZ_SECONDS'] ?? 8)
const SEED = Number(process.env['FLOORWATCH_FUZZ_SEED'] ?? 1)
const LONG = SECONDS > 60

const OLDEST_MS = 8_000
/** The machine may be busy with other tests; the long run has it for itself. */
const LATEST_MS = LONG ? 1_000 : 10_000
const MOST_HEAP_BYTES = 200e6

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function engineOf(config: string) {
  const defects: string[] = []
  const engine = createEngine({
    config: readConfig(`version: 1\nsite: { name: Fuzz, timezone: UTC }\n${config}`, 'floorwatch.yaml'),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')) },
    clock: systemClock,
    logger: createLogger({ level: 'error', destination: { write: (line) => defects.push(line) } }),
    version: '0.0.0-test',
    paths: { newConfig: 'unused.yaml' },
    checkItems: true,
  })
  cleanups.push(() => engine.close())
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console', OWN_WINDOW)
  return { engine, screen: new Screen(screenEnd), defects }
}

async function liars(...kinds: readonly Liar['kind'][]): Promise<Liar[]> {
  const all = await Promise.all(kinds.map((kind, i) => startLiar(kind, SEED * 1000 + i)))
  for (const liar of all) cleanups.push(() => liar.close())
  return all
}

/** A finding that no place on the floor deserves, because no source has named it twice. */
const isOfInvention = ({ severity, where }: Pick<Finding, 'severity' | 'where'>): boolean =>
  severity === 'critical' && where.includes('made-up')

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

it(`exporters, servers and a metering that lie disturb no neighbour (seed ${SEED})`, {
  timeout: (SECONDS + 60) * 1000,
}, async () => {
  const good = await Promise.all(['h-1', 'h-2'].map((host) => startFakeExporter({ host, gpus: 8 })))
  for (const exporter of good) cleanups.push(() => exporter.close())
  const bad = await liars('exporter', 'exporter', 'exporter', 'inference', 'inference', 'metering')
  const ports = (kind: Liar['kind']) =>
    bad.filter((liar) => liar.kind === kind).map(({ port }) => `"127.0.0.1:${port}"`)
  const { screen, defects } =
    await engineOf(`exporters: { static: [${[...good.map(({ port }) => `"127.0.0.1:${port}"`), ...ports('exporter')].join()}], interval: 150ms, timeout: 1s }
inference: { static: [${ports('inference').join()}], interval: 150ms, timeout: 1s }
metering: { kind: api, url: "http://${ports('metering').join().replaceAll('"', '')}", refresh: 1s }
freshness: { staleAfter: 9s, freezeAfter: 10m }
`)
  const topologies = screen.watch('fleet.topology', {})
  const frames = screen.watch('fleet.frame', { fields: ['power', 'gpuTemp'] })
  const findings = screen.watch('fleet.findings', {})
  const sources = screen.watch('sources.health', {})
  screen.watch('tokens.overview', { filters: {}, limit: 200 })
  await frames.until('a floor', ({ rows }) => rows >= 16, 20_000)
  const heapBefore = heapAfterCollection()
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()

  const wrong: string[] = []
  let oldest = 0
  const end = performance.now() + SECONDS * 1000
  await frames.until(
    'the end',
    (frame) => {
      const topology = topologies.latest()
      if (topology?.version === frame.topologyVersion) {
        topology.gpus.host.forEach((host, row) => {
          if (!/^h-[12]$/.test(topology.hosts[host]?.name ?? '')) return
          oldest = Math.max(oldest, frame.ageMs[row] ?? Number.POSITIVE_INFINITY)
          if (frame.state[row] !== FIGURE.ok) wrong.push(`a healthy row is in state ${frame.state[row]}`)
        })
      }
      for (const finding of findings.latest()?.findings ?? []) {
        if (isOfInvention(finding)) wrong.push(`${finding.where}: ${finding.what}`)
        if (/^h-[12]\b/.test(finding.where)) wrong.push(`a neighbour has "${finding.what}"`)
      }
      for (const { error, name } of sources.latest()?.sources ?? [])
        if (error?.code === 'internal') wrong.push(`${name}: ${error.text}`)
      return performance.now() > end
    },
    (SECONDS + 30) * 1000,
  )

  expect(wrong.slice(0, 5)).toEqual([])
  expect(defects.slice(0, 3)).toEqual([])
  expect(oldest).toBeLessThan(OLDEST_MS)
  expect(delay.max / 1e6).toBeLessThan(LATEST_MS)
  expect(heapAfterCollection() - heapBefore).toBeLessThan(MOST_HEAP_BYTES)
  expect(bad.map((liar) => liar.answers()).every((answers) => answers >= 3)).toBe(true)
  expect(frames.failure() ?? findings.failure() ?? sources.failure()).toBeNull()
})

it(`a Prometheus that lies breaks nothing (seed ${SEED})`, { timeout: (SECONDS + 60) * 1000 }, async () => {
  const [liar] = await liars('prometheus')
  const exporter = await startFakeExporter({ host: 'h-1', gpus: 8 })
  cleanups.push(() => exporter.close())
  const { screen, defects } =
    await engineOf(`prometheus: { url: "http://127.0.0.1:${liar?.port}", refresh: 200ms, identityEvery: 1s }
exporters: { static: ["127.0.0.1:${exporter.port}"], interval: 200ms }
`)
  const frames = screen.watch('fleet.frame', { fields: ['power', 'gpuTemp'] })
  const findings = screen.watch('fleet.findings', {})
  const sources = screen.watch('sources.health', {})
  const wrong: string[] = []
  let latest = performance.now()
  let silence = 0
  const end = latest + SECONDS * 1000
  await frames.until(
    'the end',
    () => {
      silence = Math.max(silence, performance.now() - latest)
      latest = performance.now()
      for (const finding of findings.latest()?.findings ?? [])
        if (isOfInvention(finding)) wrong.push(`${finding.where}: ${finding.what}`)
      for (const { error, name } of sources.latest()?.sources ?? [])
        if (error?.code === 'internal') wrong.push(`${name}: ${error.text}`)
      return performance.now() > end
    },
    (SECONDS + 30) * 1000,
  )
  expect(wrong.slice(0, 5)).toEqual([])
  expect(defects.slice(0, 3)).toEqual([])
  expect(silence).toBeLessThan(LATEST_MS)
  expect(liar?.answers()).toBeGreaterThan(20)
  expect(frames.failure() ?? findings.failure() ?? sources.failure()).toBeNull()
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FleetFrame } from '../../shared/model/frame.ts'
import { type RunningConsole, startConsole } from '../e2e/support/floorwatch.ts'
import { type FakeExporter, startFakeExporter } from '../support/fakeExporter.ts'
import type { ProbeSample } from '../support/hostile/probe.ts'
import { forkHostile, type HostileProcess } from '../support/hostile/process.ts'
import { type Shape, SHAPES } from '../support/hostile/shapes.ts'
import { Screen } from '../support/screen.ts'
import { webSocketWire } from '../support/webSocketWire.ts'
import { type BenchResult, type BenchRow, formatResult } from './result.ts'

const QUIET_MS = 12_000
const HOSTILE_MS = 30_000
const SETTLE_MS = 4_000
/** A machine that is busy with more than the bench starts consoles late, and loses no shape by that. */
const READY_MS = 90_000
const HOSTS = 8
const AIM_LATE_MS = 250
const AIM_AGE_MS = 8_000
const AIM_MEMORY = 2

const PROBE = join(import.meta.dirname, '../support/hostile/probe.ts')

/** What the console was like over some seconds. */
interface Weather {
  readonly lateMs: number
  readonly busyMs: number
  readonly residentBytes: number
  readonly ageMs: number
}

interface Measured {
  readonly shape: Shape
  readonly quiet: Weather
  readonly hostile: Weather
  readonly answers: number
}

/** One hostile source beside a healthy floor of 64 GPUs, in every shape, each beside its own quiet time. */
export async function benchHostile(ids: readonly string[] = []): Promise<BenchResult> {
  const measured: Measured[] = []
  for (const shape of SHAPES.filter(({ id }) => ids.length === 0 || ids.includes(id)))
    measured.push(await measure(shape))
  return {
    title: 'Hostile sources: one source within its byte limit, beside 64 healthy GPUs every 5 s',
    rows: measured.flatMap(rowsOf),
    notes: [
      `Each in a console of its own: ${QUIET_MS / 1000} s quiet, then ${HOSTILE_MS / 1000} s hostile. Late: the longest turn of the event loop; own CPU: what it computed in its longest turn, on whatever else the machine was busy with. Memory: the largest resident set of both times, hostile ÷ quiet.`,
      'Age: the oldest figure of a healthy GPU that a screen was shown. The hostile source is a process of its own; it, the healthy exporters with the screen, and the console share the cores of the machine.',
    ],
  }
}

function rowsOf({ shape, quiet, hostile, answers }: Measured): BenchRow[] {
  const ratio = hostile.residentBytes / quiet.residentBytes
  return [
    {
      name: `${shape.title}: event loop late (quiet ${quiet.lateMs.toFixed(0)} ms; its own CPU ${quiet.busyMs.toFixed(0)}, now ${hostile.busyMs.toFixed(0)} ms)`,
      value: `${hostile.lateMs.toFixed(0)} ms`,
      aim: `< ${AIM_LATE_MS} ms`,
      reached: hostile.lateMs < AIM_LATE_MS,
      why: 'where its own CPU is far below, others on the machine took the rest; else a turn that computes with all that an answer brought',
    },
    {
      name: `age of healthy figures (quiet ${(quiet.ageMs / 1000).toFixed(1)} s; ${answers} hostile answers)`,
      value: `${(hostile.ageMs / 1000).toFixed(1)} s`,
      aim: `< ${AIM_AGE_MS / 1000} s`,
      reached: hostile.ageMs < AIM_AGE_MS,
      why: 'the exporters, the hostile source and the console share the cores; behind a hostile Prometheus the healthy figures come from itself, late',
    },
    {
      name: `memory (quiet ${(quiet.residentBytes / 1e6).toFixed(0)} MB)`,
      value: `${ratio.toFixed(2)}×`,
      aim: `< ${AIM_MEMORY}×`,
      reached: ratio < AIM_MEMORY,
      why: 'the answer, what is made of it and what the collector has not freed yet stand beside one another',
    },
  ]
}

async function measure(shape: Shape): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-hostile-'))
  const samples = join(folder, 'samples.jsonl')
  const healthy: FakeExporter[] = []
  const source = await forkHostile(shape)
  let console_: RunningConsole | null = null
  try {
    if (shape.kind !== 'prometheus') {
      for (let host = 0; host < HOSTS; host++)
        healthy.push(await startFakeExporter({ host: `h-${host}`, gpus: 8 }))
    }
    const config = join(folder, 'floorwatch.yaml')
    writeFileSync(config, configOf(shape, source, healthy))
    process.env['FLOORWATCH_PROBE'] = samples
    process.env['NODE_OPTIONS'] = `--import=${PROBE}`
    console_ = await startConsole(['--config', config], { readyMs: READY_MS })
    const screen = new Screen(await webSocketWire(console_.attachUrl))
    const watching = watchAges(screen)
    await watching.ready
    await pause(SETTLE_MS)
    const quiet = await over(QUIET_MS, samples, watching)
    const before = await source.answers()
    source.beHostile()
    const hostile = await over(HOSTILE_MS, samples, watching)
    screen.close()
    return { shape, quiet, hostile, answers: (await source.answers()) - before }
  } finally {
    await console_?.stop()
    await source.close()
    for (const exporter of healthy) await exporter.close()
    rmSync(folder, { recursive: true, force: true })
    delete process.env['NODE_OPTIONS']
  }
}

function configOf({ kind }: Shape, { port }: HostileProcess, healthy: readonly FakeExporter[]): string {
  const targets = healthy.map((each) => `"127.0.0.1:${each.port}"`)
  if (kind === 'exporter') targets.push(`"127.0.0.1:${port}"`)
  const exporters = targets.length === 0 ? '' : `exporters: { static: [${targets.join(', ')}] }\n`
  const more: Readonly<Record<Shape['kind'], string>> = {
    exporter: '',
    inference: `inference: { static: ["127.0.0.1:${port}"] }\n`,
    metering: `metering: { kind: api, url: "http://127.0.0.1:${port}" }\n`,
    prometheus: `prometheus: { url: "http://127.0.0.1:${port}" }\n`,
  }
  return `version: 1\nsite: { name: Hostile, timezone: UTC }\n${exporters}${more[kind]}`
}

interface AgeWatch {
  readonly ready: Promise<unknown>
  /** The oldest figure of a healthy GPU since the last call, ms; a screen that hears nothing makes it older. */
  take(): number
}

function watchAges(screen: Screen): AgeWatch {
  const topologies = screen.watch('fleet.topology', {})
  const frames = screen.watch('fleet.frame', { fields: ['power'] })
  let oldest = 0
  let heardAt = performance.now()
  const look = (frame: FleetFrame): boolean => {
    const topology = topologies.latest()
    oldest = Math.max(oldest, performance.now() - heardAt)
    heardAt = performance.now()
    if (topology === null || topology.version !== frame.topologyVersion) return false
    let healthy = 0
    topology.gpus.host.forEach((host, row) => {
      if (!topology.hosts[host]?.name.startsWith('h-')) return
      healthy += 1
      oldest = Math.max(oldest, frame.ageMs[row] ?? 0)
    })
    return healthy === HOSTS * 8
  }
  async function readiness(): Promise<void> {
    await frames.until('all healthy GPUs', look, 40_000)
    // Goes on looking at every frame; nothing ever matches.
    const never = (frame: FleetFrame): boolean => {
      look(frame)
      return false
    }
    frames.until('the end', never, 3_600_000).catch(() => undefined)
  }
  const ready = readiness()
  return {
    ready,
    take() {
      const taken = Math.max(oldest, performance.now() - heardAt)
      oldest = 0
      return taken
    },
  }
}

async function over(ms: number, file: string, ages: AgeWatch): Promise<Weather> {
  const from = Date.now()
  ages.take()
  await pause(ms)
  const samples = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ProbeSample)
    .filter(({ at }) => at >= from)
  const most = (of: (sample: ProbeSample) => number) => Math.max(...samples.map(of))
  // A loop that stands still says nothing: then the silence itself is the delay.
  const silence = Date.now() - Math.max(from, ...samples.map(({ at }) => at)) - 1000
  return {
    lateMs: Math.max(
      most(({ lateMs }) => lateMs),
      silence,
    ),
    busyMs: most(({ busyMs }) => busyMs),
    residentBytes: most(({ residentBytes }) => residentBytes),
    ageMs: ages.take(),
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(formatResult(await benchHostile(process.argv.slice(2))))
  process.exit(0)
}

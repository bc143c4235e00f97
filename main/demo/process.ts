import { rm } from 'node:fs/promises'
import { startControl } from './control/control.ts'
import { writeFiles } from './control/files.ts'
import { createExposition } from './exporter/exposition.ts'
import { startExporters, type Exporters } from './exporter/exporters.ts'
import { atLocalTime } from './factory/calendar.ts'
import { createFactory, type Factory } from './factory/factory.ts'
import { createFaults, type Faults } from './faults/faults.ts'
import { createMeteringFaults, type MeteringFaults } from './faults/metering.ts'
import { parseFaultSwitches } from './faults/settings.ts'
import { defaultSettings } from './faults/targets.ts'
import { startFaces } from './inference/faces.ts'
import { createLedger } from './ledger/ledger.ts'
import type { Ledger } from './ledger/types.ts'
import { type Metering, startMetering } from './metering/server/start.ts'
import type { DemoOptions } from './options.ts'

/** A running demo factory with all its faces. */
export interface Demo {
  /** floorwatch.yaml that describes it. */
  readonly configPath: string
  /** Address of the control server. */
  readonly control: string
  /** Address of the Metering API, without the /v1; its token lies beside the configuration. */
  readonly metering: string
  /** Number of exporters. */
  readonly targets: number
  /** Closes every port and removes the temporary folder. */
  close(): Promise<void>
}

/** Larger steps of simulated time are cut into these, so that bursts and heat are not stepped over. Seconds. */
const MAX_STEP = 60
/** After a pause of the machine the factory catches up with so many collections and forgets the rest. */
const MAX_CATCH_UP = 5

/**
 * Starts the factory, its exporters, its inference servers, its metering and the control server on loopback and writes
 * the files.
 * @throws FaultError for unknown fault switches, Error where a port or the folder cannot be had
 */
export async function startDemo(options: DemoOptions, nowMs: number): Promise<Demo> {
  const { start, timezone } = options
  const factory = createFactory({
    seed: options.seed,
    hosts: options.hosts,
    gpusPerHost: options.gpus,
    migHosts: options.mig,
    startMs: start === null ? nowMs : atLocalTime(nowMs, timezone, start.hour, start.minute),
    timezone,
  })
  const defaults = defaultSettings(factory)
  const faults = createFaults(factory, parseFaultSwitches(options.faults, defaults, factory))
  const exposition = createExposition(factory, faults, { counters: options.counters })
  const books = createLedger(factory, options.seed)
  const meteringFaults = createMeteringFaults(factory, faults, books)
  const hosts = factory.site.hosts.length
  const closers: (() => unknown)[] = []
  const close = async () => {
    await Promise.all(closers.map((closer) => closer()))
  }
  try {
    const exporters = await startExporters({ hosts, exposition, faults, gzip: options.gzip })
    closers.push(() => exporters.close())
    const faces = await startFaces(factory, books.served)
    closers.push(() => faces.close())
    const { checkAnswers } = options
    const metering = await startMetering({ factory, books, faults: meteringFaults, checkAnswers })
    closers.push(() => metering.close())
    const { addresses } = exporters
    const listening = { exporters: addresses, inference: faces.targets, metering }
    const files = await writeFiles(factory, listening, options.dir, options.prometheus)
    if (files.temporary) closers.push(() => rm(files.folder, { recursive: true, force: true }))
    const control = await startControl({
      factory,
      faults,
      defaults,
      addresses,
      inference: faces.targets,
      metering: { url: metering.url, tokenPath: files.tokenPath },
      async onFaults() {
        meteringFaults.tick()
        metering.sync()
        await exporters.sync()
      },
    })
    closers.push(() => control.close())
    const seconds = (options.collectMs / 1000) * options.speed
    const tick = createTick({ factory, books, faults, meteringFaults, metering, exporters, seconds })
    closers.push(runClock(options.collectMs, tick))
    return {
      configPath: files.configPath,
      control: control.url,
      metering: metering.url,
      targets: hosts,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface Moving {
  readonly factory: Factory
  readonly books: Ledger
  readonly faults: Faults
  readonly meteringFaults: MeteringFaults
  readonly metering: Metering
  readonly exporters: Exporters
  /** Of simulated time per collection. */
  readonly seconds: number
}

/** One collection: simulated time moves on, and where a fault begins or ends by itself, ports follow. */
function createTick(moving: Moving): () => void {
  const { factory, faults, exporters } = moving
  const hosts = factory.site.hosts.length
  const answers = () => Array.from({ length: hosts }, (_, host) => faults.answer(host)).join()
  let before = answers()
  return () => {
    advance(moving)
    faults.tick()
    const current = answers()
    if (current === before) return
    before = current
    exporters.sync().catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    })
  }
}

/** The books follow every step of the factory, so that a throttle ends when it should and not at the next collection. */
function advance({ factory, books, meteringFaults, metering, seconds }: Moving): void {
  const steps = Math.ceil(seconds / MAX_STEP)
  for (let i = 0; i < steps; i++) {
    const from = factory.now()
    factory.step(seconds / steps)
    books.advance(from, factory.now())
    meteringFaults.tick()
    metering.tick()
  }
}

/** Calls `collect` every `periodMs` of real time, without drift. */
function runClock(periodMs: number, collect: () => void): () => void {
  const begin = performance.now()
  let done = 0
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - begin) / periodMs)
    done = Math.max(done, due - MAX_CATCH_UP)
    for (; done < due; done++) collect()
  }, periodMs)
  return () => clearInterval(timer)
}

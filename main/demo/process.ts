import { rm } from 'node:fs/promises'
import { startControl } from './control/control.ts'
import { writeFiles } from './control/files.ts'
import { createExposition } from './exporter/exposition.ts'
import { startExporters, type Exporters } from './exporter/exporters.ts'
import { atLocalTime } from './factory/calendar.ts'
import { createFactory, type Factory } from './factory/factory.ts'
import { createFaults, type Faults } from './faults/faults.ts'
import { parseFaultSwitches } from './faults/settings.ts'
import { defaultSettings } from './faults/targets.ts'
import type { DemoOptions } from './options.ts'

/** A running demo factory with all its faces. */
export interface Demo {
  /** floorwatch.yaml that describes it. */
  readonly configPath: string
  /** Address of the control server. */
  readonly control: string
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
 * Starts the factory, its exporters and the control server on loopback and writes the files.
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
  const hosts = factory.site.hosts.length
  const closers: (() => unknown)[] = []
  const close = async () => {
    await Promise.all(closers.map((closer) => closer()))
  }
  try {
    const exporters = await startExporters({ hosts, exposition, faults, gzip: options.gzip })
    closers.push(() => exporters.close())
    const { addresses } = exporters
    const control = await startControl({
      factory,
      faults,
      defaults,
      addresses,
      onFaults: () => exporters.sync(),
    })
    closers.push(() => control.close())
    const files = await writeFiles(factory, addresses, options.dir, options.prometheus)
    if (files.temporary) closers.push(() => rm(files.folder, { recursive: true, force: true }))
    const tick = createTick(factory, faults, exporters, (options.collectMs / 1000) * options.speed)
    closers.push(runClock(options.collectMs, tick))
    return { configPath: files.configPath, control: control.url, targets: hosts, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** One collection: simulated time moves on, and where a fault begins or ends by itself, ports follow. */
function createTick(factory: Factory, faults: Faults, exporters: Exporters, seconds: number): () => void {
  const hosts = factory.site.hosts.length
  const answers = () => Array.from({ length: hosts }, (_, host) => faults.answer(host)).join()
  let before = answers()
  return () => {
    advance(factory, seconds)
    faults.tick()
    const current = answers()
    if (current === before) return
    before = current
    exporters.sync().catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    })
  }
}

function advance(factory: Factory, seconds: number): void {
  const steps = Math.ceil(seconds / MAX_STEP)
  for (let i = 0; i < steps; i++) factory.step(seconds / steps)
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

import type { Exposition } from '../exporter/exposition.ts'
import { createExposition } from '../exporter/exposition.ts'
import { createFactory, type Factory, type FactoryOptions } from '../factory/factory.ts'
import type { FaultSettings } from '../faults/catalogue.ts'
import { createFaults, type Faults } from '../faults/faults.ts'
import { parseFaultSwitches } from '../faults/settings.ts'
import { defaultSettings } from '../faults/targets.ts'

/** A small world for tests, without ports: the factory, its faults and what its exporters print. */
export interface World {
  readonly factory: Factory
  readonly faults: Faults
  readonly defaults: FaultSettings
  readonly exposition: Exposition
  print(host: number): string
  hostIndex(name: string): number
  run(seconds: number): void
}

/** A Monday afternoon in Berlin. */
export const MONDAY = Date.UTC(2026, 10, 23, 13, 30)

export function createWorld(options: Partial<FactoryOptions> & { faults?: string } = {}): World {
  const { faults: switches = 'none', ...rest } = options
  const factory = createFactory({
    seed: 7,
    hosts: 48,
    gpusPerHost: 8,
    migHosts: null,
    startMs: MONDAY,
    timezone: 'Europe/Berlin',
    ...rest,
  })
  const defaults = defaultSettings(factory)
  const faults = createFaults(factory, parseFaultSwitches(switches, defaults, factory))
  const exposition = createExposition(factory, faults, { counters: 'extended' })
  return {
    factory,
    faults,
    defaults,
    exposition,
    print(host) {
      const buffer = Buffer.alloc(exposition.size(host))
      return buffer.toString('latin1', 0, exposition.render(host, buffer))
    },
    hostIndex: (name) => factory.site.hosts.findIndex((host) => host.name === name),
    run(seconds) {
      for (let i = 0; i < seconds; i++) factory.step(1)
      faults.tick()
    },
  }
}

export interface Series {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  /** As printed. */
  readonly value: string
}

/** Reads samples of an exposition, as strictly as the exporter writes them; comments are left out. */
export function readSeries(text: string): Series[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, inner, value] = /^([A-Z0-9a-z_]+)\{(.*)\} (\S+)$/.exec(line) ?? []
      if (name === undefined || inner === undefined || value === undefined) {
        throw new Error(`not a sample: ${line}`)
      }
      const labels = [...inner.matchAll(/\s*([A-Za-z_]+)="([^"]*)"/g)].map(
        (match) => [match[1] ?? '', match[2] ?? ''] as const,
      )
      return { name, labels: new Map(labels), value }
    })
}

/** The printed value of one series of one GPU, or undefined where it is not there. */
export function valueOf(text: string, name: string, gpu: number): string | undefined {
  return readSeries(text).find((series) => series.name === name && series.labels.get('gpu') === String(gpu))
    ?.value
}

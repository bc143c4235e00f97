import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Inventory } from '../../../shared/model/inventory.ts'
import { ownFolder, putFile } from '../../platform/ownFolder.ts'
import type { Factory } from '../factory/factory.ts'
import type { Host, Rack } from '../factory/site.ts'
import { modelNames } from '../inference/engines.ts'
import { CURRENCY, GPU_HOUR_COSTS } from '../ledger/prices.ts'
import { objectivesOf } from './objectives.ts'

export const SITE_NAME = 'Demo factory'
const INTERVAL = '5s'

/** One group of Prometheus's file_sd and HTTP SD formats. */
export interface TargetGroup {
  readonly targets: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

export function targetGroups(addresses: readonly string[]): TargetGroup[] {
  return [{ targets: addresses, labels: { job: 'dcgm' } }]
}

/** What stands on the floor, host by host. */
export function inventoryOf({ site }: Factory): Inventory {
  return {
    floors: site.floors.map((name, floor) => ({
      name,
      racks: racksOn(site.racks, floor).map((rack) => ({
        name: rack.name,
        hosts: hostsIn(site.hosts, rack).map((host) => ({
          name: host.name,
          gpus: host.gpus,
          type: rack.board.name,
        })),
      })),
    })),
  }
}

/** Everything that listens, for the files that lead there. */
export interface Listening {
  /** `127.0.0.1:port` of each exporter. */
  readonly exporters: readonly string[]
  readonly inference: readonly TargetGroup[]
  readonly metering: { readonly url: string; readonly token: string }
}

const TOKEN_FILE = 'metering-token'
const INFERENCE_FILE = 'inference-targets.json'

/** The contents of floorwatch.yaml, in the terms of main/config/schema.ts. */
export function consoleConfig(factory: Factory, meteringUrl: string, prometheusUrl: string | null) {
  const { site, placement, options } = factory
  const types = new Set<string>(site.racks.map((rack) => rack.board.name))
  return {
    version: 1,
    demo: true,
    site: { name: SITE_NAME, timezone: options.timezone },
    ...(prometheusUrl === null ? {} : { prometheus: { url: prometheusUrl, refresh: INTERVAL } }),
    exporters: { files: ['targets.json'], interval: INTERVAL },
    metering: { url: meteringUrl, bearer: { file: TOKEN_FILE } },
    inference: {
      files: [INFERENCE_FILE],
      interval: INTERVAL,
      models: modelNames(placement.deployments.map(({ spec }) => spec)),
    },
    objectives: objectivesOf(placement.deployments.map(({ spec }) => spec)),
    economics: {
      currency: CURRENCY,
      costPerGpuHour: Object.fromEntries(Object.entries(GPU_HOUR_COSTS).filter(([type]) => types.has(type))),
    },
    inventory: {
      floors: site.floors.map((name, floor) => ({
        name,
        racks: racksOn(site.racks, floor).map((rack) => ({
          name: rack.name,
          hosts: [hostRange(hostsIn(site.hosts, rack))],
          gpus: options.gpusPerHost,
          type: rack.board.name,
        })),
      })),
    },
  }
}

/** What a real Prometheus needs to scrape the demo. */
export function prometheusConfig() {
  return {
    global: { scrape_interval: INTERVAL, scrape_timeout: '4s' },
    scrape_configs: [
      { job_name: 'dcgm', file_sd_configs: [{ files: ['targets.json'] }] },
      { job_name: 'inference', file_sd_configs: [{ files: [INFERENCE_FILE] }] },
    ],
  }
}

export interface WrittenFiles {
  readonly folder: string
  readonly configPath: string
  readonly tokenPath: string
  /** The folder was made here and may be removed at the end. */
  readonly temporary: boolean
}

/** Writes everything that a console and a Prometheus need into a folder of its own, or into `given`. */
export async function writeFiles(
  factory: Factory,
  listening: Listening,
  given: string | null,
  prometheusUrl: string | null,
): Promise<WrittenFiles> {
  const temporary = given === null
  const folder = temporary ? await mkdtemp(join(tmpdir(), 'floorwatch-demo-')) : await ownFolder(given)
  const at = (name: string) => join(folder, name)
  const note = '# Written by the Floorwatch demo factory; the addresses change with every start.\n'
  const config = consoleConfig(factory, listening.metering.url, prometheusUrl)
  await Promise.all([
    putFile(at('floorwatch.yaml'), note + stringify(config)),
    putFile(at('targets.json'), jsonText(targetGroups(listening.exporters))),
    putFile(at(INFERENCE_FILE), jsonText(listening.inference)),
    putFile(at('prometheus.yml'), note + stringify(prometheusConfig())),
    putFile(at(TOKEN_FILE), `${listening.metering.token}\n`, 0o600),
  ])
  return { folder, configPath: at('floorwatch.yaml'), tokenPath: at(TOKEN_FILE), temporary }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function racksOn(racks: readonly Rack[], floor: number): Rack[] {
  return racks.filter((rack) => rack.floor === floor)
}

function hostsIn(hosts: readonly Host[], rack: Rack): readonly Host[] {
  return hosts.slice(rack.firstHost, rack.endHost)
}

/** `h-{0001..0004}`; hosts of a rack are numbered without gaps. */
function hostRange(hosts: readonly Host[]): string {
  const first = hosts[0]?.name ?? ''
  const last = hosts.at(-1)?.name ?? ''
  return hosts.length === 1 ? first : `h-{${first.slice(2)}..${last.slice(2)}}`
}

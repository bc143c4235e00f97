import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Inventory } from '../../../shared/model/inventory.ts'
import type { Factory } from '../factory/factory.ts'
import type { Host, Rack } from '../factory/site.ts'

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

/** The contents of floorwatch.yaml, in the terms of main/config/schema.ts. */
export function consoleConfig(factory: Factory, prometheusUrl: string | null) {
  const { site, options } = factory
  return {
    version: 1,
    demo: true,
    site: { name: SITE_NAME, timezone: options.timezone },
    ...(prometheusUrl === null ? {} : { prometheus: { url: prometheusUrl, refresh: INTERVAL } }),
    exporters: { files: ['targets.json'], interval: INTERVAL },
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
    scrape_configs: [{ job_name: 'dcgm', file_sd_configs: [{ files: ['targets.json'] }] }],
  }
}

/**
 * Writes floorwatch.yaml, targets.json and prometheus.yml into a folder of their own, or into `given`.
 * @returns the folder, and whether it was made here and may be removed at the end
 */
export async function writeFiles(
  factory: Factory,
  addresses: readonly string[],
  given: string | null,
  prometheusUrl: string | null,
): Promise<{ folder: string; configPath: string; temporary: boolean }> {
  const temporary = given === null
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'floorwatch-demo-')))
  if (!temporary) await mkdir(folder, { recursive: true })
  const configPath = join(folder, 'floorwatch.yaml')
  const note = '# Written by the Floorwatch demo factory; the addresses change with every start.\n'
  await Promise.all([
    writeFile(configPath, note + stringify(consoleConfig(factory, prometheusUrl))),
    writeFile(join(folder, 'targets.json'), `${JSON.stringify(targetGroups(addresses), null, 2)}\n`),
    writeFile(join(folder, 'prometheus.yml'), note + stringify(prometheusConfig())),
  ])
  return { folder, configPath, temporary }
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

import type { Columns } from './columns.ts'
import { IMPAIRMENT } from './impairments.ts'
import type { Placement } from './placement.ts'
import type { Random } from './random.ts'
import type { Site } from './site.ts'

export interface TrafficInput {
  readonly site: Site
  readonly placement: Placement
  readonly columns: Columns
  readonly podLoad: Float64Array
  readonly impairments: Uint8Array
}

/** An idle board still answers the driver and the exporter: about 110 kB/s out, 17 kB/s in. */
const IDLE_TX = 112_600
const IDLE_RX = 17_500

/** One PCIe replay in this many board seconds, one corrected ECC error in this many. */
const REPLAY_SECONDS = 4e6
const CORRECTED_SECONDS = 9e6

/** NVLink and PCIe rates, and the rare counters, for one step. */
export function updateTraffic(input: TrafficInput, seconds: number, random: Random): void {
  const { site, placement, columns, podLoad, impairments } = input
  const blocked = IMPAIRMENT.stopped | IMPAIRMENT.deadlock
  for (let gpu = 0; gpu < site.gpuCount; gpu++) {
    const noise = 1 + 0.08 * random.normal()
    const chance = random.next()
    const podIndex = placement.podOf[gpu] ?? -1
    const pod = placement.pods[podIndex]
    const works = pod !== undefined && ((impairments[gpu] ?? 0) & blocked) === 0
    const character = works ? placement.deployments[pod.deployment]?.spec.character : undefined
    const load = works ? (podLoad[podIndex] ?? 0) : 0
    const bytes = (character?.pcie ?? 0) * load * noise
    columns.pcieRx[gpu] = IDLE_RX * noise + bytes
    columns.pcieTx[gpu] = IDLE_TX * noise + 0.35 * bytes
    const links = pod !== undefined && pod.units.length > 1 ? (character?.nvlink ?? 0) : 0
    columns.nvlink[gpu] =
      links * load * noise * (site.hosts[site.hostOf[gpu] ?? -1]?.board.nvlinkMegabytes ?? 0)
    if (chance < seconds / REPLAY_SECONDS) columns.pcieReplay[gpu] = (columns.pcieReplay[gpu] ?? 0) + 1
    else if (1 - chance < seconds / CORRECTED_SECONDS) {
      columns.eccSingle[gpu] = (columns.eccSingle[gpu] ?? 0) + 1
    }
  }
}

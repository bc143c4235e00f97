import { IMPAIRMENT } from './impairments.ts'
import type { Columns } from './columns.ts'
import type { Placement } from './placement.ts'
import type { Random } from './random.ts'
import type { Site } from './site.ts'

/** Frame buffer that each unit's pod takes, MiB: servers reserve their cache at start and keep it. */
export function planMemory(site: Site, placement: Placement, random: Random): Float64Array {
  const held = new Float64Array(placement.podOf.length)
  placement.pods.forEach((pod) => {
    const own = 1 + 0.01 * random.normal()
    for (const unit of pod.units) {
      const share = placement.deployments[pod.deployment]?.spec.character.memory ?? 0
      const wanted = usable(site, unit) * share * own + 40 * random.normal()
      held[unit] = Math.round(Math.min(usable(site, unit) - 200, wanted))
    }
  })
  return held
}

/** Used, free and reserved of every unit; they add up to what the driver reports as the board's memory. */
export function updateMemory(
  site: Site,
  columns: Columns,
  held: Float64Array,
  impairments: Uint8Array,
): void {
  for (let unit = 0; unit < held.length; unit++) {
    const gpu = unit < site.gpuCount ? unit : (site.instances[unit - site.gpuCount]?.gpu ?? 0)
    const stopped = ((impairments[gpu] ?? 0) & IMPAIRMENT.stopped) !== 0
    const used = stopped ? 0 : (held[unit] ?? 0)
    columns.fbUsed[unit] = used
    columns.fbReserved[unit] = reserved(site, unit)
    columns.fbFree[unit] = usable(site, unit) - used
  }
  site.instances.forEach((instance, i) => {
    const used = columns.fbUsed[site.gpuCount + i] ?? 0
    columns.fbUsed[instance.gpu] = (columns.fbUsed[instance.gpu] ?? 0) + used
    columns.fbFree[instance.gpu] = (columns.fbFree[instance.gpu] ?? 0) - used
  })
}

function usable(site: Site, unit: number): number {
  return total(site, unit) - reserved(site, unit)
}

function total(site: Site, unit: number): number {
  const instance = site.instances[unit - site.gpuCount]
  const gpu = instance?.gpu ?? unit
  const board = site.hosts[site.hostOf[gpu] ?? -1]?.board.memoryMebibytes ?? 0
  return instance === undefined ? board : Math.floor((board * instance.memory) / 8)
}

function reserved(site: Site, unit: number): number {
  const instance = site.instances[unit - site.gpuCount]
  const gpu = instance?.gpu ?? unit
  const board = site.hosts[site.hostOf[gpu] ?? -1]?.board.reservedMebibytes ?? 0
  return instance === undefined ? board : Math.round((board * instance.memory) / 8)
}

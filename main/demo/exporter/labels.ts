import type { Factory } from '../factory/factory.ts'
import { createRandom } from '../factory/random.ts'
import type { Faults } from '../faults/faults.ts'

/** One thing that an exporter reports about: a board, or a MIG instance on it. */
export interface Entity {
  readonly gpu: number
  /** Row in the unit columns. */
  readonly unit: number
  readonly instance: boolean
  /** Ordinal among the instances of its host, 0 for a board. */
  readonly ordinal: number
  /** `{gpu="0",UUID=…,DCGM_FI_DRIVER_VERSION="…"`, the workload's `,container=…`, and `,namespace=…,pod=…,pod_uid=""`. */
  readonly head: string
  readonly container: string
  readonly workload: string
}

/** The boards and instances that the exporter of a host knows now, in its order. */
export function entitiesOf(factory: Factory, faults: Faults, hostIndex: number): Entity[] {
  const { site, placement } = factory
  const host = site.hosts[hostIndex]
  if (host === undefined) throw new RangeError(`there is no host ${hostIndex}`)
  const hostname = `${faults.lowerCaseHostname(hostIndex) ? 'hostname' : 'Hostname'}="${host.name}"`
  const entities: Entity[] = []
  const add = (gpu: number, unit: number, mig: string, ordinal: number) => {
    const pod = placement.pods[placement.podOf[unit] ?? -1]
    const slot = site.slotOf[gpu] ?? 0
    entities.push({
      gpu,
      unit,
      instance: unit !== gpu,
      ordinal,
      head:
        `{gpu="${slot}",UUID="${uuidOf(factory, gpu, faults.generation(hostIndex))}",` +
        `pci_bus_id="00000000:${host.board.buses[slot % host.board.buses.length]}:00.0",device="nvidia${slot}",` +
        `modelName="${host.board.modelName}"${mig},${hostname},DCGM_FI_DRIVER_VERSION="${host.board.driver}"`,
      container: pod === undefined ? '' : `,container="${pod.container}"`,
      workload: pod === undefined ? '' : `,namespace="${pod.namespace}",pod="${pod.name}",pod_uid=""`,
    })
  }

  let ordinal = 0
  for (let gpu = host.firstGpu; gpu < host.firstGpu + host.gpus; gpu++) {
    if (faults.hidden(gpu)) continue
    if (host.mig !== 'instances') add(gpu, gpu, '', 0)
    if (host.mig === 'none') continue
    site.instances.forEach((instance, i) => {
      if (instance.gpu !== gpu) return
      const mig = `,GPU_I_PROFILE="${instance.profile}",GPU_I_ID="${instance.id}"`
      add(gpu, site.gpuCount + i, mig, ordinal++)
    })
  }
  return entities
}

/** The same board has the same UUID in every run of a seed; another generation is another board. */
export function uuidOf(factory: Factory, gpu: number, generation: number): string {
  const random = createRandom(factory.options.seed, `uuid/${gpu}/${generation}`)
  const hex = Array.from({ length: 32 }, () => random.below(16).toString(16)).join('')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return `GPU-${parts.join('-')}`
}

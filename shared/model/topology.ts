import { z } from 'zod'

const index = z.int().min(0)

const typeScaleSchema = z.object({ powerWatts: z.number(), memoryMebibytes: z.number() })
export type TypeScale = z.infer<typeof typeScaleSchema>

/**
 * Site → floor → rack → host → GPU → MIG instance, as columns. Slow and versioned: a version never changes, so a frame
 * that names a version can be drawn with it. A GPU's identity is its slot (host and index); the UUID is an attribute,
 * because boards get replaced and hosts come back renumbered.
 */
export const topologySchema = z.object({
  version: index,
  site: z.string(),
  /** `listed`: compared with a configured inventory. `learnt`: everything ever seen is expected. */
  inventory: z.enum(['listed', 'learnt']),
  floors: z.array(z.object({ name: z.string() })),
  racks: z.array(z.object({ name: z.string(), floor: index })),
  hosts: z.array(
    z.object({
      name: z.string(),
      rack: index,
      /** GPUs expected by the inventory; null where it lists none. */
      expected: z.int().min(0).nullable(),
    }),
  ),
  types: z.array(z.string()),
  /**
   * How far scales of power (W) and memory (MiB) reach for each of `types`: its data sheet's figures, or for a type that
   * is not listed what was seen of it, rounded up; 0 where nothing is known.
   */
  typeScales: z.array(typeScaleSchema),
  workloads: z.array(z.object({ namespace: z.string(), pod: z.string(), container: z.string() })),
  gpus: z.object({
    host: z.array(index),
    /** The `gpu` label: the index on its host. */
    slot: z.array(index),
    /** Index into `types`. */
    type: z.array(index),
    /** Last known UUID, '' where none was ever seen or listed. */
    uuid: z.array(z.string()),
    /** Index into `workloads`, -1 for none. */
    workload: z.array(z.int().min(-1)),
    /** Index into `descriptions`. */
    description: z.array(index),
  }),
  /** What else labels say of a GPU, to be found by: its whole model name, PCI bus id and driver version; many are alike. */
  descriptions: z.array(z.string()),
  /**
   * Slots between those that a host answers for, where no GPU answers and no inventory says that there is one. They have
   * no rows and count nowhere as GPUs; pictures leave them empty.
   */
  emptySlots: z.object({ host: z.array(index), slot: z.array(index) }),
  /** Who else uses a GPU that several share, beside `gpus.workload`; rows of GPUs, indices into `workloads`. */
  sharing: z.object({ gpu: z.array(index), workload: z.array(index) }),
  instances: z.object({
    /** Row of the physical GPU. */
    gpu: z.array(index),
    profile: z.array(z.string()),
    id: z.array(z.string()),
    workload: z.array(z.int().min(-1)),
  }),
})
export type Topology = z.infer<typeof topologySchema>

export const EMPTY_TOPOLOGY: Topology = {
  version: 0,
  site: '',
  inventory: 'learnt',
  floors: [],
  racks: [],
  hosts: [],
  types: [],
  typeScales: [],
  workloads: [],
  gpus: { host: [], slot: [], type: [], uuid: [], workload: [], description: [] },
  descriptions: [],
  emptySlots: { host: [], slot: [] },
  sharing: { gpu: [], workload: [] },
  instances: { gpu: [], profile: [], id: [], workload: [] },
}

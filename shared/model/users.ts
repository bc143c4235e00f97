import { visibleName } from './foreignText.ts'
import type { Topology } from './topology.ts'
import { grouped } from './phrases.ts'

type User = Topology['workloads'][number]

/** Pods and jobs of one GPU that are known by name; a GPU with so many may have more. */
export const MOST_USERS = 64
/** Namespace under which jobs of a batch system stand, which has no pods. */
export const JOBS = 'HPC job'

const byTopology = new WeakMap<Topology, ReadonlyMap<number, readonly number[]>>()

/** Everyone who uses a physical GPU: its own pod, those that share it with that, and those of its MIG instances. */
export function usersOf(topology: Topology, row: number): readonly User[] {
  const first = topology.gpus.workload[row] ?? -1
  const places = new Set([...(first < 0 ? [] : [first]), ...(furtherUsers(topology).get(row) ?? [])])
  return [...places].flatMap((place) => topology.workloads[place] ?? [])
}

/** Built once a topology: few GPUs are shared, and pictures ask for hundreds of them at every frame. */
function furtherUsers(topology: Topology): ReadonlyMap<number, readonly number[]> {
  const known = byTopology.get(topology)
  if (known) return known
  const further = new Map<number, number[]>()
  const add = (row: number, place: number): void => {
    if (place < 0) return
    const before = further.get(row)
    if (before) before.push(place)
    else further.set(row, [place])
  }
  const { sharing, instances } = topology
  sharing.gpu.forEach((row, i) => add(row, sharing.workload[i] ?? -1))
  instances.gpu.forEach((row, i) => add(row, instances.workload[i] ?? -1))
  byTopology.set(topology, further)
  return further
}

/**
 * Who uses a GPU, in one line: "ml / chat-0", "3 pods: chat-0, embed-1, eval-2", "9 pods: a, b, c and 6 more"; '' for none.
 * @param most how many of several are named, at least 1
 */
export function usersText(users: readonly User[], most: number): string {
  const [first] = users
  if (first === undefined) return ''
  if (users.length === 1) return [first.namespace, first.pod].filter(Boolean).map(visibleName).join(' / ')
  const named = users.slice(0, most).map(({ pod, namespace }) => visibleName(pod || namespace))
  const rest = users.length - named.length
  const more = `${users.length >= MOST_USERS ? 'at least ' : ''}${grouped(rest)} more`
  return `${countText(users)}: ${named.join(', ')}${rest === 0 ? '' : ` and ${more}`}`
}

/** "3 pods", "2 jobs", "64 pods or more" */
export function countText(users: readonly User[]): string {
  const what = users.every(({ namespace }) => namespace === JOBS) ? 'jobs' : 'pods'
  return `${grouped(users.length)} ${what}${users.length >= MOST_USERS ? ' or more' : ''}`
}

import type { FieldId } from '../../../shared/model/field.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { FIGURE, type FigureState } from '../../../shared/model/figure.ts'
import { CONDITION, type Condition, type FleetFrame } from '../../../shared/model/frame.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { columnOf, isKnown } from './columns.ts'
import { rowText, wordsOf } from './rowText.ts'

/**
 * What a person wants to see of the floor. Within one list any entry will do, the lists must all agree; an empty list
 * asks for nothing.
 */
export interface FloorFilter {
  /**
   * Every word must stand in what a drawer shows of the row: host, rack, floor, type, whole model name, UUID, PCI bus id,
   * driver version, tenant, pod, `GPU n`, MIG
   * profile and instance, state, conditions, `XID n`, or a finding.
   */
  readonly text: string
  readonly types: readonly string[]
  readonly floors: readonly string[]
  readonly racks: readonly string[]
  readonly hosts: readonly string[]
  /** Kubernetes namespaces: tenants. */
  readonly namespaces: readonly string[]
  readonly pods: readonly string[]
  readonly states: readonly FigureState[]
  readonly conditions: readonly Condition[]
  /** In the exporter's unit, both ends included; rows without a known figure do not match. */
  readonly range: { readonly field: FieldId; readonly min: number; readonly max: number } | null
}

export const EMPTY_FILTER: FloorFilter = {
  text: '',
  types: [],
  floors: [],
  racks: [],
  hosts: [],
  namespaces: [],
  pods: [],
  states: [],
  conditions: [],
  range: null,
}

export function isEmptyFilter(filter: FloorFilter): boolean {
  const { text, range, ...lists } = filter
  return text.trim() === '' && range === null && Object.values(lists).every((list) => list.length === 0)
}

const NO_FINDINGS: readonly Finding[] = []

export interface Filtered {
  /** Per physical GPU: 1 matches. */
  readonly mask: Uint8Array
  readonly count: number
}

/**
 * Which physical GPUs match. A board with MIG instances matches by the workload of any of them.
 * @param findings of the same version of the topology; the text of the filter looks into them too
 * @param frame null: nothing is known, so filters over states, conditions and values match absent rows alone
 */
export function filterRows(
  topology: Topology,
  frame: FleetFrame | null,
  filter: FloorFilter,
  findings: readonly Finding[] = NO_FINDINGS,
): Filtered {
  const rows = topology.gpus.host.length
  const mask = new Uint8Array(rows).fill(1)
  const keep = (test: (row: number) => boolean): void => {
    for (let row = 0; row < rows; row++) if (mask[row] === 1 && !test(row)) mask[row] = 0
  }

  const { gpus } = topology
  if (filter.types.length > 0) {
    const wanted = indicesOf(topology.types, filter.types)
    keep((row) => wanted[gpus.type[row] as number] === 1)
  }
  const hosts = matchingHosts(topology, filter)
  if (hosts !== null) keep((row) => hosts[gpus.host[row] as number] === 1)
  if (filter.namespaces.length > 0 || filter.pods.length > 0) {
    const rowsWithWorkload = matchingWorkloads(topology, filter)
    keep((row) => rowsWithWorkload[row] === 1)
  }
  if (filter.states.length > 0) {
    const wanted = new Uint8Array(256)
    for (const state of filter.states) wanted[FIGURE[state]] = 1
    keep((row) => wanted[frame?.state[row] ?? FIGURE.absent] === 1)
  }
  if (filter.conditions.length > 0) {
    const bits = filter.conditions.reduce((all, name) => all | CONDITION[name], 0)
    keep((row) => ((frame?.conditions[row] ?? 0) & bits) !== 0)
  }
  if (filter.range !== null) {
    const { field, min, max } = filter.range
    const column = frame === null ? null : columnOf(frame, field)
    keep((row) => {
      if (column === null || !isKnown(column.states[row])) return false
      const value = column.values[row] as number
      return value >= min && value <= max
    })
  }
  const words = wordsOf(filter.text)
  if (words.length > 0) {
    const holds = rowText(topology, frame, findings)
    keep((row) => words.every((word) => holds(row, word)))
  }
  let count = 0
  for (let row = 0; row < rows; row++) count += mask[row] as number
  return { mask, count }
}

function indicesOf(names: readonly string[], wanted: readonly string[]): Uint8Array {
  const set = new Set(wanted)
  return Uint8Array.from(names, (name) => (set.has(name) ? 1 : 0))
}

/** null where the filter does not speak of places. */
function matchingHosts(topology: Topology, filter: FloorFilter): Uint8Array | null {
  const { floors, racks, hosts } = filter
  if (floors.length === 0 && racks.length === 0 && hosts.length === 0) return null
  const floorMatch = floors.length === 0 ? null : new Set(floors)
  const rackMatch = racks.length === 0 ? null : new Set(racks)
  const hostMatch = hosts.length === 0 ? null : new Set(hosts)
  return Uint8Array.from(topology.hosts, ({ name, rack: index }) => {
    const rack = topology.racks[index]
    if (hostMatch !== null && !hostMatch.has(name)) return 0
    if (rackMatch !== null && !rackMatch.has(rack?.name ?? '')) return 0
    return floorMatch !== null && !floorMatch.has(topology.floors[rack?.floor ?? -1]?.name ?? '') ? 0 : 1
  })
}

function matchingWorkloads(topology: Topology, { namespaces, pods }: FloorFilter): Uint8Array {
  const namespaceMatch = namespaces.length === 0 ? null : new Set(namespaces)
  const podMatch = pods.length === 0 ? null : new Set(pods)
  const wanted = Uint8Array.from(topology.workloads, ({ namespace, pod }) =>
    (namespaceMatch === null || namespaceMatch.has(namespace)) && (podMatch === null || podMatch.has(pod))
      ? 1
      : 0,
  )
  const rows = new Uint8Array(topology.gpus.workload.length)
  // A loop, because Uint8Array.from walks an iterator: ten times slower over 100,000 rows.
  for (let row = 0; row < rows.length; row++) rows[row] = wanted[topology.gpus.workload[row] ?? -1] ?? 0
  topology.sharing.gpu.forEach((gpu, i) => {
    if (wanted[topology.sharing.workload[i] ?? -1] === 1) rows[gpu] = 1
  })
  topology.instances.gpu.forEach((gpu, index) => {
    if (wanted[topology.instances.workload[index] ?? -1] === 1) rows[gpu] = 1
  })
  return rows
}

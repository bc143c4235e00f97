import { figureState, type FigureState } from '../../../shared/model/figure.ts'
import type { FieldId } from '../../../shared/model/field.ts'
import { CONDITION, type Condition, type FleetFrame } from '../../../shared/model/frame.ts'
import type { Topology } from '../../../shared/model/topology.ts'

/** Which GPUs a person wants to see. Empty lists and texts ask for nothing; what is asked for must all hold. */
export interface FloorFilter {
  /** Words that all must occur in host, rack, floor, type, UUID, pod or namespace. */
  readonly text: string
  readonly types: readonly string[]
  readonly floors: readonly string[]
  readonly namespaces: readonly string[]
  readonly states: readonly FigureState[]
  readonly conditions: readonly Condition[]
  /** In the exporter's unit, both ends included. GPUs without a current figure are never in a range. */
  readonly range: { readonly field: FieldId; readonly min: number; readonly max: number } | null
}

export const EMPTY_FILTER: FloorFilter = {
  text: '',
  types: [],
  floors: [],
  namespaces: [],
  states: [],
  conditions: [],
  range: null,
}

export function isEmptyFilter(filter: FloorFilter): boolean {
  const { text, types, floors, namespaces, states, conditions, range } = filter
  return (
    text.trim() === '' &&
    range === null &&
    [types, floors, namespaces, states, conditions].every((list) => list.length === 0)
  )
}

export interface Filtered {
  /** 1 for each physical GPU row that the filter leaves. */
  readonly mask: Uint8Array
  readonly matched: number
  /** Physical GPUs in all. */
  readonly of: number
}

export function filterRows(topology: Topology, frame: FleetFrame, filter: FloorFilter): Filtered {
  const { gpus } = topology
  const of = gpus.host.length
  const mask = new Uint8Array(of)
  const texts = filter.text.trim() === '' ? null : textsOf(topology)
  const words = filter.text.trim().toLowerCase().split(/\s+/)
  const types = indices(topology.types, filter.types)
  const hosts = filter.floors.length === 0 ? null : hostsOnFloors(topology, filter.floors)
  const workloads = filter.namespaces.length === 0 ? null : workloadsOf(topology, filter.namespaces)
  const states = new Set(filter.states)
  const bits = filter.conditions.reduce((all, name) => all | CONDITION[name], 0)
  const inRange = rangeTest(frame, filter.range)

  let matched = 0
  for (let row = 0; row < of; row++) {
    const host = gpus.host[row] as number
    if (types !== null && !types.has(gpus.type[row] as number)) continue
    if (hosts !== null && hosts[host] !== 1) continue
    if (workloads !== null && !workloads.has(gpus.workload[row] as number)) continue
    if (states.size > 0 && !states.has(figureState(frame.state[row] as number))) continue
    if (bits !== 0 && ((frame.conditions[row] as number) & bits) === 0) continue
    if (!inRange(row)) continue
    if (texts !== null && !words.every((word) => texts.matches(row, word))) continue
    mask[row] = 1
    matched++
  }
  return { mask, matched, of }
}

function indices(all: readonly string[], wanted: readonly string[]): Set<number> | null {
  return wanted.length === 0 ? null : new Set(wanted.map((name) => all.indexOf(name)))
}

function hostsOnFloors(topology: Topology, floors: readonly string[]): Uint8Array {
  const wanted = new Set(floors)
  return Uint8Array.from(topology.hosts, ({ rack }) => {
    const floor = topology.floors[topology.racks[rack]?.floor ?? -1]
    return floor !== undefined && wanted.has(floor.name) ? 1 : 0
  })
}

function workloadsOf(topology: Topology, namespaces: readonly string[]): Set<number> {
  const wanted = new Set(namespaces)
  return new Set(topology.workloads.flatMap(({ namespace }, index) => (wanted.has(namespace) ? [index] : [])))
}

function rangeTest(frame: FleetFrame, range: FloorFilter['range']): (row: number) => boolean {
  if (range === null) return () => true
  const column = frame.fields.indexOf(range.field)
  const values = frame.values[column]
  const states = frame.states[column]
  if (values === undefined || states === undefined) return () => false
  return (row) => {
    const value = values[row] as number
    const state = states[row]
    return (state === 1 || state === 2) && value >= range.min && value <= range.max
  }
}

interface Texts {
  matches(row: number, word: string): boolean
}

const textsByTopology = new WeakMap<Topology, Texts>()

/** Hosts, types and workloads are many GPUs' text: each is looked at once per word, the UUID alone per GPU. */
function textsOf(topology: Topology): Texts {
  const known = textsByTopology.get(topology)
  if (known !== undefined) return known
  const { gpus, instances } = topology
  const hosts = topology.hosts.map(({ name, rack }) => {
    const { name: rackName = '', floor = -1 } = topology.racks[rack] ?? {}
    return `${name}\n${rackName}\n${topology.floors[floor]?.name ?? ''}`.toLowerCase()
  })
  const types = topology.types.map((type) => type.toLowerCase())
  const workloads = topology.workloads.map(({ namespace, pod }) => `${namespace}\n${pod}`.toLowerCase())
  const uuids = gpus.uuid.map((uuid) => uuid.toLowerCase())
  const instanceWorkloads = new Map<number, number[]>()
  for (const [index, gpu] of instances.gpu.entries()) {
    instanceWorkloads.set(gpu, [...(instanceWorkloads.get(gpu) ?? []), instances.workload[index] as number])
  }
  const texts: Texts = {
    matches(row, word) {
      const workload = gpus.workload[row] as number
      return (
        (hosts[gpus.host[row] as number] ?? '').includes(word) ||
        (types[gpus.type[row] as number] ?? '').includes(word) ||
        (workloads[workload]?.includes(word) ?? false) ||
        (uuids[row] ?? '').includes(word) ||
        (instanceWorkloads.get(row)?.some((one) => workloads[one]?.includes(word) ?? false) ?? false)
      )
    },
  }
  textsByTopology.set(topology, texts)
  return texts
}

import type { Inventory } from '../../../shared/model/inventory.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { gapsOf } from './places/emptySlots.ts'
import type { Host } from './places/hosts.ts'
import { descriptionOf, type Workload } from './places/identity.ts'
import type { Registry, Unit } from './places/registry.ts'
import { scaleOf } from './figures/scales.ts'
import { naturalOrder } from './text.ts'

/** One version of the topology, and which unit stands in which row of it. */
export interface RowOrder {
  readonly topology: Topology
  /** Row to unit: boards, then MIG instances. */
  readonly units: Int32Array
  /** Unit to row, -1 for a unit without a row. */
  readonly rows: Int32Array
  /** Number of physical rows. */
  readonly boards: number
}

const UNLISTED = 'not in the inventory'
/** Without an inventory the racks are not known; groups of this many hosts keep the picture in rows. */
const GROUP = 16

interface Section {
  readonly floor: string
  readonly rack: string
  readonly hosts: readonly Host[]
}

/**
 * The floor as it is known now: first what the inventory lists, in its order, then hosts that it does not list, sorted
 * naturally. Keeps the version of `before` when nothing has changed.
 */
export function buildTopology(
  registry: Registry,
  site: string,
  inventory: Inventory | null,
  before: RowOrder | null,
): RowOrder {
  const floors: { name: string }[] = inventory ? inventory.floors.map(({ name }) => ({ name })) : []
  const racks: { name: string; floor: number }[] = []
  const hosts: Topology['hosts'] = []
  const placed: Host[] = []
  const put = (host: Host, rack: number): void => {
    hosts.push({ name: host.name, rack, expected: host.expected })
    placed.push(host)
  }

  const known = registry.hosts.all.filter((host) => host !== null)
  const listed = Map.groupBy(
    known.filter(({ listed }) => listed !== null),
    (host) => host.listed?.rack ?? 0,
  )
  inventory?.floors.forEach((floor, floorPlace) => {
    for (const { name } of floor.racks) {
      for (const host of listed.get(racks.length) ?? []) put(host, racks.length)
      racks.push({ name, floor: floorPlace })
    }
  })
  const others = known
    .filter(({ listed }) => listed === null)
    .toSorted((a, b) => naturalOrder(a.name, b.name))
  for (const section of inventory ? unlisted(others) : groups(others, site)) {
    let floor = floors.findIndex(({ name }) => name === section.floor)
    if (floor < 0) floor = floors.push({ name: section.floor }) - 1
    for (const host of section.hosts) put(host, racks.length)
    racks.push({ name: section.rack, floor })
  }

  const units = rowsOf(registry, placed)
  const topology: Topology = {
    version: before?.topology.version ?? 0,
    site,
    inventory: inventory ? 'listed' : 'learnt',
    floors,
    racks,
    hosts,
    ...columnsOf(registry, placed, units),
  }
  const order = {
    topology,
    units: Int32Array.from([...units.boards, ...units.instances]),
    rows: new Int32Array(registry.units.length).fill(-1),
    boards: units.boards.length,
  }
  order.units.forEach((unit, row) => {
    order.rows[unit] = row
  })
  if (before && sameContent(before.topology, topology)) {
    // A unit's place may differ although the rows read the same.
    return { ...order, topology: before.topology }
  }
  return { ...order, topology: { ...topology, version: topology.version + 1 } }
}

function unlisted(hosts: readonly Host[]): Section[] {
  return hosts.length === 0 ? [] : [{ floor: UNLISTED, rack: UNLISTED, hosts }]
}

function groups(hosts: readonly Host[], site: string): Section[] {
  const sections: Section[] = []
  const floor = site === '' ? 'all hosts' : site
  if (hosts.length <= GROUP + GROUP / 2)
    return hosts.length === 0 ? [] : [{ floor, rack: 'all hosts', hosts }]
  for (const group of byNumber(hosts) ?? byCount(hosts)) {
    const [first, last] = [group[0]?.name ?? '', group.at(-1)?.name ?? '']
    sections.push({ floor, rack: first === last ? first : `${first} to ${last}`, hosts: group })
  }
  return sections
}

/** Numbered hosts of one group hold at least this many of it on the average; else their numbers say nothing of places. */
const LEAST_OF_GROUP = 4

/**
 * Groups by the number in a host's name, `h-1` to `h-16` and so on: which group a host is in depends on its own name
 * alone, so one that comes or goes moves no other. null where the numbers are too scattered for it.
 */
function byNumber(hosts: readonly Host[]): Host[][] | null {
  const sections = Map.groupBy(hosts, ({ name }) => {
    // The number stands in the host's own part of a long name; an address is one by its last part.
    const own = /^[\d.]+$/.test(name) ? name : name.replace(/\..*$/s, '')
    const [, head = '', digits, tail = ''] = /^(.*?)(\d{1,9})(\D*)$/s.exec(own) ?? []
    if (digits === undefined) return `${own}\u0000`
    return `${head}\u0000${Math.floor(Math.max(0, Number(digits) - 1) / GROUP)}\u0000${tail}`
  })
  return sections.size * LEAST_OF_GROUP <= hosts.length ? [...sections.values()] : null
}

function byCount(hosts: readonly Host[]): Host[][] {
  return Array.from({ length: Math.ceil(hosts.length / GROUP) }, (_, group) =>
    hosts.slice(group * GROUP, (group + 1) * GROUP),
  )
}

interface Rows {
  readonly boards: readonly number[]
  readonly instances: readonly number[]
}

function rowsOf(registry: Registry, hosts: readonly Host[]): Rows {
  const boards = hosts.flatMap(({ units }) => units)
  const unitOf = (place: number): Unit => registry.units[place] as Unit
  const instances = boards.flatMap((board) =>
    unitOf(board).instances.toSorted((a, b) => naturalOrder(unitOf(a).instanceId, unitOf(b).instanceId)),
  )
  return { boards, instances }
}

function columnsOf(
  registry: Registry,
  hosts: readonly Host[],
  rows: Rows,
): Omit<Topology, 'version' | 'site' | 'inventory' | 'floors' | 'racks' | 'hosts'> {
  const unitOf = (place: number): Unit => registry.units[place] as Unit
  const typeName = (place: number): string =>
    registry.types.names[registry.columns.type[place] as number] as string
  const types = [...new Set(rows.boards.map(typeName))].toSorted(naturalOrder)
  const typePlaces = new Map(types.map((name, place) => [name, place]))

  const descriptions: string[] = []
  const descriptionPlaces = new Map<string, number>()
  const description = (place: number): number => {
    const { modelName, labels } = unitOf(place)
    const text = descriptionOf(modelName, labels)
    const known = descriptionPlaces.get(text)
    if (known !== undefined) return known
    descriptionPlaces.set(text, descriptions.length)
    return descriptions.push(text) - 1
  }

  const workloads: Workload[] = []
  const workloadPlaces = new Map<string, number>()
  const workload = (place: number): number => placeOf(unitOf(place).workload)
  const placeOf = (found: Workload | null): number => {
    if (!found) return -1
    const key = `${found.namespace}\u0000${found.pod}\u0000${found.container}`
    const known = workloadPlaces.get(key)
    if (known !== undefined) return known
    workloadPlaces.set(key, workloads.length)
    return workloads.push(found) - 1
  }

  const gaps = hosts.map((host) =>
    gapsOf(
      host,
      host.units.map((place) => unitOf(place).slot),
    ),
  )
  const rowOfBoard = new Map(rows.boards.map((place, row) => [place, row]))
  return {
    types,
    typeScales: types.map((name) => scaleOf(registry, registry.types.names.indexOf(name))),
    workloads,
    gpus: {
      host: hosts.flatMap(({ units }, place) => units.map(() => place)),
      slot: rows.boards.map((place) => unitOf(place).slot),
      type: rows.boards.map((place) => typePlaces.get(typeName(place)) as number),
      uuid: rows.boards.map((place) => unitOf(place).uuid),
      workload: rows.boards.map(workload),
      description: rows.boards.map(description),
    },
    descriptions,
    emptySlots: {
      host: gaps.flatMap((slots, place) => slots.map(() => place)),
      slot: gaps.flat(),
    },
    sharing: {
      gpu: rows.boards.flatMap((place, row) => unitOf(place).sharers.map(() => row)),
      workload: rows.boards.flatMap((place) => unitOf(place).sharers.map(placeOf)),
    },
    instances: {
      gpu: rows.instances.map((place) => rowOfBoard.get(unitOf(place).board) as number),
      profile: rows.instances.map((place) => unitOf(place).profile),
      id: rows.instances.map((place) => unitOf(place).instanceId),
      workload: rows.instances.map(workload),
    },
  }
}

/** Structural equality of plain data, but for the version. */
function sameContent(a: Topology, b: Topology): boolean {
  return (Object.keys(b) as (keyof Topology)[]).every((key) => key === 'version' || same(a[key], b[key]))
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => same(item, b[i]))
  }
  const keys = Object.keys(b)
  return (
    keys.length === Object.keys(a).length &&
    keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  )
}

import { message } from '../../../../shared/messages/message.ts'
import { gpuTypeOf } from '../../../../shared/model/gpuType.ts'
import type { Inventory } from '../../../../shared/model/inventory.ts'
import type { TypeScale } from '../../../../shared/model/topology.ts'
import {
  clearFigures,
  clearUnit,
  createColumns,
  ensureCapacity,
  FIELD_COUNT,
  type Columns,
} from '../figures/columns.ts'
import { createBudgets, type Budgets, type SourceBudget } from '../sources/budget.ts'
import { createContests, type Contests } from '../sources/contests.ts'
import type { EventLog } from '../findings/events.ts'
import { noteChange } from './hostChanges.ts'
import { createHosts, type Host, type HostTable } from './hosts.ts'
import { MAX_SLOT, type TextLabel, type Workload } from './identity.ts'
import { upperBounds } from '../figures/plausibility.ts'
import { createRefusals, type Refusals } from '../sources/refusals.ts'

/** Who stands where: hosts, GPUs by slot, MIG instances by their board. Identity is the slot; the UUID is an attribute. */
export interface Unit {
  /** Place of the host in HostTable. */
  readonly host: number
  readonly slot: number
  /** Unit of the board for a MIG instance, -1 for a board. */
  readonly board: number
  /** GPU_I_ID, '' for a board. */
  readonly instanceId: string
  profile: string
  /** Of the board; '' until one was seen or listed. */
  uuid: string
  /** Boards that stood here before; a lingering series of one must not take the slot back. */
  pastUuids: string[]
  modelName: string
  workload: Workload | null
  /** Who shares it with `workload`. */
  sharers: readonly Workload[]
  /** Figures that each of those who share it has of its own, by field code. */
  readonly ownFigures: Map<number, OwnFigures>
  labels: readonly TextLabel[]
  /** Units of its MIG instances. */
  instances: number[]
  /** The inventory lists this slot. */
  readonly expected: boolean
  /** When another board was found here; null: never. */
  identityChangedAt: number | null
  /** Who named it first; null for what the inventory lists. */
  readonly taught: Taught | null
}

export interface OwnFigures {
  /** Time of the samples, ms: that of the board's figure, while they are its parts. */
  readonly at: number
  readonly parts: readonly { readonly user: Workload; readonly value: number }[]
}

/** The source that something was learnt from, and when, ms. */
export interface Taught {
  readonly by: SourceBudget
  readonly at: number
}

export interface Rename {
  readonly from: string
  readonly to: string
}

/** How machines of one name are told apart, see namesakes.ts. */
export interface Namesakes {
  /** Its values are those of different machines. */
  readonly label: string
  /** Of the machine that goes by the plain name. */
  readonly keeper: string
}

export interface TypeTable {
  readonly names: string[]
  /** Upper bounds, type x FIELD_COUNT. */
  upper: Float64Array
  /** What boards of unlisted types were seen to draw and hold, by type (scales.ts). */
  readonly seen: (TypeScale | undefined)[]
}

export interface Registry {
  /** GPUs and instances that find room. */
  readonly mostUnits: number
  readonly columns: Columns
  readonly hosts: HostTable
  readonly types: TypeTable
  /** Units by place; null where one was forgotten. */
  readonly units: (Unit | null)[]
  readonly byUuid: Map<string, number>
  readonly events: EventLog
  readonly budgets: Budgets
  /** Under which name a source's machine stands whose own name is another machine's, by source and name. */
  readonly aliases: Map<string, string>
  /** How machines that one source gives the same name are told apart, by source and name. */
  readonly namesakes: Map<string, Namesakes>
  /** Boards that two living sources answer for. */
  readonly contests: Contests
  /** Cells (unit × fields + field) whose series comes without a value: blank or NaN. It is sent all the same. */
  readonly sentEmpty: Set<number>
  /** Units whose board answers from another machine now: they leave the floor. */
  readonly departed: number[]
  /** Machines that go by another name now, since the list was last taken. */
  readonly renames: Rename[]
  /** The topology has to be built again. */
  dirty: boolean
  /** Counts up when a UUID becomes known, so that series without labels are looked up again. */
  learnt: number
  /** Counts up when a unit's place is given away or a UUID moves, so that every binding is resolved again. */
  moved: number
  /** Units whose board was exchanged since the last evaluation. */
  exchanged: number[]
  /** What sources were refused, by name. */
  readonly refusals: Refusals
  /** The unit of a slot, -1 for none. */
  board(host: number, slot: number): number
  instance(board: number, id: string): number
  /** Why this host, -1 for a new one, can have no further board; null: it can. */
  noRoomFor(host: number): 'boardsOfHost' | 'floor' | null
  /** @returns the unit, or -1 when there is no room for it. */
  addBoard(host: number, slot: number, taught: Taught | null): number
  /** @returns the unit, or -1 when there is no room for it. */
  addInstance(board: number, id: string, profile: string, taught: Taught | null): number
  setModel(unit: number, modelName: string, taught: Taught | null): void
  /** @returns false when the slot is held by another board that is alive, and `uuid` stood here before. */
  claim(unit: number, uuid: string, at: number, staleAfterMs: number): boolean
  /** Its slots are another machine's from now on: the boards that stood there are found again where they answer. */
  vacate(host: number): void
  /** When anything was first placed, ms; infinite before. */
  startedAt: number
  /** The machine goes by another name: its boards keep their places and their past. */
  rename(host: number, name: string, at: number): void
  forget(unit: number): void
  /** "h-0312 · GPU 3", or with its instance. */
  place(unit: number): string
  hostOf(unit: number): Host
}

/** More than the largest floor this console is meant for, 100,000 boards with instances; a bound against nonsense. */
export const MAX_UNITS = 262_144
export const MAX_INSTANCES = 16
/** More than any machine carries (20 at most); an inventory may list more. */
export const MAX_BOARDS_OF_HOST = 128
/** Series that wait are placed again every half a minute at the latest; a refusal that stands is renewed by that. */
const REFUSAL_STANDS_MS = 120_000
const MAX_TYPES = 256
const PAST_UUIDS = 4

/** @param mostUnits GPUs and instances that find room */
export function createRegistry(
  inventory: Inventory | null,
  events: EventLog,
  mostUnits: number = MAX_UNITS,
): Registry {
  const hosts = createHosts(inventory)
  const columns = createColumns()
  const units: (Unit | null)[] = []
  const free: number[] = []
  const byUuid = new Map<string, number>()
  /** Board by host and slot. */
  const boardAt = new Map<number, number>()
  const types: TypeTable = { names: [], upper: new Float64Array(0), seen: [] }

  /** Type by its short name; a flood of made-up model names ends in one common type. */
  function typePlace(modelName: string, taught: Taught | null = null): number {
    const type = gpuTypeOf(modelName)
    const known = types.names.indexOf(type.name)
    if (known >= 0) return known
    if (types.names.length >= MAX_TYPES) return 0
    const upper = new Float64Array((types.names.length + 1) * FIELD_COUNT)
    upper.set(types.upper)
    upper.set(upperBounds(type), types.names.length * FIELD_COUNT)
    types.upper = upper
    if (taught) taught.by.held.models += 1
    return types.names.push(type.name) - 1
  }
  typePlace('')

  function hostAt(place: number): Host {
    const host = hosts.all[place]
    if (!host) throw new RangeError(`There is no host at place ${place}.`)
    return host
  }

  function isFull(): boolean {
    return units.length >= mostUnits && free.length === 0
  }

  function add(unit: Unit): number {
    if (isFull()) return -1
    const place = free.pop() ?? units.length
    units[place] = unit
    ensureCapacity(columns, units.length)
    clearUnit(columns, place)
    columns.host[place] = unit.host
    registry.dirty = true
    return place
  }

  const registry: Registry = {
    mostUnits,
    columns,
    hosts,
    types,
    units,
    byUuid,
    events,
    budgets: createBudgets(),
    aliases: new Map(),
    namesakes: new Map(),
    contests: createContests(),
    sentEmpty: new Set(),
    departed: [],
    renames: [],
    dirty: true,
    learnt: 0,
    moved: 0,
    exchanged: [],
    refusals: createRefusals(REFUSAL_STANDS_MS),

    board: (host, slot) => boardAt.get(placeKey(host, slot)) ?? -1,
    noRoomFor(place) {
      if (isFull()) return 'floor'
      const host = hosts.all[place]
      return host && host.units.length >= Math.max(MAX_BOARDS_OF_HOST, host.expected ?? 0)
        ? 'boardsOfHost'
        : null
    },
    instance(board, id) {
      return units[board]?.instances.find((place) => units[place]?.instanceId === id) ?? -1
    },
    addBoard(hostPlace, slot, taught) {
      const host = hostAt(hostPlace)
      if (registry.noRoomFor(hostPlace) !== null) return -1
      const place = add(emptyUnit(hostPlace, slot, -1, '', slot < (host.expected ?? 0), taught))
      if (taught) taught.by.held.gpus += 1
      // In the order of slots: most come last.
      const after = host.units.findLastIndex((each) => (units[each]?.slot ?? 0) < slot)
      host.units.splice(after + 1, 0, place)
      boardAt.set(placeKey(hostPlace, slot), place)
      columns.type[place] = typePlace(host.expectedType ?? '')
      return place
    },
    addInstance(board, id, profile, taught) {
      const parent = units[board]
      if (!parent || parent.instances.length >= MAX_INSTANCES) return -1
      const unit = { ...emptyUnit(parent.host, parent.slot, board, id, false, taught), profile }
      const place = add(unit)
      if (place < 0) return place
      if (taught) taught.by.held.instances += 1
      parent.instances = [...parent.instances, place]
      columns.type[place] = columns.type[board] as number
      return place
    },
    setModel(place, modelName, taught) {
      const unit = units[place]
      if (!unit || modelName === '' || unit.modelName === modelName) return
      unit.modelName = modelName
      const type = typePlace(modelName, taught)
      for (const each of [place, ...unit.instances]) columns.type[each] = type
      registry.dirty = true
    },
    claim(place, uuid, at, staleAfterMs) {
      const unit = units[place]
      if (!unit || uuid === '' || unit.uuid === uuid) return true
      const fresh = at - (columns.namedAt[place] as number) <= staleAfterMs
      if (fresh && unit.pastUuids.includes(uuid)) return false
      if (unit.uuid !== '') {
        const listed = hostAt(unit.host).listedUuids[unit.slot] === unit.uuid
        events.note(
          at,
          'advisory',
          registry.place(place),
          message(listed ? 'event.board.listed' : 'event.board.before', { before: unit.uuid, now: uuid }),
        )
        unit.pastUuids = [unit.uuid, ...unit.pastUuids.filter((past) => past !== uuid)].slice(0, PAST_UUIDS)
        unit.identityChangedAt = at
        if (byUuid.get(unit.uuid) === place) byUuid.delete(unit.uuid)
        for (const each of [place, ...unit.instances]) {
          clearFigures(columns, each, at)
          registry.exchanged.push(each)
        }
        registry.moved++
        // Other boards' figures are other figures: however long the slot was silent, they do not stand still.
        noteChange(hosts.all, unit.host, at)
      }
      if (byUuid.has(uuid)) registry.moved++
      unit.uuid = uuid
      byUuid.set(uuid, place)
      registry.learnt++
      registry.dirty = true
      return true
    },
    vacate(hostPlace) {
      for (const place of hostAt(hostPlace).units) {
        const unit = units[place]
        if (!unit) continue
        if (byUuid.get(unit.uuid) === place) byUuid.delete(unit.uuid)
        unit.uuid = ''
        if (!unit.expected) registry.departed.push(place)
        for (const each of [place, ...unit.instances]) {
          clearUnit(columns, each)
          registry.exchanged.push(each)
        }
      }
      registry.moved++
      registry.dirty = true
    },
    startedAt: Number.POSITIVE_INFINITY,
    rename(hostPlace, name, at) {
      const host = hostAt(hostPlace)
      const from = host.name
      hosts.rename(hostPlace, name)
      registry.renames.push({ from, to: name })
      registry.moved++
      events.note(at, 'normal', name, message('event.renamed', { before: from }))
      registry.dirty = true
    },
    forget(place) {
      const unit = units[place]
      if (!unit) return
      for (const instance of unit.instances) registry.forget(instance)
      if (byUuid.get(unit.uuid) === place) byUuid.delete(unit.uuid)
      if (unit.taught) unit.taught.by.held[unit.board < 0 ? 'gpus' : 'instances'] -= 1
      const parent = units[unit.board]
      if (parent) parent.instances = parent.instances.filter((each) => each !== place)
      else {
        const host = hostAt(unit.host)
        boardAt.delete(placeKey(unit.host, unit.slot))
        host.units = host.units.filter((each) => each !== place)
        if (host.units.length === 0) hosts.remove(unit.host)
      }
      for (let f = 0; f < FIELD_COUNT; f++) registry.sentEmpty.delete(place * FIELD_COUNT + f)
      units[place] = null
      free.push(place)
      registry.moved++
      registry.dirty = true
    },
    place(place) {
      const unit = units[place]
      if (!unit) return ''
      const board = `${hostAt(unit.host).name} · GPU ${unit.slot}`
      return unit.board < 0
        ? board
        : `${board} · MIG ${unit.profile === '' ? '' : `${unit.profile} `}#${unit.instanceId}`
    },
    hostOf(place) {
      return hostAt(columns.host[place] as number)
    },
  }

  hosts.all.forEach((host, hostPlace) => {
    for (let slot = 0; slot < (host?.expected ?? 0); slot++) {
      const place = registry.addBoard(hostPlace, slot, null)
      const uuid = host?.listedUuids[slot]
      const unit = units[place]
      if (unit && uuid !== undefined && uuid !== '') {
        unit.uuid = uuid
        byUuid.set(uuid, place)
      }
    }
  })
  return registry
}

/** Host and slot in one number: slots are at most 1023, hosts far fewer than 2^42. */
function placeKey(host: number, slot: number): number {
  return host * (MAX_SLOT + 1) + slot
}

function emptyUnit(
  host: number,
  slot: number,
  board: number,
  instanceId: string,
  expected: boolean,
  taught: Taught | null,
): Unit {
  return {
    host,
    slot,
    board,
    instanceId,
    profile: '',
    uuid: '',
    pastUuids: [],
    modelName: '',
    workload: null,
    sharers: [],
    ownFigures: new Map(),
    labels: [],
    instances: [],
    expected,
    identityChangedAt: null,
    taught,
  }
}

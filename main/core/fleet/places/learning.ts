import { message } from '../../../../shared/messages/message.ts'
import { gpuTypeOf } from '../../../../shared/model/gpuType.ts'
import type { DemandTally } from '../sources/budget.ts'
import {
  describingLabels,
  descriptionOf,
  instanceLabel,
  modelLabel,
  profileLabel,
  sameWorkload,
  slotLabel,
  workloadOf,
  type Labels,
} from './identity.ts'
import type { HostName } from './hostName.ts'
import { isNarrow, machineOf, type Placing, uuidOf } from './placing.ts'
import { MAX_BOARDS_OF_HOST, type Registry, type Taught, type Unit } from './registry.ts'

export const UNPLACED = -1
export const LATER = -2

/** How the labels of one answer are read. */
export interface Learning {
  readonly registry: Registry
  readonly placing: Placing
  /** Whoever is answerable for the source, and the time of the answer. */
  readonly taught: Taught
  /** Workload labels of this source are renamed by Prometheus. */
  readonly exported: boolean
  /**
   * `learn`: what is new becomes known · `known`: what is known gets its place, nothing is learnt · `count`: nothing
   * changes, and what would be learnt is tallied.
   */
  readonly mode: 'learn' | 'known' | 'count'
  readonly tally: DemandTally
  /** By host: no slot below this is free. Within one answer slots are only ever taken. */
  readonly freeSlots: Map<number, number>
}

/** @returns the unit, {@link UNPLACED}, or {@link LATER} for labels without a usable number */
export function placeBySlot(learning: Learning, labels: Labels): number {
  const { registry, placing } = learning
  const slot = slotLabel(labels)
  if (slot === null) return LATER
  const machine = machineOf(placing, labels)
  const uuid = uuidOf(placing, labels)
  const known = uuid === '' ? undefined : registry.byUuid.get(uuid)
  if (known !== undefined) {
    const host = registry.hosts.find(machine.name)
    const unit = registry.units[known]
    const here = unit?.host === host && unit.slot === slot
    if (!here && isContested(learning, known)) return describe(learning, known, labels)
    if (!here && isBetterKnown(learning, known, machine, slot, labels))
      return describe(learning, known, labels)
    if (!here && unit?.host !== host) return moveBoard(learning, known, machine, slot, labels)
  }
  return boardAt(learning, machine, slot, labels)
}

/** For labels without a usable number. @returns the unit, or {@link UNPLACED} */
export function placeByUuid(learning: Learning, labels: Labels): number {
  const { registry, placing } = learning
  const uuid = uuidOf(placing, labels)
  if (uuid === '') return UNPLACED
  const known = registry.byUuid.get(uuid)
  if (known !== undefined) {
    isContested(learning, known)
    return describe(learning, known, labels)
  }
  const machine = machineOf(placing, labels)
  // A bare UUID is how a narrow query names a GPU; its slot comes with the next identity query.
  if (machine.byAddress) return UNPLACED
  return boardAt(learning, machine, freeSlot(learning, registry.hosts.find(machine.name)), labels)
}

/**
 * Whether where a board is known to stand says more than these labels: the inventory lists it there by its UUID, or
 * they name no machine, but an address or the pod of an exporter, and the machine that is known has a name.
 */
function isBetterKnown(
  { registry }: Learning,
  board: number,
  machine: HostName,
  slot: number,
  labels: Labels,
): boolean {
  const unit = registry.units[board]
  const host = registry.hosts.all[unit?.host ?? -1]
  if (!unit || !host) return false
  const named = registry.hosts.all[registry.hosts.find(machine.name)]
  if (host.listedUuids[unit.slot] === unit.uuid && (named?.listed ?? null) === null) return true
  return machine.weak && unit.slot === slot && (!host.weakName || isNarrow(labels))
}

/** Whether another living source answers for the board: it keeps it, and both are named. */
function isContested({ registry, placing, mode }: Learning, unit: number): boolean {
  const owner = placing.otherOwner(unit)
  if (owner < 0) return false
  if (mode !== 'count') placing.remarks.note('contested', registry.place(unit), placing.nameOf(owner))
  return true
}

/** A board that is known from another machine answers here now: it has moved, and stands in one place only. */
function moveBoard(
  learning: Learning,
  from: number,
  machine: HostName,
  slot: number,
  labels: Labels,
): number {
  const { registry, mode, taught } = learning
  if (mode !== 'learn') return describe(learning, from, labels)
  const before = registry.place(from)
  const to = boardAt(learning, machine, slot, labels)
  const board = to < 0 ? -1 : (registry.units[to]?.board ?? -1)
  const moved = board >= 0 ? board : to
  if (moved < 0 || registry.units[moved]?.uuid !== registry.units[from]?.uuid) return to
  registry.events.note(
    taught.at,
    'advisory',
    registry.place(moved),
    message('event.boardMoved', { place: before }),
  )
  // A listed slot that lost its board is missing it; one that was only learnt is no place any more.
  if (registry.units[from]?.expected === false) registry.departed.push(from)
  return to
}

/** The lowest slot of a host whose board is not known by its UUID, for a GPU that nothing numbers. */
function freeSlot({ registry, freeSlots }: Learning, host: number): number {
  if (host < 0) return 0
  let slot = freeSlots.get(host) ?? 0
  for (;;) {
    const unit = registry.units[registry.board(host, slot)]
    if (!unit || unit.uuid === '') break
    slot++
  }
  freeSlots.set(host, slot)
  return slot
}

function boardAt(learning: Learning, machine: HostName, slot: number, labels: Labels): number {
  const hostName = machine.name
  const { registry, placing, taught, mode } = learning
  const { at } = taught
  const host = registry.hosts.find(hostName)
  let board = host < 0 ? -1 : registry.board(host, slot)
  if (board < 0) {
    if (mode === 'known') return UNPLACED
    if (mode === 'count') return countBoard(learning, host, hostName, labels)
    const why = registry.noRoomFor(host)
    if (why !== null) {
      registry.refusals.note(taught.by.name, why, why === 'floor' ? '' : hostName, at)
      return UNPLACED
    }
    board = registry.addBoard(
      host < 0 ? registry.hosts.add(machine.name, machine.weak, taught.by) : host,
      slot,
      taught,
    )
  }
  const uuid = uuidOf(learning.placing, labels)
  const before = registry.units[board]?.uuid ?? ''
  if (mode !== 'learn' && uuid !== '' && before !== '' && uuid !== before) {
    if (mode === 'count') learning.tally.add('gpus', uuid)
    return UNPLACED
  }
  if (mode === 'learn' && !registry.claim(board, uuid, at, placing.staleLimit(board))) return UNPLACED
  return describe(learning, board, labels)
}

/** A board, and maybe a host, that the floor does not know yet. What no host has room for is refused anyway. */
function countBoard(learning: Learning, host: number, hostName: string, labels: Labels): number {
  const { registry, tally, placing } = learning
  const units = registry.hosts.all[host]?.units.length ?? 0
  const name = `${hostName}/${uuidOf(placing, labels) || String(slotLabel(labels))}`
  if (host < 0) tally.add('hosts', hostName)
  if (tally.ofHost(hostName, name) + units <= MAX_BOARDS_OF_HOST) tally.add('gpus', name)
  const id = instanceLabel(labels)
  if (id !== '') tally.add('instances', `${name}/${id}`)
  countModel(registry, tally, labels)
  return UNPLACED
}

function countModel(registry: Registry, tally: DemandTally, labels: Labels): void {
  const model = modelLabel(labels)
  if (model === '') return
  const type = gpuTypeOf(model).name
  if (!registry.types.names.includes(type)) tally.add('models', type)
}

/** Notes what the labels say beyond the place, and steps down to the MIG instance where they name one. */
function describe(learning: Learning, board: number, labels: Labels): number {
  const { registry, taught, mode } = learning
  const id = instanceLabel(labels)
  const model = modelLabel(labels)
  if (mode === 'learn') registry.setModel(board, model, taught)
  else if (mode === 'count' && registry.units[board]?.modelName !== model)
    countModel(registry, learning.tally, labels)
  let unit = board
  if (id !== '') {
    unit = registry.instance(board, id)
    if (unit < 0 && mode === 'count') learning.tally.add('instances', `${registry.place(board)}/${id}`)
    if (unit < 0 && mode !== 'learn') return UNPLACED
    const profile = profileLabel(labels)
    if (unit < 0) unit = registry.addInstance(board, id, profile, taught)
    if (unit < 0) registry.refusals.note(taught.by.name, 'instancesOfBoard', registry.place(board), taught.at)
    const instance = registry.units[unit]
    if (!instance) return UNPLACED
    if (mode === 'learn' && profile !== '' && profile !== instance.profile) {
      instance.profile = profile
      registry.dirty = true
    }
  }
  // A narrow series says nothing about workloads; only one with full labels may take a workload away.
  const known = registry.units[unit]
  if (known && (labels.has('gpu') || labels.has('device'))) describeUse(learning, known, labels)
  return unit
}

function describeUse({ registry, tally, exported, mode }: Learning, known: Unit, labels: Labels): void {
  const workload = workloadOf(labels, exported)
  if (!sameWorkload(workload, known.workload)) {
    if (mode === 'count') {
      if (workload !== null) tally.add('pods', `${workload.namespace}/${workload.pod}/${workload.container}`)
      return
    }
    // Which pod it is cannot be learnt in quarantine, but that it is no longer the one before is known.
    known.workload = mode === 'learn' ? workload : null
    registry.dirty = true
  }
  if (mode !== 'learn') return
  const describing = describingLabels(labels)
  if (describing.length === 0) return
  const { modelName } = known
  if (descriptionOf(modelName, describing) !== descriptionOf(modelName, known.labels)) registry.dirty = true
  known.labels = describing
}

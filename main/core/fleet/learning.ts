import { gpuTypeOf } from '../../../shared/model/gpuType.ts'
import type { DemandTally } from './budget.ts'
import {
  addressLabel,
  describingLabels,
  hostLabel,
  instanceLabel,
  modelLabel,
  profileLabel,
  sameWorkload,
  slotLabel,
  uuidLabel,
  workloadOf,
  type Labels,
} from './identity.ts'
import { MAX_BOARDS_OF_HOST, type Registry, type Taught, type Unit } from './registry.ts'

export const UNPLACED = -1
export const LATER = -2

/** How the labels of one answer are read. */
export interface Learning {
  readonly registry: Registry
  /** Whoever is answerable for the source, and the time of the answer. */
  readonly taught: Taught
  readonly source: string
  /** Workload labels of this source are renamed by Prometheus. */
  readonly exported: boolean
  readonly staleAfterMs: number
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
  const { registry, source } = learning
  const slot = slotLabel(labels)
  if (slot === null) return LATER
  const named = hostLabel(labels)
  if (named === '') {
    const known = registry.byUuid.get(uuidLabel(labels))
    if (known !== undefined) return describe(learning, known, labels)
  }
  return boardAt(learning, named || addressLabel(labels, source), slot, labels)
}

/** For labels without a usable number. @returns the unit, or {@link UNPLACED} */
export function placeByUuid(learning: Learning, labels: Labels): number {
  const { registry } = learning
  const uuid = uuidLabel(labels)
  if (uuid === '') return UNPLACED
  const known = registry.byUuid.get(uuid)
  if (known !== undefined) return describe(learning, known, labels)
  const host = hostLabel(labels)
  // A bare UUID is how a narrow query names a GPU; its slot comes with the next identity query.
  if (host === '') return UNPLACED
  return boardAt(learning, host, freeSlot(learning, registry.hosts.find(host)), labels)
}

/** The lowest slot of a host whose board nobody knows by its UUID, for a GPU that nothing numbers. */
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

function boardAt(learning: Learning, hostName: string, slot: number, labels: Labels): number {
  const { registry, taught, mode, staleAfterMs } = learning
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
    board = registry.addBoard(host < 0 ? registry.hosts.add(hostName, taught.by) : host, slot, taught)
  }
  const uuid = uuidLabel(labels)
  const before = registry.units[board]?.uuid ?? ''
  if (mode !== 'learn' && uuid !== '' && before !== '' && uuid !== before) {
    if (mode === 'count') learning.tally.add('gpus', uuid)
    return UNPLACED
  }
  if (mode === 'learn' && !registry.claim(board, uuid, at, staleAfterMs)) return UNPLACED
  return describe(learning, board, labels)
}

/** A board, and maybe a host, that the floor does not know yet. What no host has room for is refused anyway. */
function countBoard({ registry, tally }: Learning, host: number, hostName: string, labels: Labels): number {
  const units = registry.hosts.all[host]?.units.length ?? 0
  const name = `${hostName}/${uuidLabel(labels) || String(slotLabel(labels))}`
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
  if (describing.length > 0) known.labels = describing
}

import { fieldCodeOfSeries, FIELDS } from '../../../shared/model/field.ts'
import { FIELD_COUNT } from './columns.ts'
import {
  addressLabel,
  carriesExported,
  describingLabels,
  hostLabel,
  instanceLabel,
  modelLabel,
  placementKey,
  profileLabel,
  sameWorkload,
  slotLabel,
  uuidLabel,
  workloadOf,
  type Labels,
} from './identity.ts'
import type { Registry } from './registry.ts'
import type { SeriesIdentity } from './types.ts'
import type { XidLedger } from './xid.ts'

/** Stands in the place of a field code for `DCGM_EXP_XID_ERRORS_COUNT`; the unit is then a place in the XID ledger. */
export const XID_COUNT = FIELD_COUNT
const XID_COUNT_SERIES = 'DCGM_EXP_XID_ERRORS_COUNT'
const UNPLACED = -1
const LATER = -2

export interface Placement {
  /** Per series: field code, or {@link XID_COUNT}. */
  readonly fields: Uint8Array
  /** Per series: unit, or -1 where the series has no place on the floor. */
  readonly units: Int32Array
  /** Series that may find a place later: a UUID not known yet, or a slot that another board holds. */
  readonly waiting: number
}

/**
 * Maps series onto units and learns who they are on the way. In two passes, because the series of one answer differ in
 * what they say: link metrics may carry a UUID alone, which means something once another series has named its slot.
 */
export function placeSeries(
  registry: Registry,
  xids: XidLedger,
  source: string,
  series: readonly SeriesIdentity[],
  at: number,
  staleAfterMs: number,
): Placement {
  const fields = new Uint8Array(series.length)
  const units = new Int32Array(series.length).fill(UNPLACED)
  const placed = new Map<string, number>()
  const exported = series.some(({ labels }) => carriesExported(labels))
  const later: { readonly i: number; readonly key: string; readonly uuid: string }[] = []
  const learn = { registry, source, exported, at, staleAfterMs, freeSlots: new Map<number, number>() }
  let waiting = 0

  const settle = (i: number, labels: Labels, unit: number): void => {
    if (unit < 0) waiting++
    else units[i] = destination(registry, xids, fields[i] as number, unit, labels)
  }

  series.forEach(({ name, labels }, i) => {
    // A source may carry anything beside GPUs; only DCGM's series say who is where.
    if (!name.startsWith('DCGM_')) return
    const code = name === XID_COUNT_SERIES ? XID_COUNT : fieldCodeOfSeries(name)
    fields[i] = Math.max(0, code)
    const key = placementKey(labels)
    let unit = placed.get(key)
    if (unit === undefined) {
      unit = placeBySlot(learn, labels)
      placed.set(key, unit)
    }
    if (code < 0) return
    if (unit === LATER) later.push({ i, key, uuid: uuidLabel(labels) })
    else settle(i, labels, unit)
  })

  // In the order of UUIDs, so that slots which nobody numbers come out the same after every restart.
  later.sort((a, b) => (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : a.i - b.i))
  for (const { i, key } of later) {
    const { labels } = series[i] as SeriesIdentity
    let unit = placed.get(key)
    if (unit === undefined || unit === LATER) {
      unit = placeByUuid(learn, labels)
      placed.set(key, unit)
    }
    settle(i, labels, unit)
  }
  return { fields, units, waiting }
}

interface Learning {
  readonly registry: Registry
  readonly source: string
  /** Workload labels of this source are renamed by Prometheus. */
  readonly exported: boolean
  readonly at: number
  readonly staleAfterMs: number
  /** By host: no slot below this is free. Within one answer slots are only ever taken. */
  readonly freeSlots: Map<number, number>
}

/** Board figures go to the board, once, however many of its instances repeat them (#317). */
function destination(
  registry: Registry,
  xids: XidLedger,
  field: number,
  unit: number,
  labels: Labels,
): number {
  if (field === XID_COUNT) return xids.counter(unit, labels)
  const board = registry.units[unit]?.board ?? -1
  return board >= 0 && FIELDS[field]?.perBoard === true ? board : unit
}

function placeBySlot(learning: Learning, labels: Labels): number {
  const { registry, source } = learning
  const slot = slotLabel(labels)
  if (slot === null) return LATER
  const named = hostLabel(labels)
  if (named === '') {
    const known = registry.byUuid.get(uuidLabel(labels))
    if (known !== undefined) return describe(learning, known, labels)
  }
  return learnBoard(learning, named || addressLabel(labels, source), slot, labels)
}

function placeByUuid(learning: Learning, labels: Labels): number {
  const { registry } = learning
  const uuid = uuidLabel(labels)
  if (uuid === '') return UNPLACED
  const known = registry.byUuid.get(uuid)
  if (known !== undefined) return describe(learning, known, labels)
  const host = hostLabel(labels)
  // A bare UUID is how a narrow query names a GPU; its slot comes with the next identity query.
  if (host === '') return UNPLACED
  return learnBoard(learning, host, freeSlot(learning, registry.hosts.find(host)), labels)
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

function learnBoard(learning: Learning, hostName: string, slot: number, labels: Labels): number {
  const { registry, source, at, staleAfterMs } = learning
  const known = registry.hosts.find(hostName)
  let board = known < 0 ? -1 : registry.board(known, slot)
  if (board < 0) {
    const why = registry.noRoomFor(known)
    if (why !== null) {
      registry.refusals.note(source, why, why === 'floor' ? '' : hostName, at)
      return UNPLACED
    }
    board = registry.addBoard(known < 0 ? registry.hosts.add(hostName) : known, slot)
  }
  if (!registry.claim(board, uuidLabel(labels), at, staleAfterMs)) return UNPLACED
  return describe(learning, board, labels)
}

/** Notes what the labels say beyond the place, and steps down to the MIG instance where they name one. */
function describe(learning: Learning, board: number, labels: Labels): number {
  const { registry, exported } = learning
  registry.setModel(board, modelLabel(labels))
  const id = instanceLabel(labels)
  let unit = board
  if (id !== '') {
    const profile = profileLabel(labels)
    unit = registry.instance(board, id)
    if (unit < 0) unit = registry.addInstance(board, id, profile)
    if (unit < 0)
      registry.refusals.note(learning.source, 'instancesOfBoard', registry.place(board), learning.at)
    const instance = registry.units[unit]
    if (!instance) return UNPLACED
    if (profile !== '' && profile !== instance.profile) {
      instance.profile = profile
      registry.dirty = true
    }
  }
  const known = registry.units[unit]
  // A narrow series says nothing about workloads; only one with full labels may take a workload away.
  if (known && (labels.has('gpu') || labels.has('device'))) {
    const workload = workloadOf(labels, exported)
    if (!sameWorkload(workload, known.workload)) {
      known.workload = workload
      registry.dirty = true
    }
    const describing = describingLabels(labels)
    if (describing.length > 0) known.labels = describing
  }
  return unit
}

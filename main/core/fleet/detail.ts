import type { GpuDetail, HostDetail, Reading } from '../../../shared/contract/fleet.ts'
import { FIELDS, type FieldId } from '../../../shared/model/field.ts'
import { FIGURE, figureState, PRESENCES, SEVERITIES } from '../../../shared/model/figure.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { conditionsOf } from '../../../shared/model/frame.ts'
import type { StaleLimits } from './sources/cadences.ts'
import { CELL, FIELD_COUNT } from './figures/columns.ts'
import type { Evaluation } from './figures/evaluation.ts'
import type { Abnormality } from './findings/findings.ts'
import { sameWorkload, type Workload } from './places/identity.ts'
import { LOWER } from './figures/plausibility.ts'
import type { Registry } from './places/registry.ts'
import { powerOf } from './places/rollcall.ts'
import { cellState } from './figures/states.ts'
import type { RowOrder } from './topology.ts'
import type { XidLedger, XidRecord } from './findings/xid.ts'

/** What a drawer shows of one GPU or one host, as of the last evaluation. */
export interface Detailing {
  readonly registry: Registry
  readonly evaluation: Evaluation
  readonly order: RowOrder
  readonly limits: StaleLimits
  readonly xids: XidLedger
  readonly abnormal: readonly Abnormality[]
  readonly sourceName: (feeder: number) => string
  /** Why the source of a unit has a figure of it that could not be read; '' where that is not so. */
  readonly unreadWhy: (unit: number, f: number) => string
}

export function gpuDetail(detailing: Detailing, hostName: string, slot: number): GpuDetail | null {
  const { registry, order, evaluation, xids } = detailing
  const board = registry.board(registry.hosts.find(hostName), slot)
  const unit = registry.units[board]
  const row = order.rows[board]
  if (!unit || row === undefined || row < 0) return null
  const { topology } = order
  const host = topology.hosts[topology.gpus.host[row] as number]
  const rack = topology.racks[host?.rack ?? -1]
  return {
    topologyVersion: topology.version,
    host: host?.name ?? hostName,
    rack: rack?.name ?? '',
    floor: topology.floors[rack?.floor ?? -1]?.name ?? '',
    slot,
    type: registry.types.names[registry.columns.type[board] as number] ?? '',
    modelName: unit.modelName,
    uuid: unit.uuid,
    labels: unit.labels.map(({ name, value }) => ({ name, value })),
    workloads: [...(unit.workload ? [unit.workload] : []), ...unit.sharers].map((each) => ({
      ...each,
      own: ownReadings(detailing, board, each),
    })),
    unit: unitDetail(detailing, board),
    instances: instancesInOrder(order, unit.instances).map((each) => ({
      ...unitDetail(detailing, each),
      profile: registry.units[each]?.profile ?? '',
      id: registry.units[each]?.instanceId ?? '',
    })),
    xids: xidsOf([board, ...unit.instances].flatMap((each) => xids.records(each))),
    findings: findingsOf(detailing, [board, ...unit.instances]),
    origin: originOf(detailing, [board, ...unit.instances]),
    lastSampleAt: finiteOrNull(evaluation.freshAt[board] as number),
  }
}

/** One entry for each code, newest first: instances repeat what is their board's. */
function xidsOf(records: readonly XidRecord[]): GpuDetail['xids'] {
  const byCode = new Map<number, GpuDetail['xids'][number]>()
  for (const { code, at, count } of records) {
    const known = byCode.get(code)
    if (known === undefined) byCode.set(code, { code, at, count })
    else byCode.set(code, { code, at: Math.min(at, known.at), count: count ?? known.count })
  }
  return [...byCode.values()].toSorted((a, b) => b.at - a.at)
}

export function hostDetail(detailing: Detailing, name: string): HostDetail | null {
  const { registry, order, evaluation } = detailing
  const host = registry.hosts.all[registry.hosts.find(name)]
  const { topology } = order
  const placed = topology.hosts.find((each) => each.name === host?.name)
  if (!host || !placed) return null
  const rack = topology.racks[placed.rack]
  const units = host.units.filter((unit) => (order.rows[unit] ?? -1) >= 0)
  const newest = units.reduce(
    (at, unit) => Math.max(at, evaluation.freshAt[unit] as number),
    Number.NEGATIVE_INFINITY,
  )
  return {
    topologyVersion: topology.version,
    host: host.name,
    rack: rack?.name ?? '',
    floor: topology.floors[rack?.floor ?? -1]?.name ?? '',
    expected: host.expected,
    present: units.filter((unit) => PRESENCES[evaluation.presence[unit] as number] !== 'missing').length,
    rows: units.map((unit) => order.rows[unit] as number),
    powerWatts: powerOf(registry, evaluation, units, detailing.limits).watts,
    findings: findingsOf(
      detailing,
      units.flatMap((unit) => [unit, ...(registry.units[unit]?.instances ?? [])]),
    ),
    origin: originOf(detailing, units),
    lastSampleAt: finiteOrNull(newest),
  }
}

function unitDetail(detailing: Detailing, unit: number): GpuDetail['unit'] {
  const { evaluation, order } = detailing
  const rowStale = evaluation.state[unit] === FIGURE.stale
  return {
    row: order.rows[unit] as number,
    state: figureState(evaluation.state[unit] as number),
    severity: SEVERITIES[evaluation.severity[unit] as number] ?? 'critical',
    presence: PRESENCES[evaluation.presence[unit] as number] ?? 'missing',
    conditions: conditionsOf(evaluation.bits[unit] as number),
    readings: FIELDS.map((field, f) => reading(detailing, field.id, f, unit, rowStale)),
  }
}

/** A refused value stays readable here, for the tooltip; JSON knows no infinity, so that one reads as null. */
function reading(
  { registry, evaluation, limits, unreadWhy }: Detailing,
  field: FieldId,
  f: number,
  unit: number,
  rowStale: boolean,
): Reading {
  const state = cellState(registry, evaluation, f, unit, limits, rowStale)
  if (state === FIGURE.absent)
    return {
      field,
      state: 'absent',
      value: null,
      at: null,
      why: absenceOf(registry, f, unit, unreadWhy(unit, f)),
    }
  const value = registry.columns.value[f]?.[unit] ?? Number.NaN
  const at = registry.columns.at[f]?.[unit] ?? Number.NaN
  return { field, state: figureState(state), value: finiteOrNull(value), at: finiteOrNull(at) }
}

/** What a pod or job has of its own on a GPU that it shares: parts of the figure that the board has now. */
function ownReadings(detailing: Detailing, board: number, user: Workload): Reading[] {
  const { registry, evaluation, limits } = detailing
  const { columns, types } = registry
  const rowStale = evaluation.state[board] === FIGURE.stale
  const figures = [...(registry.units[board]?.ownFigures ?? [])].toSorted(([a], [b]) => a - b)
  return figures.flatMap(([f, { at, parts }]): Reading[] => {
    const id = FIELDS[f]?.id
    const part = parts.find((each) => sameWorkload(each.user, user))
    if (id === undefined || part === undefined || columns.at[f]?.[board] !== at) return []
    const { value } = part
    if (Number.isNaN(value))
      return [{ field: id, state: 'absent', value: null, at: null, why: 'not sent for this pod' }]
    const most = types.upper[(columns.type[board] as number) * FIELD_COUNT + f] as number
    const isStale = cellState(registry, evaluation, f, board, limits, rowStale) === FIGURE.stale
    const believed = isStale ? 'stale' : value === 0 ? 'zero' : 'ok'
    const isPlausible = value >= (LOWER[f] as number) && value <= most
    return [{ field: id, state: isPlausible ? believed : 'implausible', value: finiteOrNull(value), at }]
  })
}

/** Why a figure is absent. "0" is never said of what no series exists for. */
function absenceOf(registry: Registry, f: number, unit: number, unread: string): string {
  if (unread !== '') return `not read: ${unread}`
  if (registry.sentEmpty.has(unit * FIELD_COUNT + f)) return 'sent without a value (blank or NaN)'
  const cells = registry.columns.cell[f] as Uint8Array
  if (cells[unit] === CELL.withdrawn) return 'no longer sent'
  if (cells[unit] !== CELL.never) return 'sent as 0, which here means that it is not measured'
  const host = registry.hostOf(unit)
  const sent = host.units.some((board) =>
    [board, ...(registry.units[board]?.instances ?? [])].some((each) => cells[each] !== CELL.never),
  )
  return sent ? 'sent for other GPUs of its host, not for this one' : 'not exported by its host'
}

function instancesInOrder(order: RowOrder, units: readonly number[]): number[] {
  return units
    .filter((unit) => (order.rows[unit] ?? -1) >= 0)
    .toSorted((a, b) => (order.rows[a] as number) - (order.rows[b] as number))
}

function findingsOf({ abnormal }: Detailing, units: readonly number[]): Finding[] {
  const own = new Set(units)
  return abnormal.filter((each) => each.units.some((unit) => own.has(unit))).map(({ finding }) => finding)
}

/** Names of the sources that the present figures came from, and whether some were derived from instances. */
function originOf({ registry, sourceName }: Detailing, units: readonly number[]): string {
  const { cell, feeder } = registry.columns
  const names = new Set<string>()
  for (const unit of units) {
    for (let f = 0; f < FIELD_COUNT; f++) {
      const code = cell[f]?.[unit] ?? CELL.never
      if (code >= CELL.live) names.add(sourceName(feeder[f]?.[unit] ?? 0))
      else if (code >= CELL.derived) names.add('derived from MIG instances')
    }
  }
  return [...names].slice(0, 8).join(', ')
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

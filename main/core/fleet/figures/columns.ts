import { FIELDS } from '../../../../shared/model/field.ts'

/**
 * The live figures: one column per field over *units*. A unit is a physical GPU or a MIG instance and keeps its place
 * here for life; the rows that screens see are an order over units (topology.ts), so figures never move when rows do.
 */
export const FIELD_COUNT = FIELDS.length

/** What a cell holds. `live` and above were read from a source itself; the derived ones come from MIG instances. */
export const CELL = {
  never: 0,
  withdrawn: 1,
  derived: 2,
  derivedImplausible: 3,
  live: 4,
  implausible: 5,
} as const

export interface Columns {
  capacity: number
  /** Per field, per unit: the last value as received (also a refused one, for the tooltip), NaN before the first. */
  value: Float64Array[]
  /** When that value was true, ms. Fields of different pace have different ages. */
  at: Float64Array[]
  /** CELL codes. */
  cell: Uint8Array[]
  /** Which source gave it; only that source can withdraw it. */
  feeder: Uint32Array[]
  /** Per unit: place of its host, of its GPU type, newest sample (-Infinity: never). */
  host: Int32Array
  type: Uint16Array
  seenAt: Float64Array
  /** Source of that sample. */
  seenBy: Uint32Array
  /** When a source last brought a figure of it, also one that stands still; -Infinity: never. */
  namedAt: Float64Array
  /** How many cells are live, and since when none is. */
  live: Uint16Array
  goneSince: Float64Array
}

function perField<T>(make: () => T): T[] {
  return FIELDS.map(make)
}

export function createColumns(capacity = 64): Columns {
  return {
    capacity,
    value: perField(() => new Float64Array(capacity).fill(Number.NaN)),
    at: perField(() => new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY)),
    cell: perField(() => new Uint8Array(capacity)),
    feeder: perField(() => new Uint32Array(capacity)),
    host: new Int32Array(capacity),
    type: new Uint16Array(capacity),
    seenAt: new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY),
    seenBy: new Uint32Array(capacity),
    namedAt: new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY),
    live: new Uint16Array(capacity),
    goneSince: new Float64Array(capacity).fill(Number.NaN),
  }
}

/** Makes room for `units` units; doubles, so that a floor that appears host by host is copied a few times only. */
export function ensureCapacity(columns: Columns, units: number): void {
  if (units <= columns.capacity) return
  const grown = createColumns(Math.max(units, columns.capacity * 2))
  for (let f = 0; f < FIELD_COUNT; f++) {
    grown.value[f]?.set(columns.value[f] as Float64Array)
    grown.at[f]?.set(columns.at[f] as Float64Array)
    grown.cell[f]?.set(columns.cell[f] as Uint8Array)
    grown.feeder[f]?.set(columns.feeder[f] as Uint32Array)
  }
  grown.host.set(columns.host)
  grown.type.set(columns.type)
  grown.seenAt.set(columns.seenAt)
  grown.seenBy.set(columns.seenBy)
  grown.namedAt.set(columns.namedAt)
  grown.live.set(columns.live)
  grown.goneSince.set(columns.goneSince)
  Object.assign(columns, grown)
}

/** Forgets the figures of a unit: another board stands in the slot, and nothing of the old one may pass as its own. */
export function clearFigures(columns: Columns, unit: number, at: number): void {
  for (let f = 0; f < FIELD_COUNT; f++) {
    const value = columns.value[f] as Float64Array
    const time = columns.at[f] as Float64Array
    const cell = columns.cell[f] as Uint8Array
    value[unit] = Number.NaN
    time[unit] = Number.NEGATIVE_INFINITY
    cell[unit] = CELL.never
  }
  columns.live[unit] = 0
  columns.goneSince[unit] = at
}

/** Makes the place of a forgotten unit fit for another. */
export function clearUnit(columns: Columns, unit: number): void {
  clearFigures(columns, unit, Number.NaN)
  columns.seenAt[unit] = Number.NEGATIVE_INFINITY
  columns.namedAt[unit] = Number.NEGATIVE_INFINITY
}

/** The source that gave this cell has answered without it at `at`. The last value stays, for a row that vanishes whole. */
export function withdrawCell(columns: Columns, field: number, unit: number, at: number): void {
  const cell = columns.cell[field] as Uint8Array
  if ((cell[unit] as number) < CELL.live) return
  cell[unit] = CELL.withdrawn
  const left = (columns.live[unit] as number) - 1
  columns.live[unit] = left
  if (left === 0) columns.goneSince[unit] = at
}

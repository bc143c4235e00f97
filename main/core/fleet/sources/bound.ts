import type { Placement } from '../places/placement.ts'
import type { GpuRows, Unread } from '../types.ts'
import type { Remark } from './remarks.ts'

/** The rows of one question to one source as ingest reads them: per series a field code and a unit, found once. */
export interface Bound {
  readonly feeder: number
  readonly series: GpuRows['series']
  fields: Uint8Array
  units: Int32Array
  /** Distinct field codes. */
  covers: readonly number[]
  /** Series that may find a place later. */
  waiting: number
  /** What the last answer names and has not read; null where it has read everything. */
  unread: Unread | null
  /** Figures that stand once for each of several pods. */
  shared: Placement['shared']
  placedAt: number
  learnt: number
  moved: number
  releases: number
  remarks: readonly Remark[]
  /** Who is answerable for it. */
  speaker: string
  /** One machine's own answer, in which a series without a value was sent as such. */
  ofMachine: boolean
}

/** Nothing of it is found yet. */
export function newlyBound(feeder: number, series: GpuRows['series']): Bound {
  return {
    feeder,
    series,
    fields: new Uint8Array(0),
    units: new Int32Array(0),
    covers: [],
    waiting: 0,
    unread: null,
    shared: [],
    placedAt: 0,
    learnt: 0,
    moved: 0,
    releases: 0,
    remarks: [],
    speaker: '',
    ofMachine: false,
  }
}

import type { FieldId } from './field.ts'

/**
 * One picture of the whole fleet at one instant, as columns.
 * Rows: first every physical GPU in the order of `Topology.gpus`, then every MIG instance in the order of
 * `Topology.instances`. A frame belongs to exactly one topology version; rows never move within a version.
 */
export interface FleetFrame {
  /** Counts up by one per frame that the engine cut; gaps are frames that a slow screen skipped. */
  readonly sequence: number
  /** Engine wall clock when the frame was cut, ms since the epoch. */
  readonly at: number
  readonly topologyVersion: number
  readonly rows: number
  /** Overall FIGURE code per row. */
  readonly state: Uint8Array
  /** SEVERITY code per row. */
  readonly severity: Uint8Array
  /** PRESENCE code per row. */
  readonly presence: Uint8Array
  /** CONDITION bits per row. */
  readonly conditions: Uint16Array
  /** Age of the row's newest sample at `at`, ms; NEVER where none was ever seen. */
  readonly ageMs: Uint32Array
  readonly fields: readonly FieldId[]
  /** Per field of `fields`: values in the exporter's unit, NaN where there is none. */
  readonly values: readonly Float32Array[]
  /** Per field of `fields`: FIGURE codes. */
  readonly states: readonly Uint8Array[]
}

export const NEVER = 0xffff_ffff

/** Why a row is abnormal. Bits, because several hold at once. */
export const CONDITION = {
  missing: 0x1,
  unexpected: 0x2,
  stale: 0x4,
  frozen: 0x8,
  implausible: 0x10,
  xid: 0x20,
  thermal: 0x40,
  ecc: 0x80,
  remapFailed: 0x100,
  slowdown: 0x200,
  hot: 0x400,
  identityChanged: 0x800,
  typeMismatch: 0x1000,
  /** Busy by GPU_UTIL while drawing almost no power: a communication deadlock looks like this. */
  busyButIdle: 0x2000,
  /** Beyond a configured limit of a field other than a temperature. */
  overLimit: 0x4000,
} as const
export type Condition = keyof typeof CONDITION

export function conditionsOf(bits: number): Condition[] {
  return (Object.keys(CONDITION) as Condition[]).filter((name) => (bits & CONDITION[name]) !== 0)
}

import { BINARY_HEADER_BYTES } from '../contract/wire.ts'

/**
 * Bytes of one fleet frame, all little-endian, starting at `base` (a multiple of 4, normally 8, behind the
 * subscription header of shared/contract/wire.ts):
 *
 *   0  u32  magic "FWF1"          16  f64  at, ms since the epoch
 *   4  u16  layout version        24  u32  rows
 *   6  u16  number of fields      28  u32  zero
 *   8  u32  sequence              32  u16  field code, per field; padded to a multiple of 8
 *  12  u32  topology version
 *
 * then the columns, widest elements first so that each is aligned by itself:
 *   per field f32 values · u32 ageMs · u16 conditions · u8 state · u8 severity · u8 presence · per field u8 states
 */
export const MAGIC = 0x31_46_57_46
export const LAYOUT_VERSION = 1
export const FIXED_HEADER_BYTES = 32

/** Far above any floor (100,000 boards of 7 instances are 800,000 rows); keeps a lying header from asking for more. */
export const MAX_ROWS = 4_194_304
export const MAX_FIELDS = 256

/** Where the first column starts, counted from `base`. */
export function headerBytes(fields: number): number {
  return (FIXED_HEADER_BYTES + fields * 2 + 7) & ~7
}

/** Length of a whole frame from `base` to its end. At most 2^32 rows x 1,289 bytes: far inside a safe integer. */
export function frameBytes(rows: number, fields: number): number {
  const perRow = fields * 4 + 4 + 2 + 3 + fields
  return headerBytes(fields) + rows * perRow
}

/** Places of the columns within the buffer, in the order in which they stand. */
export function columns(base: number, rows: number, fields: number) {
  const values = base + headerBytes(fields)
  const ageMs = values + fields * rows * 4
  const conditions = ageMs + rows * 4
  const state = conditions + rows * 2
  const severity = state + rows
  const presence = severity + rows
  const states = presence + rows
  return { values, ageMs, conditions, state, severity, presence, states }
}

export const FRAME_OFFSET = BINARY_HEADER_BYTES

/** The buffer is not a frame that this version understands, or a frame's columns do not fit together. */
export class FrameCodecError extends Error {
  override readonly name = 'FrameCodecError'
}

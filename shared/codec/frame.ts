import { BINARY_HEADER_BYTES } from '../contract/wire.ts'
import { fieldCode, FIELD_IDS, type FieldId } from '../model/field.ts'
import type { FleetFrame } from '../model/frame.ts'
import {
  columns,
  FIXED_HEADER_BYTES,
  FRAME_OFFSET,
  frameBytes,
  FrameCodecError,
  LAYOUT_VERSION,
  MAGIC,
  MAX_FIELDS,
  MAX_ROWS,
} from './layout.ts'

export { FrameCodecError } from './layout.ts'

const UINT32_MAX = 0xffff_ffff

/**
 * The subscription header and the frame in one buffer, ready for {@link Wire.send}.
 * @throws FrameCodecError when the columns of the frame have different lengths or a number does not fit its place.
 */
export function encodeFrame(frame: FleetFrame, subscriptionId = 0): ArrayBuffer {
  const { rows, fields } = frame
  checkFrame(frame)
  checkSubscription(subscriptionId)
  const bytes = new ArrayBuffer(FRAME_OFFSET + frameBytes(rows, fields.length))
  const view = new DataView(bytes)
  const base = FRAME_OFFSET
  view.setUint32(0, subscriptionId, true)
  view.setUint32(base, MAGIC, true)
  view.setUint16(base + 4, LAYOUT_VERSION, true)
  view.setUint16(base + 6, fields.length, true)
  view.setUint32(base + 8, frame.sequence, true)
  view.setUint32(base + 12, frame.topologyVersion, true)
  view.setFloat64(base + 16, frame.at, true)
  view.setUint32(base + 24, rows, true)
  fields.forEach((id, i) => view.setUint16(base + FIXED_HEADER_BYTES + i * 2, fieldCode(id), true))

  const at = columns(base, rows, fields.length)
  const values = new Float32Array(bytes, at.values, rows * fields.length)
  const states = new Uint8Array(bytes, at.states, rows * fields.length)
  for (let i = 0; i < fields.length; i++) {
    values.set(column(frame.values, i), i * rows)
    states.set(column(frame.states, i), i * rows)
  }
  new Uint32Array(bytes, at.ageMs, rows).set(frame.ageMs)
  new Uint16Array(bytes, at.conditions, rows).set(frame.conditions)
  new Uint8Array(bytes, at.state, rows).set(frame.state)
  new Uint8Array(bytes, at.severity, rows).set(frame.severity)
  new Uint8Array(bytes, at.presence, rows).set(frame.presence)
  return bytes
}

/**
 * Views into `bytes`, nothing is copied: keep the buffer unchanged as long as the frame is in use.
 * @param offset where the frame starts; behind the subscription header unless told otherwise
 * @throws FrameCodecError, and nothing else, whatever the bytes are. Never allocates more than the views.
 */
export function decodeFrame(bytes: ArrayBuffer, offset: number = FRAME_OFFSET): FleetFrame {
  if (!Number.isInteger(offset) || offset < 0 || offset % 4 !== 0) {
    throw new FrameCodecError(`A frame cannot start at byte ${offset}: expected a multiple of 4.`)
  }
  const available = bytes.byteLength - offset
  if (available < FIXED_HEADER_BYTES) {
    throw new FrameCodecError(
      `The frame is cut off: ${Math.max(0, available)} bytes, its header alone has ${FIXED_HEADER_BYTES}.`,
    )
  }
  const view = new DataView(bytes, offset)
  if (view.getUint32(0, true) !== MAGIC) throw new FrameCodecError('These bytes are not a fleet frame.')
  const version = view.getUint16(4, true)
  if (version !== LAYOUT_VERSION) {
    throw new FrameCodecError(`The frame has layout ${version}, this screen understands ${LAYOUT_VERSION}.`)
  }
  const fieldCount = view.getUint16(6, true)
  const rows = view.getUint32(24, true)
  if (fieldCount > MAX_FIELDS) throw new FrameCodecError(`The frame claims ${fieldCount} fields.`)
  if (rows > MAX_ROWS)
    throw new FrameCodecError(`The frame claims ${rows} rows, at most ${MAX_ROWS} are taken.`)
  const expected = frameBytes(rows, fieldCount)
  if (available !== expected) {
    throw new FrameCodecError(
      `The frame has ${available} bytes; ${rows} rows of ${fieldCount} fields need ${expected}.`,
    )
  }
  const at = view.getFloat64(16, true)
  if (!Number.isFinite(at)) throw new FrameCodecError('The frame carries no time.')

  const place = columns(offset, rows, fieldCount)
  return {
    sequence: view.getUint32(8, true),
    at,
    topologyVersion: view.getUint32(12, true),
    rows,
    state: new Uint8Array(bytes, place.state, rows),
    severity: new Uint8Array(bytes, place.severity, rows),
    presence: new Uint8Array(bytes, place.presence, rows),
    conditions: new Uint16Array(bytes, place.conditions, rows),
    ageMs: new Uint32Array(bytes, place.ageMs, rows),
    fields: decodeFields(view, fieldCount),
    values: Array.from(
      { length: fieldCount },
      (_, i) => new Float32Array(bytes, place.values + i * rows * 4, rows),
    ),
    states: Array.from(
      { length: fieldCount },
      (_, i) => new Uint8Array(bytes, place.states + i * rows, rows),
    ),
  }
}

/**
 * Which subscription a binary message belongs to.
 * @throws FrameCodecError when the message is too short to say.
 */
export function subscriptionOf(bytes: ArrayBuffer): number {
  if (bytes.byteLength < BINARY_HEADER_BYTES) {
    throw new FrameCodecError(
      `A binary message of ${bytes.byteLength} bytes has no room for its subscription.`,
    )
  }
  return new DataView(bytes).getUint32(0, true)
}

/** A copy of an encoded frame for another subscription: one memory copy instead of encoding it again. */
export function addressTo(encoded: ArrayBuffer, subscriptionId: number): ArrayBuffer {
  checkSubscription(subscriptionId)
  const copy = encoded.slice(0)
  new DataView(copy).setUint32(0, subscriptionId, true)
  return copy
}

function decodeFields(view: DataView, count: number): FieldId[] {
  const fields: FieldId[] = []
  for (let i = 0; i < count; i++) {
    const code = view.getUint16(FIXED_HEADER_BYTES + i * 2, true)
    const id = FIELD_IDS[code]
    if (id === undefined) {
      throw new FrameCodecError(`The frame carries field ${code}, which this screen does not know.`)
    }
    if (fields.includes(id)) throw new FrameCodecError(`The frame carries the field ${id} twice.`)
    fields.push(id)
  }
  return fields
}

function checkFrame(frame: FleetFrame): void {
  const { rows, fields } = frame
  if (!Number.isInteger(rows) || rows < 0 || rows > MAX_ROWS) {
    throw new FrameCodecError(`A frame of ${rows} rows cannot be sent; at most ${MAX_ROWS}.`)
  }
  if (new Set(fields).size !== fields.length) throw new FrameCodecError('A field stands twice in the frame.')
  if (!Number.isFinite(frame.at)) throw new FrameCodecError('The frame carries no time.')
  for (const [name, count] of [
    ['sequence', frame.sequence],
    ['topology version', frame.topologyVersion],
  ] as const) {
    if (!Number.isInteger(count) || count < 0 || count > UINT32_MAX) {
      throw new FrameCodecError(`The ${name} ${count} of the frame does not fit 32 bits.`)
    }
  }
  const lengths: readonly (readonly [string, number])[] = [
    ['state', frame.state.length],
    ['severity', frame.severity.length],
    ['presence', frame.presence.length],
    ['conditions', frame.conditions.length],
    ['ageMs', frame.ageMs.length],
    ...fields.map((id, i) => [`values of ${id}`, frame.values[i]?.length ?? -1] as const),
    ...fields.map((id, i) => [`states of ${id}`, frame.states[i]?.length ?? -1] as const),
  ]
  for (const [name, length] of lengths) {
    if (length !== rows) {
      throw new FrameCodecError(`Column "${name}" has ${Math.max(0, length)} entries for ${rows} rows.`)
    }
  }
}

function checkSubscription(id: number): void {
  if (!Number.isInteger(id) || id < 0 || id > UINT32_MAX) {
    throw new FrameCodecError(`The subscription ${id} does not fit 32 bits.`)
  }
}

function column<T>(list: readonly T[], i: number): T {
  const found = list[i]
  if (found === undefined) throw new FrameCodecError(`Column ${i} is not there.`)
  return found
}

import { ACTIVITY_FIELDS } from '../../../shared/model/activity.ts'
import type { FieldId } from '../../../shared/model/field.ts'
import { FIGURE } from '../../../shared/model/figure.ts'
import { type FleetFrame, NEVER } from '../../../shared/model/frame.ts'

/** One field of a frame: values in the exporter's unit (NaN where there is none) and their FIGURE codes. */
export interface Column {
  readonly values: Float32Array
  readonly states: Uint8Array
}

/** null where the frame does not carry the field. */
export function columnOf(frame: FleetFrame, field: FieldId): Column | null {
  const index = frame.fields.indexOf(field)
  const values = frame.values[index]
  const states = frame.states[index]
  return values && states ? { values, states } : null
}

/** When the newest sample of a row was taken, ms since the epoch; null: none has ever come. */
export function sampledAt(frame: FleetFrame, row: number): number | null {
  const age = frame.ageMs[row] ?? NEVER
  return age === NEVER ? null : frame.at - age
}

/** A figure that may be counted in a mean or a sum: current, and not refused. */
export function isKnown(state: number | undefined): boolean {
  return state === FIGURE.ok || state === FIGURE.zero
}

/** Below this share of the best coverage a better kind of figure is not chosen … */
const ENOUGH = 0.8
/** … and below this one it is given up: a floor near the limit must not change its metric back and forth. */
const TOO_FEW = 0.5

/**
 * The figure of activity that stands for a floor: the best kind (SM activity before the graphics engine's before
 * utilisation) that about as many GPUs have as any other. A few refused figures do not change what the floor is measured
 * by.
 * @param before what stood for it until now, null for nothing
 * @param mask rows to look at, 1 each; null for all
 * @returns null where no GPU has any
 */
export function activityField(
  frame: FleetFrame,
  rows: number,
  before: FieldId | null = null,
  mask: Uint8Array | null = null,
): FieldId | null {
  const known = ACTIVITY_FIELDS.map(({ field }) => ({
    field,
    count: countKnown(columnOf(frame, field), rows, mask),
  }))
  const most = Math.max(...known.map(({ count }) => count))
  if (most === 0) return null
  const best = known.findIndex(({ count }) => count >= most * ENOUGH)
  const kept = known.findIndex(({ field, count }) => field === before && count >= most * TOO_FEW)
  return known[kept >= 0 && kept < best ? kept : best]?.field ?? null
}

function countKnown(column: Column | null, rows: number, mask: Uint8Array | null): number {
  if (column === null) return 0
  let known = 0
  for (let row = 0; row < rows; row++)
    if ((mask === null || mask[row] !== 0) && isKnown(column.states[row])) known++
  return known
}

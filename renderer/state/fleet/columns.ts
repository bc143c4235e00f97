import { ACTIVITY_FIELDS } from '../../../shared/model/activity.ts'
import type { FieldId } from '../../../shared/model/field.ts'
import { FIGURE } from '../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'

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

/** A figure that may be counted in a mean or a sum: current, and not refused. */
export function isKnown(state: number | undefined): boolean {
  return state === FIGURE.ok || state === FIGURE.zero
}

/** Below this share of the best coverage a better kind of figure gives way to one that more GPUs have. */
const ENOUGH = 0.8

/**
 * The activity field to sum up: the best kind of figure (SM activity before the graphics engine's before utilisation)
 * that about as many GPUs have as any other. A few refused figures do not change what the floor is measured by.
 */
export function activityField(frame: FleetFrame, rows: number): FieldId | null {
  const known = ACTIVITY_FIELDS.map(({ field }) => ({
    field,
    count: countKnown(columnOf(frame, field), rows),
  }))
  const most = Math.max(...known.map(({ count }) => count))
  if (most === 0) return null
  return known.find(({ count }) => count >= most * ENOUGH)?.field ?? null
}

function countKnown(column: Column | null, rows: number): number {
  if (column === null) return 0
  let known = 0
  for (let row = 0; row < rows; row++) if (isKnown(column.states[row])) known++
  return known
}

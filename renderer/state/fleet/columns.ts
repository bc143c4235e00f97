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

/** The activity field with the most known figures over `rows`, the better kind of figure when equal; null without any. */
export function activityField(frame: FleetFrame, rows: number): FieldId | null {
  let best: FieldId | null = null
  let most = 0
  for (const { field } of ACTIVITY_FIELDS) {
    const column = columnOf(frame, field)
    if (column === null) continue
    let known = 0
    for (let row = 0; row < rows; row++) if (isKnown(column.states[row])) known++
    if (known > most) {
      best = field
      most = known
    }
  }
  return best
}

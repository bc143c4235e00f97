import { fieldCode, type FieldId } from '../../../shared/model/field.ts'
import { FIGURE } from '../../../shared/model/figure.ts'
import { NEVER, type FleetFrame } from '../../../shared/model/frame.ts'
import type { StaleLimits } from './sources/cadences.ts'
import type { Evaluation } from './figures/evaluation.ts'
import type { Registry } from './places/registry.ts'
import { cellState } from './figures/states.ts'
import type { RowOrder } from './topology.ts'

/** One frame in row order, in fresh arrays. A refused or absent figure has no value and cannot be drawn by mistake. */
export function cutFrame(
  registry: Registry,
  evaluation: Evaluation,
  order: RowOrder,
  fields: readonly FieldId[],
  limits: StaleLimits,
  sequence: number,
): FleetFrame {
  const { units } = order
  const rows = units.length
  const state = new Uint8Array(rows)
  const severity = new Uint8Array(rows)
  const presence = new Uint8Array(rows)
  const conditions = new Uint16Array(rows)
  const ageMs = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const u = units[row] as number
    state[row] = evaluation.state[u] as number
    severity[row] = evaluation.severity[u] as number
    presence[row] = evaluation.presence[u] as number
    conditions[row] = (evaluation.bits[u] as number) & 0xffff
    ageMs[row] = ageOf(evaluation, u)
  }
  const values: Float32Array[] = []
  const states: Uint8Array[] = []
  for (const id of fields) {
    const f = fieldCode(id)
    const column = registry.columns.value[f] as Float64Array
    const value = new Float32Array(rows)
    const cells = new Uint8Array(rows)
    for (let row = 0; row < rows; row++) {
      const u = units[row] as number
      const code = cellState(registry, evaluation, f, u, limits, evaluation.state[u] === FIGURE.stale)
      cells[row] = code
      value[row] = code === FIGURE.absent || code === FIGURE.implausible ? Number.NaN : (column[u] as number)
    }
    values.push(value)
    states.push(cells)
  }
  return {
    sequence,
    at: evaluation.now,
    topologyVersion: order.topology.version,
    rows,
    state,
    severity,
    presence,
    conditions,
    ageMs,
    fields: [...fields],
    values,
    states,
  }
}

/** A sample from the future (clocks differ) is new, not negative. */
function ageOf(evaluation: Evaluation, unit: number): number {
  const seen = evaluation.freshAt[unit] as number
  if (seen === Number.NEGATIVE_INFINITY) return NEVER
  return Math.min(NEVER - 1, Math.max(0, Math.round(evaluation.now - seen)))
}

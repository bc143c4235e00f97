import { FIGURE, FIGURE_STATES, figureState, type FigureState } from '../../../shared/model/figure.ts'
import type { FieldId } from '../../../shared/model/field.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import type { Topology } from '../../../shared/model/topology.ts'

export const ACTIVITY_BINS = 20

/** What a floor, or what a filter leaves of it, sums up to. Physical GPUs only: instances are part of their boards. */
export interface FleetSummary {
  readonly byType: readonly {
    readonly type: string
    readonly total: number
    readonly byState: Readonly<Record<FigureState, number>>
  }[]
  readonly activity: {
    /** SM activity where exporters send it; default exporters send the graphics engine's alone. */
    readonly field: 'smActive' | 'grActive'
    readonly mean: number | null
    readonly median: number | null
    readonly p95: number | null
    /** Counts in {@link ACTIVITY_BINS} equal bins from 0 to 1. */
    readonly histogram: readonly number[]
    readonly known: number
    readonly of: number
  }
  readonly power: { readonly watts: number | null; readonly boards: number; readonly of: number }
  readonly hottest: { readonly row: number; readonly celsius: number } | null
  /** Rows whose last XID is not 0, current figures only. */
  readonly xidRows: readonly number[]
}

export function summarise(
  frame: FleetFrame,
  topology: Topology,
  mask: Uint8Array | null = null,
): FleetSummary {
  const gpus = topology.gpus.host.length
  const rows: number[] = []
  for (let row = 0; row < gpus; row++) if (mask === null || mask[row] === 1) rows.push(row)
  const power = currentValues(frame, 'power', rows)
  return {
    byType: countTypes(frame, topology, rows),
    activity: activityOf(frame, rows),
    power: {
      watts: power.length === 0 ? null : power.reduce((sum, { value }) => sum + value, 0),
      boards: power.length,
      of: rows.length,
    },
    hottest: currentValues(frame, 'gpuTemp', rows).reduce<FleetSummary['hottest']>(
      (top, { row, value }) => (top === null || value > top.celsius ? { row, celsius: value } : top),
      null,
    ),
    xidRows: currentValues(frame, 'xid', rows).flatMap(({ row, value }) => (value === 0 ? [] : [row])),
  }
}

function countTypes(frame: FleetFrame, topology: Topology, rows: readonly number[]): FleetSummary['byType'] {
  const counts = topology.types.map((type) => ({
    type,
    total: 0,
    byState: Object.fromEntries(FIGURE_STATES.map((state) => [state, 0])) as Record<FigureState, number>,
  }))
  for (const row of rows) {
    const count = counts[topology.gpus.type[row] as number]
    if (count === undefined) continue
    count.total++
    count.byState[figureState(frame.state[row] as number)]++
  }
  return counts.filter(({ total }) => total > 0)
}

function activityOf(frame: FleetFrame, rows: readonly number[]): FleetSummary['activity'] {
  const sm = currentValues(frame, 'smActive', rows)
  const gr = sm.length === 0 ? currentValues(frame, 'grActive', rows) : []
  const field = sm.length === 0 && gr.length > 0 ? 'grActive' : 'smActive'
  const values = Float64Array.from(field === 'smActive' ? sm : gr, ({ value }) => value).toSorted()
  const histogram = Array.from({ length: ACTIVITY_BINS }, () => 0)
  let sum = 0
  for (const value of values) {
    sum += value
    const bin = Math.min(ACTIVITY_BINS - 1, Math.max(0, Math.floor(value * ACTIVITY_BINS)))
    histogram[bin] = (histogram[bin] as number) + 1
  }
  const known = values.length
  const at = (share: number) =>
    known === 0 ? null : (values[Math.min(known - 1, Math.ceil(share * known) - 1)] ?? null)
  return {
    field,
    mean: known === 0 ? null : sum / known,
    median: at(0.5),
    p95: at(0.95),
    histogram,
    known,
    of: rows.length,
  }
}

/** Figures that may enter a sum or an extreme: ok or an explicit zero, never stale, refused or absent ones. */
function currentValues(
  frame: FleetFrame,
  field: FieldId,
  rows: readonly number[],
): { row: number; value: number }[] {
  const column = frame.fields.indexOf(field)
  const values = frame.values[column]
  const states = frame.states[column]
  if (values === undefined || states === undefined) return []
  return rows.flatMap((row) => {
    const state = states[row]
    return state === FIGURE.ok || state === FIGURE.zero ? [{ row, value: values[row] as number }] : []
  })
}

import { ACTIVITY_FIELDS } from '../../../shared/model/activity.ts'
import { type FieldId, field } from '../../../shared/model/field.ts'
import { FIGURE, FIGURE_STATES, type FigureState, SEVERITY } from '../../../shared/model/figure.ts'
import { CONDITION, type FleetFrame, NEVER } from '../../../shared/model/frame.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { activityField, columnOf, isKnown } from './columns.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { distribution, quantileOf } from './distribution.ts'

export interface TypeSummary {
  readonly type: string
  readonly total: number
  readonly byState: Readonly<Record<FigureState, number>>
}

/** What the floor, or the part of it that a filter leaves, does in a few figures. Physical GPUs only. */
export interface FleetSummary {
  /** GPUs counted. */
  readonly gpus: number
  /** GPUs with a current sample of any figure. */
  readonly current: number
  readonly advisory: number
  readonly critical: number
  /** Types that occur, in the topology's order. */
  readonly byType: readonly TypeSummary[]
  readonly activity: {
    /** See `activityField`; `smActive` where none is known. */
    readonly field: FieldId
    readonly coverage: Coverage | null
    /** In the unit of `field`; null without known figures. */
    readonly mean: number | null
    readonly median: number | null
    readonly p95: number | null
    readonly known: number
    readonly of: number
    /** Counts in equal parts of the field's whole range. */
    readonly histogram: readonly number[]
    /** As `histogram`, of figures that are last known: in no mean, and shown dimmed. */
    readonly staleHistogram: readonly number[]
    readonly stale: number
  }
  readonly power: { readonly watts: number | null; readonly boards: number; readonly of: number }
  readonly hottest: { readonly row: number; readonly celsius: number } | null
  /** Rows that carry an XID, ascending. */
  readonly xidRows: readonly number[]
  /** Which GPUs can tell of an XID at all. */
  readonly xidCoverage: Coverage | null
}

const BINS = 20

/**
 * @param mask rows to count, 1 each; null for all
 * @param before the field of activity that stood for the floor until now, see `activityField`
 */
export function summarise(
  frame: FleetFrame,
  topology: Topology,
  mask: Uint8Array | null,
  before: FieldId | null = null,
): FleetSummary {
  const rows = topology.gpus.host.length
  const types = topology.gpus.type
  const counts = new Uint32Array(Math.max(1, topology.types.length) * FIGURE_STATES.length)
  const severities = new Uint32Array(3)
  const xidRows: number[] = []
  let gpus = 0
  let current = 0
  for (let row = 0; row < rows; row++) {
    if (mask !== null && mask[row] === 0) continue
    gpus++
    const state = Math.min(frame.state[row] as number, FIGURE_STATES.length - 1)
    const place = (types[row] as number) * FIGURE_STATES.length + state
    counts[place] = (counts[place] as number) + 1
    // A GPU whose activity is not known (absent) may have other figures.
    if (state !== FIGURE.stale && frame.ageMs[row] !== NEVER) current++
    const severity = Math.min(frame.severity[row] as number, SEVERITY.critical)
    severities[severity] = (severities[severity] as number) + 1
    if (((frame.conditions[row] as number) & CONDITION.xid) !== 0) xidRows.push(row)
  }
  return {
    gpus,
    current,
    advisory: severities[SEVERITY.advisory] as number,
    critical: severities[SEVERITY.critical] as number,
    byType: typesOf(topology.types, counts),
    activity: activityOf(frame, topology, gpus, mask, before),
    power: powerOf(frame, rows, gpus, mask),
    hottest: hottestOf(frame, rows, mask),
    xidRows,
    xidCoverage: coverageOf(frame, topology, 'xid', mask),
  }
}

function typesOf(names: readonly string[], counts: Uint32Array): TypeSummary[] {
  const width = FIGURE_STATES.length
  return names
    .map((type, index) => {
      const own = counts.subarray(index * width, (index + 1) * width)
      const byState = Object.fromEntries(FIGURE_STATES.map((state, code) => [state, own[code] ?? 0]))
      return {
        type,
        total: own.reduce((sum, count) => sum + count, 0),
        byState: byState as Record<FigureState, number>,
      }
    })
    .filter(({ total }) => total > 0)
}

function activityOf(
  frame: FleetFrame,
  topology: Topology,
  of: number,
  mask: Uint8Array | null,
  before: FieldId | null,
): FleetSummary['activity'] {
  const rows = topology.gpus.host.length
  const id = activityField(frame, rows, before, mask)
  const column = id === null ? null : columnOf(frame, id)
  if (id === null || column === null) {
    const field = ACTIVITY_FIELDS[0]?.field ?? 'smActive'
    const histogram = Array.from({ length: BINS }, () => 0)
    const coverage = coverageOf(frame, topology, field, mask)
    return {
      field,
      coverage,
      mean: null,
      median: null,
      p95: null,
      known: 0,
      of,
      histogram,
      staleHistogram: histogram,
      stale: 0,
    }
  }
  const figures = new Float32Array(rows)
  let known = 0
  let sum = 0
  for (let row = 0; row < rows; row++) {
    if ((mask !== null && mask[row] === 0) || !isKnown(column.states[row])) continue
    const value = column.values[row] as number
    if (Number.isNaN(value)) continue
    figures[known++] = value
    sum += value
  }
  const [low, high] = field(id).range ?? [0, 1]
  const spread = (counted: 'current' | 'stale'): number[] => [
    ...distribution(column.values, column.states, [low, Math.floor(high)], BINS, mask, rows, counted),
  ]
  const staleHistogram = spread('stale')
  return {
    field: id,
    coverage: coverageOf(frame, topology, id, mask),
    mean: known === 0 ? null : sum / known,
    median: quantileOf(figures, known, 0.5),
    p95: quantileOf(figures, known, 0.95),
    known,
    of,
    histogram: spread('current'),
    staleHistogram,
    stale: staleHistogram.reduce((sum, count) => sum + count, 0),
  }
}

function powerOf(
  frame: FleetFrame,
  rows: number,
  of: number,
  mask: Uint8Array | null,
): FleetSummary['power'] {
  const column = columnOf(frame, 'power')
  let watts = 0
  let boards = 0
  for (let row = 0; row < rows; row++) {
    if ((mask !== null && mask[row] === 0) || !isKnown(column?.states[row])) continue
    const value = column?.values[row] ?? Number.NaN
    if (Number.isNaN(value)) continue
    watts += value
    boards++
  }
  return { watts: boards === 0 ? null : watts, boards, of }
}

function hottestOf(frame: FleetFrame, rows: number, mask: Uint8Array | null): FleetSummary['hottest'] {
  const column = columnOf(frame, 'gpuTemp')
  let hottest = -1
  let celsius = Number.NEGATIVE_INFINITY
  for (let row = 0; row < rows; row++) {
    if ((mask !== null && mask[row] === 0) || !isKnown(column?.states[row])) continue
    const value = column?.values[row] ?? Number.NaN
    if (value > celsius) {
      hottest = row
      celsius = value
    }
  }
  return hottest === -1 ? null : { row: hottest, celsius }
}

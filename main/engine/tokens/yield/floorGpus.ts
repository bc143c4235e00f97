import { ACTIVITY_FIELDS } from '../../../../shared/model/activity.ts'
import type { FieldId } from '../../../../shared/model/field.ts'
import { FIGURE } from '../../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../../shared/model/frame.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import { boardShare } from '../../../core/fleet/figures/mig.ts'
import type { TypeGpus } from '../../../core/tokens/yield/gpus.ts'

/** A GPU that is busier than this does work, 0–1. */
const ACTIVE_FROM = 0.05
/** Where fewer boards than this say a figure, the others are no longer estimated from them. */
const ENOUGH = 0.8

const FIELDS: readonly FieldId[] = [...ACTIVITY_FIELDS.map(({ field }) => field), 'power']

/** Which fields a frame needs for {@link floorGpus}. */
export const FLOOR_GPU_FIELDS = FIELDS

/**
 * Counts the floor by GPU type.
 * @param frame with {@link FLOOR_GPU_FIELDS}, of this topology
 * @param allocated GPUs held by any workload, by type
 */
export function floorGpus(
  topology: Topology,
  frame: FleetFrame,
  allocated: ReadonlyMap<string, number>,
): TypeGpus[] {
  const { gpus, types, workloads } = topology
  const activity = activityOf(frame)
  const active = activeOf(topology, activity)
  const power = figuresOf(frame, 'power')
  const byType = new Map<
    number,
    { boards: number; known: number; active: number; powered: number; watts: number }
  >()
  for (const [row, type] of gpus.type.entries()) {
    const sum = byType.get(type) ?? { boards: 0, known: 0, active: 0, powered: 0, watts: 0 }
    byType.set(type, sum)
    sum.boards += 1
    const busy = active[row] ?? Number.NaN
    if (!Number.isNaN(busy)) {
      sum.known += 1
      sum.active += busy
    }
    const watts = power(row)
    if (watts !== null) {
      sum.powered += 1
      sum.watts += watts
    }
  }
  return [...byType].map(([type, sum]) => {
    const gpuType = types[type] ?? ''
    const notes: string[] = []
    const whole = (total: number, known: number, what: string) =>
      estimated(total, known, sum.boards, what, notes)
    return {
      gpuType,
      provisioned: sum.boards,
      allocated: workloads.length === 0 ? null : (allocated.get(gpuType) ?? 0),
      active: whole(sum.active, sum.known, 'Activity'),
      watts: whole(sum.watts, sum.powered, 'Power'),
      notes,
    }
  })
}

function estimated(
  total: number,
  known: number,
  boards: number,
  what: string,
  notes: string[],
): number | null {
  if (known === boards) return total
  const silent = `${what} of ${plural(boards - known, 'GPU')} of ${boards} is not known`
  if (known < boards * ENOUGH) {
    notes.push(`${silent}, too many to estimate.`)
    return null
  }
  notes.push(`${silent}; estimated from the others.`)
  return (total / known) * boards
}

/** Busy share per row of boards and MIG instances, 0–1, NaN where nothing says it. */
function activityOf(frame: FleetFrame): Float64Array {
  const read = ACTIVITY_FIELDS.map(({ field, scale }) => ({ figure: figuresOf(frame, field), scale }))
  return Float64Array.from({ length: frame.rows }, (_, row) => {
    for (const { figure, scale } of read) {
      const value = figure(row)
      if (value !== null) return value * scale
    }
    return Number.NaN
  })
}

/**
 * How much of each board has work on it, 0–1, NaN where nothing says it. Of a board with MIG as many slices as its busy
 * instances have, as its allocation is counted, so that no board is more active than allocated.
 */
function activeOf({ gpus, instances, types }: Topology, activity: Float64Array): Float64Array {
  const boards = gpus.host.length
  const active = Float64Array.from({ length: boards }, (_, row) => {
    const busy = activity[row] ?? Number.NaN
    return Number.isNaN(busy) ? busy : Number(busy >= ACTIVE_FROM)
  })
  const slices = new Float64Array(boards).fill(Number.NaN)
  /** With an instance whose share of the board is not known. */
  const unknown = new Set<number>()
  for (const [instance, board] of instances.gpu.entries()) {
    const busy = activity[boards + instance] ?? Number.NaN
    if (Number.isNaN(busy) || board < 0 || board >= boards) continue
    const type = types[gpus.type[board] ?? -1] ?? ''
    const share = boardShare(instances.profile[instance] ?? '', type)
    if (share === null) {
      unknown.add(board)
      continue
    }
    const before = slices[board] ?? 0
    slices[board] = Math.min(1, (Number.isNaN(before) ? 0 : before) + (busy >= ACTIVE_FROM ? share : 0))
  }
  // What instances say is finer than what their board says.
  for (const [board, share] of slices.entries())
    if (!Number.isNaN(share) && !unknown.has(board)) active[board] = share
  return active
}

/** Figures that can be believed; all others are null. */
function figuresOf(frame: FleetFrame, field: FieldId): (row: number) => number | null {
  const index = frame.fields.indexOf(field)
  const values = frame.values[index]
  const states = frame.states[index]
  return (row) => {
    const state = states?.[row]
    return state === FIGURE.ok || state === FIGURE.zero ? (values?.[row] ?? null) : null
  }
}

import { fieldCode, type FieldId } from '../../../../shared/model/field.ts'
import type { StaleLimits } from '../sources/cadences.ts'
import { CELL, FIELD_COUNT, type Columns } from './columns.ts'
import { LOWER } from './plausibility.ts'
import type { Registry, Unit } from '../places/registry.ts'

/**
 * What a MIG board does, from its instances, where the board itself does not say. Nothing is counted twice: fields that
 * every instance repeats for the whole board (power, energy, temperature, #317) went to the board when they were bound,
 * and a figure of the board's own always wins over one derived here.
 *
 * - Activity: the mean of the instances weighted by compute slices over all slices of the board, so that slices which no
 *   instance holds count as idle. An instance without the figure (#507) takes its slices out of the mean: unknown is
 *   not idle. One whose profile is unknown has no weight that could be taken out: the mean is then not known. Nor is it
 *   of a board whose number of slices is not known here.
 * - Frame buffer: the sum over instances, only when every instance reports it (#512): a part of a sum is a wrong sum.
 */
const MEANS: readonly FieldId[] = ['smActive', 'grActive', 'tensorActive', 'dramActive']
const SUMS: readonly FieldId[] = ['fbUsed', 'fbFree', 'fbReserved']
const MEAN_CODES = MEANS.map(fieldCode)
const SUM_CODES = SUMS.map(fieldCode)

/** Compute slices by model, see "Supported GPUs" of NVIDIA's MIG User Guide: more boards than these cannot be cut. */
const BOARD_SLICES: readonly (readonly [model: RegExp, slices: number])[] = [
  [/\b(?:A100|A800|H100|H800|H200|H20|GH200|B200|B300|GB200|GB300)\b/i, 7],
  [/\bA30\b/i, 4],
  [/\bRTX PRO 6000\b/i, 4],
  [/\bRTX PRO (?:5000|4500)\b/i, 2],
]

/** Compute slices of a profile: `1g.5gb` is 1, `3g.40gb+me` is 3; null where the profile does not say. */
export function computeSlices(profile: string): number | null {
  const found = /(?:^|\.)([1-7])g\./.exec(profile)
  return found ? Number(found[1]) : null
}

/** Compute slices of a board, by its model or type; null where it is not known here how it is cut. */
export function boardSlices(model: string): number | null {
  return BOARD_SLICES.find(([pattern]) => pattern.test(model))?.[1] ?? null
}

/** The share of its board that an instance holds, 0–1; null where its profile or the board's model does not say. */
export function boardShare(profile: string, model: string): number | null {
  const held = computeSlices(profile)
  const whole = boardSlices(model)
  return held === null || whole === null ? null : Math.min(1, held / whole)
}

/** Derives every board with instances, from figures that are not stale. */
export function deriveBoards(registry: Registry, now: number, limits: StaleLimits): void {
  const { units, columns } = registry
  units.forEach((unit, place) => {
    if (!unit || unit.board >= 0 || unit.instances.length === 0) return
    for (const f of MEAN_CODES) derive(registry, place, f, meanOf(columns, units, unit, f, now, limits))
    for (const f of SUM_CODES) derive(registry, place, f, sumOf(columns, unit, f, now, limits))
  })
}

interface Derived {
  readonly value: number
  /** As old as the oldest figure in it, and of the same source. */
  readonly at: number
  readonly feeder: number
}

function usable(columns: Columns, f: number, unit: number, now: number, limits: StaleLimits): boolean {
  const limit = limits.ofCell(columns.feeder[f]?.[unit] ?? 0, f)
  return columns.cell[f]?.[unit] === CELL.live && now - (columns.at[f]?.[unit] ?? 0) <= limit
}

function meanOf(
  columns: Columns,
  units: readonly (Unit | null)[],
  board: Unit,
  f: number,
  now: number,
  limits: StaleLimits,
): Derived | null {
  let sum = 0
  let known = 0
  let unknown = 0
  let at = Number.POSITIVE_INFINITY
  let feeder = 0
  for (const unit of board.instances) {
    const slices = computeSlices(units[unit]?.profile ?? '')
    if (slices === null) {
      // How much of the board it holds is not known, so neither is what the others leave of it.
      if ((columns.live[unit] ?? 0) > 0) return null
      continue
    }
    if (!usable(columns, f, unit, now, limits)) {
      // An instance that is gone altogether holds no slices any more.
      if ((columns.live[unit] ?? 0) > 0) unknown += slices
      continue
    }
    sum += slices * (columns.value[f]?.[unit] ?? 0)
    known += slices
    if ((columns.at[f]?.[unit] ?? 0) < at) {
      at = columns.at[f]?.[unit] ?? 0
      feeder = columns.feeder[f]?.[unit] ?? 0
    }
  }
  if (known === 0) return null
  const whole = boardSlices(board.modelName)
  // How much of the board no instance holds is not known.
  if (whole === null) return null
  // Never fewer slices than are known to be there, whatever the profiles claim: a mean stays within its figures.
  return { value: sum / Math.max(whole - unknown, known), at, feeder }
}

function sumOf(columns: Columns, board: Unit, f: number, now: number, limits: StaleLimits): Derived | null {
  let sum = 0
  let at = Number.POSITIVE_INFINITY
  let feeder = 0
  for (const unit of board.instances) {
    if ((columns.live[unit] ?? 0) === 0) continue
    if (!usable(columns, f, unit, now, limits)) return null
    sum += columns.value[f]?.[unit] ?? 0
    if ((columns.at[f]?.[unit] ?? 0) < at) {
      at = columns.at[f]?.[unit] ?? 0
      feeder = columns.feeder[f]?.[unit] ?? 0
    }
  }
  return Number.isFinite(at) ? { value: sum, at, feeder } : null
}

function derive(registry: Registry, board: number, f: number, derived: Derived | null): void {
  const { columns, types } = registry
  const cells = columns.cell[f] as Uint8Array
  if ((cells[board] as number) >= CELL.live) return
  if (derived === null) {
    // The last derived figure stays as what was last known; it ages and turns stale by itself.
    return
  }
  const upper = types.upper[(columns.type[board] as number) * FIELD_COUNT + f] as number
  const plausible = derived.value >= (LOWER[f] as number) && derived.value <= upper
  cells[board] = plausible ? CELL.derived : CELL.derivedImplausible
  const values = columns.value[f] as Float64Array
  const times = columns.at[f] as Float64Array
  values[board] = derived.value
  times[board] = derived.at
  const feeders = columns.feeder[f] as Uint32Array
  feeders[board] = derived.feeder
}

/** GPU_UTIL is not supported under MIG: an exporter that sends 0 for it sends no figure (#430, #216). */
export const UNSUPPORTED_UNDER_MIG = fieldCode('gpuUtil')

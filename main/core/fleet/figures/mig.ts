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
 *   not idle. One whose profile is unknown has no weight that could be taken out: the mean is then not known.
 * - Frame buffer: the sum over instances, only when every instance reports it (#512): a part of a sum is a wrong sum.
 */
const MEANS: readonly FieldId[] = ['smActive', 'grActive', 'tensorActive', 'dramActive']
const SUMS: readonly FieldId[] = ['fbUsed', 'fbFree', 'fbReserved']
const MEAN_CODES = MEANS.map(fieldCode)
const SUM_CODES = SUMS.map(fieldCode)

/** A100, H100, H200 and B200 have seven compute slices; the A30 has four. */
const BOARD_SLICES = 7
const A30_SLICES = 4

/** Compute slices of a profile: `1g.5gb` is 1, `3g.40gb+me` is 3; null where the profile does not say. */
export function computeSlices(profile: string): number | null {
  const found = /(?:^|\.)([1-7])g\./.exec(profile)
  return found ? Number(found[1]) : null
}

/** Compute slices of a board, by its model or type. */
export function boardSlices(model: string): number {
  return /\bA30\b/.test(model) ? A30_SLICES : BOARD_SLICES
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

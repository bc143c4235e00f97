import { ACTIVITY_FIELDS } from '../../../../shared/model/activity.ts'
import { fieldCode, type FieldId } from '../../../../shared/model/field.ts'
import { FIGURE, PRESENCE } from '../../../../shared/model/figure.ts'
import type { StaleLimits } from '../sources/cadences.ts'
import { CELL, FIELD_COUNT } from './columns.ts'
import type { Evaluation } from './evaluation.ts'
import type { Host } from '../places/hosts.ts'
import { UNSUPPORTED_UNDER_MIG } from './mig.ts'
import { LOWER } from './plausibility.ts'
import { BLIND, IS_PROFILING } from './profiling.ts'
import type { Registry } from '../places/registry.ts'
import type { Sources } from '../sources/sources.ts'

/** The five FIGURE states, per field and per row. Unknown is never ok. */

/** A row with a refused value among these is implausible as a whole. */
const HEADLINE: readonly number[] = (
  ['smActive', 'grActive', 'tensorActive', 'power', 'gpuTemp', 'fbUsed', 'gpuUtil'] satisfies FieldId[]
).map(fieldCode)
const ACTIVITY = ACTIVITY_FIELDS.map(({ field }) => fieldCode(field))
const MEM_TEMP = fieldCode('memTemp')

/**
 * How long a source may answer without a GPU before it counts as gone, ms: an exporter's first answers can be partial.
 * @param cadenceMs of the source; where it samples slowly, the sample after the one that lacked the GPU is waited for
 */
export function vanishGrace(staleAfterMs: number, cadenceMs: number): number {
  return Math.max(Math.min(10_000, staleAfterMs / 3), 1.2 * cadenceMs)
}

/** Sums up, per board, what its instances show of it: a board can be seen through them alone. */
export function gatherLife(registry: Registry, evaluation: Evaluation): void {
  const { columns, units } = registry
  const { freshAt, freshBy, namedAt, alive } = evaluation
  for (let u = 0; u < units.length; u++) {
    freshAt[u] = columns.seenAt[u] as number
    freshBy[u] = columns.seenBy[u] as number
    namedAt[u] = columns.namedAt[u] as number
    alive[u] = columns.live[u] as number
  }
  for (let u = 0; u < units.length; u++) {
    const board = units[u]?.board ?? -1
    if (board < 0) continue
    if ((columns.seenAt[u] as number) > (freshAt[board] as number)) {
      freshAt[board] = columns.seenAt[u] as number
      freshBy[board] = columns.seenBy[u] as number
    }
    namedAt[board] = Math.max(namedAt[board] as number, columns.namedAt[u] as number)
    alive[board] = (alive[board] as number) + (columns.live[u] as number)
  }
}

/**
 * Whether a unit that was seen is gone: whoever speaks for it has been read completely without it. A source that is
 * silent, or of whose answers a part is missing, says nothing about its boards.
 */
export function hasVanished(
  registry: Registry,
  evaluation: Evaluation,
  unit: number,
  sources: Pick<Sources, 'speakerFor' | 'completeAt'>,
  limits: StaleLimits,
  staleAfterMs: number,
): boolean {
  const seen = evaluation.freshAt[unit] as number
  if (seen === Number.NEGATIVE_INFINITY) return false
  const speaker = sources.speakerFor(
    evaluation.freshBy[unit] as number,
    registry.columns.host[unit] as number,
  )
  if (evaluation.alive[unit] === 0) {
    const grace = vanishGrace(staleAfterMs, limits.cadence(speaker))
    return evaluation.now - (registry.columns.goneSince[unit] as number) >= grace
  }
  const limit = limits.ofRow(speaker)
  const named = evaluation.namedAt[unit] as number
  return evaluation.now - named > limit && sources.completeAt(speaker) - named > limit
}

/** PRESENCE code of a physical GPU. */
export function presenceOf(
  registry: Registry,
  evaluation: Evaluation,
  unit: number,
  inventory: boolean,
): number {
  const seen = evaluation.freshAt[unit] !== Number.NEGATIVE_INFINITY
  const here = seen && evaluation.vanished[unit] === 0
  if (!inventory) return here ? PRESENCE.unlisted : PRESENCE.missing
  if (registry.units[unit]?.expected !== true) return PRESENCE.unexpected
  return here ? PRESENCE.present : PRESENCE.missing
}

/** Overall FIGURE code of a row. Needs freshAt and vanished of the same evaluation. */
export function rowState(
  registry: Registry,
  evaluation: Evaluation,
  unit: number,
  host: Host,
  limits: StaleLimits,
): number {
  const seen = evaluation.freshAt[unit] as number
  if (seen === Number.NEGATIVE_INFINITY) return FIGURE.absent
  const old = evaluation.now - seen > limits.ofRow(evaluation.freshBy[unit] as number)
  if (old || evaluation.vanished[unit] === 1 || host.frozenSince !== null) return FIGURE.stale
  if (evaluation.blind[unit] === BLIND.now) return FIGURE.implausible
  const { cell } = registry.columns
  for (const f of HEADLINE) {
    const code = cell[f]?.[unit]
    if (code === CELL.implausible || code === CELL.derivedImplausible) return FIGURE.implausible
    if (isDisputed(registry, evaluation, f, unit)) return FIGURE.implausible
  }
  for (const f of ACTIVITY) {
    const state = cellState(registry, evaluation, f, unit, limits, false)
    if (state === FIGURE.zero || state === FIGURE.ok) return state
  }
  // Power and heat alone do not say whether it works: without a current figure of its activity that is unknown.
  return FIGURE.absent
}

/** FIGURE code of one figure. `rowStale`: the state of its row is stale, so that no figure of it is better. */
export function cellState(
  registry: Registry,
  evaluation: Evaluation,
  f: number,
  unit: number,
  limits: StaleLimits,
  rowStale: boolean,
): number {
  const { columns } = registry
  const code = (columns.cell[f] as Uint8Array)[unit] as number
  if (code === CELL.never) return FIGURE.absent
  const at = (columns.at[f] as Float64Array)[unit] as number
  const limit = limits.ofCell((columns.feeder[f] as Uint32Array)[unit] as number, f)
  if (code === CELL.withdrawn && !keptFromVanished(evaluation, unit, at, limit)) return FIGURE.absent
  const value = (columns.value[f] as Float64Array)[unit] as number
  if (value === 0 && measuresNothing(registry, f, unit)) return FIGURE.absent
  if (isRefused(registry, f, unit) || isDisputed(registry, evaluation, f, unit)) return FIGURE.implausible
  if (value === 0 && evaluation.blind[unit] === BLIND.now && IS_PROFILING[f] === 1) return FIGURE.implausible
  if (rowStale || evaluation.now - at > limit) return FIGURE.stale
  return value === 0 ? FIGURE.zero : FIGURE.ok
}

/** When a unit vanishes whole, its last figures are shown dated; a figure it had lost before stays absent. */
function keptFromVanished(evaluation: Evaluation, unit: number, at: number, limit: number): boolean {
  return evaluation.alive[unit] === 0 && (evaluation.freshAt[unit] as number) - at <= limit
}

/** Zeros that mean "no sensor": GPU_UTIL under MIG, and memory temperature on boards without HBM. */
function measuresNothing(registry: Registry, f: number, unit: number): boolean {
  if (f === MEM_TEMP) return true
  if (f !== UNSUPPORTED_UNDER_MIG) return false
  const found = registry.units[unit]
  return found !== null && found !== undefined && (found.board >= 0 || found.instances.length > 0)
}

/** Two living sources say quite different things of this figure. */
function isDisputed(registry: Registry, evaluation: Evaluation, f: number, unit: number): boolean {
  return registry.contests.size > 0 && registry.contests.isDisputed(unit, f, evaluation.now)
}

/** Whether a figure's value lies outside its bounds; a withdrawn cell has forgotten, so its value is asked again. */
export function isRefused(registry: Registry, f: number, unit: number): boolean {
  const { columns, types } = registry
  const code = columns.cell[f]?.[unit]
  if (code !== CELL.withdrawn) return code === CELL.implausible || code === CELL.derivedImplausible
  const value = columns.value[f]?.[unit] as number
  const upper = types.upper[(columns.type[unit] as number) * FIELD_COUNT + f] as number
  return !(value >= (LOWER[f] as number) && value <= upper)
}

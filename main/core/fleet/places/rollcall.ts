import { fieldCode } from '../../../../shared/model/field.ts'
import { FIGURE, PRESENCE } from '../../../../shared/model/figure.ts'
import type { StaleLimits } from '../sources/cadences.ts'
import type { Evaluation } from '../figures/evaluation.ts'
import type { Registry } from './registry.ts'
import { cellState } from '../figures/states.ts'
import type { RowOrder } from '../topology.ts'
import type { LiveFleet } from '../types.ts'

const POWER = fieldCode('power')

/** Over physical GPUs. Every row is counted once: boards = present + missing + unexpected (+ none else). */
export function rollCallOf(
  evaluation: Evaluation,
  order: RowOrder,
  inventory: boolean,
): ReturnType<LiveFleet['rollCall']> {
  const counts = [0, 0, 0, 0]
  for (let row = 0; row < order.boards; row++) {
    const presence = evaluation.presence[order.units[row] as number] as number
    counts[presence] = (counts[presence] ?? 0) + 1
  }
  const of = (code: number): number => counts[code] ?? 0
  const present = of(PRESENCE.present) + of(PRESENCE.unlisted)
  const missing = of(PRESENCE.missing)
  return {
    expected: inventory ? present + missing : null,
    present,
    missing,
    unexpected: of(PRESENCE.unexpected),
  }
}

/** Sum of board power over good figures only; a sum over stale figures would look like a measurement. */
export function powerOf(
  registry: Registry,
  evaluation: Evaluation,
  units: ArrayLike<number>,
  limits: StaleLimits,
): { watts: number | null; boards: number } {
  let watts = 0
  let boards = 0
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as number
    if (evaluation.state[unit] === FIGURE.stale) continue
    const state = cellState(registry, evaluation, POWER, unit, limits, false)
    if (state !== FIGURE.ok && state !== FIGURE.zero) continue
    watts += registry.columns.value[POWER]?.[unit] ?? 0
    boards++
  }
  return { watts: boards === 0 ? null : watts, boards }
}

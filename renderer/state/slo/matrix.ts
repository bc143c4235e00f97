import type { SloStates } from '../../../shared/contract/slo.ts'
import type { BurnState, BurnStateName, Objective } from '../../../shared/model/objective.ts'
import { leadingPair, strengthOf } from '../../../shared/model/objectiveWords.ts'

export interface SloRow {
  readonly objective: Objective
  readonly state: BurnState
}

export function rowsOf({ objectives, states }: SloStates): SloRow[] {
  return objectives.flatMap((objective) => {
    const state = states.find(({ objectiveId }) => objectiveId === objective.id)
    return state === undefined ? [] : [{ objective, state }]
  })
}

/** A column of the matrix: the same two windows in every row that has them. */
export interface PairColumn {
  readonly key: string
  readonly longMs: number
  readonly shortMs: number
}

/** Short windows first, as the pairs of most objectives are. */
export function columnsOf(rows: readonly SloRow[]): PairColumn[] {
  const columns = new Map<string, PairColumn>()
  for (const { state } of rows) {
    for (const { longMs, shortMs } of state.pairs) {
      const key = `${longMs}/${shortMs}`
      columns.set(key, { key, longMs, shortMs })
    }
  }
  return [...columns.values()].toSorted((a, b) => a.longMs - b.longMs || a.shortMs - b.shortMs)
}

export function pairOf({ state }: SloRow, { longMs, shortMs }: PairColumn) {
  return state.pairs.find((pair) => pair.longMs === longMs && pair.shortMs === shortMs) ?? null
}

/** What needs a look first. Unknown stands before all that is known to be well. */
const ORDER: readonly BurnStateName[] = ['page', 'ticket', 'pending', 'unknown', 'resolved', 'idle', 'ok']

/** The objective that stands for all of them; null where there is none. */
export function worstOf(rows: readonly SloRow[]): SloRow | null {
  let worst: SloRow | null = null
  for (const row of rows) if (worst === null || isWorse(row.state, worst.state)) worst = row
  return worst
}

function isWorse(a: BurnState, b: BurnState): boolean {
  const rank = ORDER.indexOf(a.state) - ORDER.indexOf(b.state)
  return rank === 0 ? strength(a) > strength(b) : rank < 0
}

function strength(state: BurnState): number {
  const leading = leadingPair(state)
  return leading === null ? -1 : (strengthOf(leading) ?? -1)
}

/** Objectives by what needs a look: those that page, have a ticket, and cannot be judged. */
export function countsOf(rows: readonly SloRow[]): Readonly<Record<'page' | 'ticket' | 'unknown', number>> {
  const counts = { page: 0, ticket: 0, unknown: 0 }
  for (const { state } of rows) {
    if (state.state === 'page' || state.state === 'ticket') counts[state.state] += 1
    if (state.state === 'unknown' || state.frozenSince !== null) counts.unknown += 1
  }
  return counts
}

/** A bar of the matrix: burn ÷ factor, where the factor is a line through all of them. Beyond twice the factor it is cut off. */
export const MOST_STRENGTH = 2
export function barOf(burn: number | null, factor: number): number | null {
  return burn === null ? null : Math.min(MOST_STRENGTH, burn / factor) / MOST_STRENGTH
}

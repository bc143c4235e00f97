import { describe, expect, it } from 'vitest'
import type { BurnState, BurnStateName, Objective } from '../../../shared/model/objective.ts'
import { barOf, columnsOf, countsOf, type SloRow, worstOf } from './matrix.ts'

const HOUR = 3_600_000

function row(id: string, name: BurnStateName, burn: number, frozenSince: number | null = null): SloRow {
  const window = { burn, good: 1, bad: 1, badLeast: 1, total: 2, coverage: 1 }
  const pair = { longMs: HOUR, shortMs: HOUR / 12, factor: 10, severity: 'page' as const }
  return {
    objective: { id, name: id } as Objective,
    state: {
      objectiveId: id,
      state: name,
      frozenSince,
      pairs: [{ ...pair, long: window, short: window, firing: false }],
    } as unknown as BurnState,
  }
}

describe('the objectives', () => {
  it('are led by what needs a look first: unknown before all that is well', () => {
    const worst = (...rows: SloRow[]) => worstOf(rows)?.objective.id
    expect(worst(row('a', 'ok', 5), row('b', 'unknown', 0), row('c', 'resolved', 9))).toBe('b')
    expect(worst(row('a', 'ticket', 50), row('b', 'page', 11))).toBe('b')
    expect(worst(row('a', 'ok', 1), row('b', 'ok', 3), row('c', 'ok', 2))).toBe('b')
    expect(worst()).toBe(undefined)
  })

  it('are counted once for what they say, and once for what cannot be said', () => {
    const rows = [row('a', 'page', 20, 5), row('b', 'unknown', 0), row('c', 'ok', 1)]
    expect(countsOf(rows)).toEqual({ page: 1, ticket: 0, unknown: 2 })
  })

  it('have one column for the same two windows', () => {
    expect(columnsOf([row('a', 'ok', 1), row('b', 'ok', 1)]).map(({ key }) => key)).toEqual([
      '3600000/300000',
    ])
  })

  it('are drawn as burn ÷ factor, cut off beyond twice of it', () => {
    expect([barOf(10, 10), barOf(5, 10), barOf(100, 10), barOf(null, 10)]).toEqual([0.5, 0.25, 1, null])
  })
})

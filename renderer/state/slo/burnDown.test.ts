import { describe, expect, it } from 'vitest'
import type { SloHistory } from '../../../shared/contract/slo.ts'
import type { Objective } from '../../../shared/model/objective.ts'
import { burnDownOf, pathOf } from './burnDown.ts'

const point = (at: number, left: number, known = 10, worst = left) => ({
  at,
  good: 90,
  bad: 10,
  badLeast: 10,
  total: 100,
  known,
  expected: 10,
  budget: { left, leftWorst: worst, leftBest: left },
})
const history = (points: SloHistory['points']): SloHistory => ({
  objective: { target: 0.9 } as Objective,
  stepMs: 10,
  points,
})

describe('the burn-down', () => {
  it('starts whole and ends at what is left', () => {
    const { line, zero, lowest } = burnDownOf(history([point(0, 0.8), point(10, 0.6)]), 0, 20)
    expect(lowest).toBe(0)
    expect(zero).toBe(1)
    expect(line.map(([x, y]) => [x, Number(y.toFixed(9))])).toEqual([
      [0, 0],
      [0.5, 0.2],
      [1, 0.4],
    ])
  })

  it('makes room below the ground for a budget that is overdrawn, and no more than as much again', () => {
    expect(burnDownOf(history([point(0, -0.5)]), 0, 10)).toMatchObject({ lowest: -0.5 })
    expect(burnDownOf(history([point(0, 0.5, 10, -40)]), 0, 10)).toMatchObject({ lowest: -1, zero: 0.5 })
  })

  it('hatches what is not known, joined where it touches', () => {
    const points = [point(0, 1), point(10, 1, 4), point(20, 1, 0), point(30, 1)]
    expect(burnDownOf(history(points), 0, 40).unmeasured).toEqual([[0.25, 0.75]])
  })

  it('is a path in a box of 1000 × 100', () => {
    expect(
      pathOf(
        [
          [0, 0],
          [0.5, 1],
        ],
        true,
      ),
    ).toBe('M0.0 0.00L500.0 100.00Z')
    expect(pathOf([])).toBe('')
  })
})

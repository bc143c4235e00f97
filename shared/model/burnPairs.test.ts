import { describe, expect, it } from 'vitest'
import { defaultPairs, reachOf } from './burnPairs.ts'

const HOUR = 3_600_000

describe('the pairs of the workbook', () => {
  it.each([
    [30, [14.4, 6, 3, 1]],
    [28, [13.44, 5.6, 2.8, 0.933333]],
    [7, [3.36, 1.4, 0.7, 0.233333]],
  ])('have the factors of a period of %i days', (days, factors) => {
    expect(defaultPairs(0.999, days).map(({ factor }) => factor)).toEqual(factors)
  })

  it('are the four known ones', () => {
    expect(defaultPairs(0.999, 30)).toEqual([
      { longMs: HOUR, shortMs: HOUR / 12, factor: 14.4, severity: 'page' },
      { longMs: 6 * HOUR, shortMs: HOUR / 2, factor: 6, severity: 'page' },
      { longMs: 24 * HOUR, shortMs: 2 * HOUR, factor: 3, severity: 'ticket' },
      { longMs: 72 * HOUR, shortMs: 6 * HOUR, factor: 1, severity: 'ticket' },
    ])
  })

  it('can fire whatever is owed, and fit into the period', () => {
    for (const target of [0.5, 0.8, 0.9, 0.95, 0.99, 0.9999]) {
      for (const pair of defaultPairs(target, 30)) expect(reachOf(pair, target).badShare).toBeLessThan(1)
    }
    expect(defaultPairs(0.95, 30)[0]?.factor).toBe(14.4)
    expect(defaultPairs(0.9, 30)[0]?.factor).toBe(8)
    expect(defaultPairs(0.99, 1).map(({ longMs }) => longMs)).toEqual([HOUR, 6 * HOUR])
  })
})

describe('what has to happen before a pair fires', () => {
  it.each([
    [0.95, 20, 0.72, 43.2],
    [0.99, 100, 0.144, 8.64],
    [0.999, 1000, 0.0144, 0.864],
    [0.9, 10, 1.44, 86.4],
  ])('with %d owed', (target, mostBurn, badShare, minutes) => {
    const reach = reachOf({ factor: 14.4, longMs: HOUR }, target)
    expect(reach.mostBurn).toBeCloseTo(mostBurn, 6)
    expect(reach.badShare).toBeCloseTo(badShare, 9)
    expect(reach.firesAfterMs / 60_000).toBeCloseTo(minutes, 6)
  })
})

import { expect, it } from 'vitest'
import { rankRates, rankTotals } from './rangeRanking.ts'

it('ranks by the mean of what is known over the range, and puts the others last', () => {
  const rows = rankRates([
    { name: 'a', rest: false, values: [1, null, 3] },
    { name: '', rest: true, values: [10, 10, 10] },
    { name: 'b', rest: false, values: [4, 4, 4] },
  ])
  expect(rows.map(({ name, value, share }) => [name, value, share])).toEqual([
    ['b', 4, 0.25],
    ['a', 2, 0.125],
    ['', 10, 0.625],
  ])
})

it('takes no share of a sum that is not known', () => {
  const rows = rankRates([
    { name: 'a', rest: false, values: [null] },
    { name: 'b', rest: false, values: [4] },
  ])
  expect(rows.map(({ name, value, share }) => [name, value, share])).toEqual([
    ['b', 4, null],
    ['a', null, null],
  ])
})

it('ranks exact totals of any size', () => {
  const rows = rankTotals([
    { name: 'a', rest: false, total: 2n ** 60n },
    { name: 'b', rest: false, total: 3n * 2n ** 60n },
  ])
  expect(rows.map(({ name, share }) => [name, share])).toEqual([
    ['b', 0.75],
    ['a', 0.25],
  ])
})

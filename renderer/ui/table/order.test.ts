import { array, assert, constantFrom, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noteChanges } from './changes.ts'
import { compareNumbers, compareTexts, holdOrder, nextSort, sortRows } from './order.ts'

interface Row {
  readonly key: string
  readonly n: number
}
const keyOf = (row: Row): string => row.key
const signature = ({ n }: Row): string => String(n)
const columns = [{ id: 'n', compare: (a: Row, b: Row) => a.n - b.n }, { id: 'key' }]

describe('sorting', () => {
  const rows = [
    { key: 'b', n: 2 },
    { key: 'a', n: 1 },
    { key: 'c', n: 2 },
  ]

  it('keeps the given order among equals, in both directions', () => {
    expect(sortRows(rows, columns, { column: 'n', direction: 'ascending' }).map(keyOf)).toEqual([
      'a',
      'b',
      'c',
    ])
    expect(sortRows(rows, columns, { column: 'n', direction: 'descending' }).map(keyOf)).toEqual([
      'b',
      'c',
      'a',
    ])
  })

  it('leaves the order of the view alone for a column that cannot be sorted', () => {
    expect(sortRows(rows, columns, { column: 'key', direction: 'ascending' })).toBe(rows)
  })

  it('goes up, down and back to the order of the view', () => {
    const up = nextSort(null, 'n')
    const down = nextSort(up, 'n')
    expect([up?.direction, down?.direction, nextSort(down, 'n')]).toEqual(['ascending', 'descending', null])
  })

  it('counts r-2 before r-10 and puts what is not known last', () => {
    expect(['r-10', 'r-2'].toSorted(compareTexts)).toEqual(['r-2', 'r-10'])
    expect([null, 3, 1].toSorted(compareNumbers)).toEqual([1, 3, null])
  })
})

describe('holdOrder', () => {
  it('keeps rows where they were, with their latest content, and counts what has moved', () => {
    const held = [
      { key: 'a', n: 1 },
      { key: 'b', n: 1 },
    ]
    const latest = [
      { key: 'b', n: 9 },
      { key: 'a', n: 5 },
      { key: 'c', n: 0 },
    ]
    const { rows, pending } = holdOrder(held, latest, keyOf)
    expect(rows).toEqual([
      { key: 'a', n: 5 },
      { key: 'b', n: 9 },
    ])
    expect(pending).toBe(3)
  })

  it('never moves a row, whatever comes', () => {
    const list = array(constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 })
    assert(
      property(list, list, integer(), (before, after, n) => {
        const unique = (keys: string[]) => [...new Set(keys)].map((key) => ({ key, n }))
        const held = unique(before)
        expect(holdOrder(held, unique(after), keyOf).rows.map(keyOf)).toEqual(held.map(keyOf))
      }),
    )
  })

  it('has nothing pending where nothing has changed', () => {
    const rows = [{ key: 'a', n: 1 }]
    expect(holdOrder(rows, rows, keyOf).pending).toBe(0)
  })
})

describe('noteChanges', () => {
  it('marks what changed and what is new, but not the first picture', () => {
    const first = noteChanges(new Map(), [{ key: 'a', n: 1 }], keyOf, signature, 10)
    expect(first.get('a')?.changedAt).toBe(Number.NEGATIVE_INFINITY)
    const second = noteChanges(
      first,
      [
        { key: 'a', n: 2 },
        { key: 'b', n: 1 },
      ],
      keyOf,
      signature,
      20,
    )
    expect([second.get('a')?.changedAt, second.get('b')?.changedAt]).toEqual([20, 20])
    expect(noteChanges(second, [{ key: 'a', n: 2 }], keyOf, signature, 30).get('a')?.changedAt).toBe(20)
  })
})

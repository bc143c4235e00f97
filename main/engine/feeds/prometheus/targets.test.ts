import { expect, it } from 'vitest'
import { admittedRows, refusedTargetsDoubts } from './targets.ts'

const row = (instance: string, gpu: number) =>
  new Map([
    ['instance', instance],
    ['gpu', String(gpu)],
  ])
const rows = ['a', 'b', 'c'].flatMap((instance) => [row(instance, 0), row(instance, 1)])

it('admits all rows of as many targets as a floor may have', () => {
  expect(admittedRows(rows, new Set(), 3)).toEqual({ rows, refused: 0 })
})

it('admits the known targets alone where there are more, and counts the others', () => {
  expect(admittedRows(rows, new Set(['b']), 2)).toEqual({ rows: rows.slice(2, 4), refused: 2 })
  expect(admittedRows(rows, new Set(), 2)).toEqual({ rows: [], refused: 3 })
})

it('says so', () => {
  expect(refusedTargetsDoubts(0)).toEqual([])
  expect(refusedTargetsDoubts(27_232)).toMatchObject([{ by: '27,232 new exporters, at most 32,768 in all' }])
})

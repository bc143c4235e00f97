import { expect, it } from 'vitest'
import { admittedRows, refusedTargetsDoubts, TargetGate } from './targets.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const row = (instance: string, gpu: number) =>
  new Map([
    ['instance', instance],
    ['gpu', String(gpu)],
  ])
const rows = ['a', 'b', 'c'].flatMap((instance) => [row(instance, 0), row(instance, 1)])

it('admits all rows of as many targets as a floor may have', () => {
  expect(admittedRows(rows, new Set(), 0, 3)).toEqual({ rows, refused: 0 })
})

it('admits the known targets alone where there are more, and counts the others', () => {
  expect(admittedRows(rows, new Set(['b']), 0, 2)).toEqual({ rows: rows.slice(2, 4), refused: 2 })
  expect(admittedRows(rows, new Set(), 0, 2)).toEqual({ rows: [], refused: 3 })
})

it('believes the gate, which saw more targets than it let in', () => {
  expect(admittedRows(rows, new Set(['a']), 10, 3)).toEqual({ rows: rows.slice(0, 2), refused: 9 })
})

it('lets in all rows of known targets, and new ones up to the number that a floor may have', () => {
  const gate = new TargetGate(() => new Set(['c']), 1)
  const letIn = () => rows.map(gate.open())
  expect(letIn()).toEqual([true, true, false, false, true, true])
  expect(gate.takeCrowd()).toBe(3)
  expect(gate.takeCrowd()).toBe(0)
  expect(letIn()).toEqual([true, true, false, false, true, true])
})

it('says so', () => {
  expect(refusedTargetsDoubts(0)).toEqual([])
  expect(plainly(refusedTargetsDoubts(27_232))).toMatchObject([
    { by: '27,232 new exporters, at most 32,768 in all' },
  ])
})

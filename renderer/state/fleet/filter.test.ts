import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIGURE } from '../../../shared/model/figure.ts'
import { CONDITION } from '../../../shared/model/frame.ts'
import { conditionWords } from '../../../shared/model/conditionWords.ts'
import { isKnown } from './columns.ts'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { EMPTY_FILTER, filterRows, type FloorFilter, isEmptyFilter } from './filter.ts'
import { said } from '../../../shared/messages/message.ts'

const { topology, first } = syntheticFleet({ gpus: 1024, abnormal: 4, migShare: 0.5 })
const rowsOf = (change: Partial<FloorFilter>): number[] => {
  const { mask, count } = filterRows(topology, first, { ...EMPTY_FILTER, ...change })
  const rows = [...mask].flatMap((bit, row) => (bit === 1 ? [row] : []))
  expect(rows).toHaveLength(count)
  return rows
}
const hostOf = (row: number) => topology.hosts[topology.gpus.host[row] ?? -1]
const rackOf = (row: number) => topology.racks[hostOf(row)?.rack ?? -1]

describe('the filter', () => {
  it('that is empty leaves everything', () => {
    expect(isEmptyFilter(EMPTY_FILTER)).toBe(true)
    expect(isEmptyFilter({ ...EMPTY_FILTER, text: '  ' })).toBe(true)
    expect(isEmptyFilter({ ...EMPTY_FILTER, racks: ['R1-001'] })).toBe(false)
    expect(rowsOf({})).toHaveLength(1024)
  })

  it('keeps what stands in the named places', () => {
    expect(rowsOf({ hosts: ['h-0003'] })).toEqual([16, 17, 18, 19, 20, 21, 22, 23])
    expect(
      rowsOf({ racks: ['R2-001', 'R2-002'] }).every((row) => rackOf(row)?.name.startsWith('R2-00')),
    ).toBe(true)
    expect(rowsOf({ racks: ['R2-001', 'R2-002'] })).toHaveLength(64)
    const hall = rowsOf({ floors: ['Hall B'] })
    expect(hall.every((row) => rackOf(row)?.floor === 1)).toBe(true)
    expect(rowsOf({ floors: ['Hall A'] }).length + hall.length + rowsOf({ floors: ['Hall C'] }).length).toBe(
      1024,
    )
    expect(rowsOf({ floors: ['no such hall'] })).toEqual([])
  })

  it('keeps states, conditions and types', () => {
    expect(rowsOf({ states: ['stale'] }).every((row) => first.state[row] === FIGURE.stale)).toBe(true)
    expect(rowsOf({ states: ['stale'] }).length).toBeGreaterThan(0)
    const hit = rowsOf({ conditions: ['xid', 'hot'] })
    expect(hit.length).toBeGreaterThan(0)
    const bits = CONDITION.xid | CONDITION.hot
    expect(hit.every((row) => ((first.conditions[row] ?? 0) & bits) !== 0)).toBe(true)
    expect(
      rowsOf({ types: ['B200'] }).every((row) => topology.types[topology.gpus.type[row] ?? -1] === 'B200'),
    ).toBe(true)
  })

  it('finds what a drawer shows: MIG profiles, states, conditions and XIDs', () => {
    const board = topology.instances.gpu[0] ?? -1
    const profile = topology.instances.profile[0] ?? ''
    expect(rowsOf({ text: `mig ${profile}` })).toContain(board)
    const boards = new Set(topology.instances.gpu)
    expect(rowsOf({ text: 'MIG' }).every((row) => boards.has(row))).toBe(true)
    expect(rowsOf({ text: 'stale' })).toEqual(rowsOf({ states: ['stale'] }))
    expect(rowsOf({ text: conditionWords('hot') })).toEqual(rowsOf({ conditions: ['hot'] }))
    const codes = first.values[first.fields.indexOf('xid')]
    const states = first.states[first.fields.indexOf('xid')]
    const row = codes?.findIndex((code, at) => code > 0 && isKnown(states?.[at])) ?? -1
    expect(row).toBeGreaterThanOrEqual(0)
    const found = rowsOf({ text: `xid ${codes?.[row]}` })
    expect(found).toContain(row)
    expect(found.every((one) => codes?.[one] === codes?.[row])).toBe(true)
  })

  it('takes a kind and its number as one: gpu 3 is not every host with a 3 in its name', () => {
    expect(rowsOf({ text: 'gpu 3' }).every((row) => topology.gpus.slot[row] === 3)).toBe(true)
    expect(rowsOf({ text: 'h-0003 gpu 1' })).toEqual([17])
  })

  it('finds what a finding says of a row, of a board also by what is said of its instance', () => {
    const finding = (row: number, what: string) => ({
      id: what,
      kind: 'xid' as const,
      severity: 'critical' as const,
      what: said(what),
      where: '',
      rows: [row],
      gpus: 1,
      since: 0,
      by: said('uncorrectable'),
      nextStep: said('Drain it.'),
    })
    const findings = [
      finding(5, 'XID 79 · fallen off the bus quietly'),
      finding(1024, 'XID 48 · of an instance'),
    ]
    const by = (text: string) => filterRows(topology, first, { ...EMPTY_FILTER, text }, findings).mask
    expect([...by('fallen quietly')].flatMap((bit, row) => (bit === 1 ? [row] : []))).toEqual([5])
    expect(by('uncorrectable instance')[topology.instances.gpu[0] ?? -1]).toBe(1)
    expect(by('xid 79')[5]).toBe(1)
  })

  it('finds a board by the workload of one of its MIG instances', () => {
    const instance = topology.instances.workload.findIndex((workload) => workload >= 0)
    const workload = topology.workloads[topology.instances.workload[instance] ?? -1]
    const board = topology.instances.gpu[instance]
    expect(rowsOf({ pods: [workload?.pod ?? ''] })).toContain(board)
    expect(rowsOf({ namespaces: [workload?.namespace ?? ''] })).toContain(board)
    expect(rowsOf({ text: workload?.pod ?? '' })).toContain(board)
  })

  it('keeps known figures within a range, both ends included, and nothing unknown', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const range = { field: 'smActive' as const, min: Math.min(a, b), max: Math.max(a, b) }
          const kept = new Set(rowsOf({ range }))
          for (let row = 0; row < 1024; row++) {
            const value = first.values[0]?.[row] ?? Number.NaN
            const known = first.states[0]?.[row] === FIGURE.ok || first.states[0]?.[row] === FIGURE.zero
            expect(kept.has(row)).toBe(known && value >= range.min && value <= range.max)
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  it('wants every word of the text, anywhere, in any case', () => {
    expect(rowsOf({ text: 'H-0003 gpu5' })).toEqual([21])
    expect(rowsOf({ text: 'hall c R3-001' }).every((row) => rackOf(row)?.name === 'R3-001')).toBe(true)
    expect(rowsOf({ text: topology.gpus.uuid[77] ?? '' })).toEqual([77])
    expect(rowsOf({ text: '580.105.08' })).toHaveLength(1024)
    expect(rowsOf({ text: '00000000:3b:00 h-0001' })).toEqual([3])
    expect(rowsOf({ text: 'h-0003 nothing-like-it' })).toEqual([])
  })

  it('narrows: two conditions together leave no more than each alone', () => {
    const both = rowsOf({ floors: ['Hall A'], states: ['ok'] })
    const floor = new Set(rowsOf({ floors: ['Hall A'] }))
    const state = new Set(rowsOf({ states: ['ok'] }))
    expect(both.every((row) => floor.has(row) && state.has(row))).toBe(true)
  })

  it('without a frame knows nothing: only absent rows match a state', () => {
    const { count } = filterRows(topology, null, { ...EMPTY_FILTER, states: ['ok'] })
    expect(count).toBe(0)
    expect(filterRows(topology, null, { ...EMPTY_FILTER, states: ['absent'] }).count).toBe(1024)
  })
})

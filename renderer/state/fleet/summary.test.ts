import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIGURE, SEVERITY } from '../../../shared/model/figure.ts'
import { CONDITION } from '../../../shared/model/frame.ts'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { distribution, quantileOf } from './distribution.ts'
import { sortRows } from './sort.ts'
import { summarise } from './summary.ts'

const states = fc.integer({ min: 0, max: 4 })
const cell = fc.record({ value: fc.float({ min: -5, max: 200, noNaN: true }), state: states })

describe('distribution', () => {
  it('counts every known figure exactly once', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 200 }), fc.integer({ min: 1, max: 40 }), (cells, bins) => {
        const counts = distribution(
          Float32Array.from(cells, ({ value }) => value),
          Uint8Array.from(cells, ({ state }) => state),
          [0, 100],
          bins,
        )
        const known = cells.filter(({ state }) => state === FIGURE.ok || state === FIGURE.zero).length
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(known)
        const stale = distribution(
          Float32Array.from(cells, ({ value }) => value),
          Uint8Array.from(cells, ({ state }) => state),
          [0, 100],
          bins,
          null,
          cells.length,
          'stale',
        )
        expect(stale.reduce((sum, count) => sum + count, 0)).toBe(
          cells.filter(({ state }) => state === FIGURE.stale).length,
        )
      }),
    )
  })

  it('puts values into their part of the range, and what lies beyond into the outer parts', () => {
    const values = Float32Array.of(-1, 0, 9.9, 10, 99, 100, 500)
    const counts = distribution(values, new Uint8Array(7).fill(FIGURE.ok), [0, 100], 10)
    expect([...counts]).toEqual([3, 1, 0, 0, 0, 0, 0, 0, 0, 3])
  })
})

describe('quantileOf', () => {
  it.each([
    [[], 0.5, null],
    [[7], 0.95, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.95, 4],
  ] as const)('of %j at %d is %j', (sorted, share, expected) => {
    expect(quantileOf(Float32Array.from(sorted), sorted.length, share)).toBe(expected)
  })
})

it('selects the same quantile as sorting does', () => {
  const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 120 })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const sorted = Float32Array.from(list).toSorted()
      const rank = Math.min(list.length - 1, Math.max(0, Math.ceil(share * list.length) - 1))
      expect(quantileOf(Float32Array.from(list), list.length, share)).toBe(sorted[rank])
    }),
  )
})

describe('the summary', () => {
  const { topology, first } = syntheticFleet({ gpus: 1024, migShare: 0.5 })
  const rows = topology.gpus.host.length

  it('counts physical GPUs and leaves MIG instances out', () => {
    const summary = summarise(first, topology, null)
    expect(first.rows).toBeGreaterThan(rows)
    expect(summary.gpus).toBe(rows)
    expect(summary.byType.reduce((sum, type) => sum + type.total, 0)).toBe(rows)
    for (const { total, byState } of summary.byType) {
      expect(Object.values(byState).reduce((sum, count) => sum + count, 0)).toBe(total)
    }
  })

  it('sums power over boards with a figure only, and says how many those are', () => {
    const column = first.fields.indexOf('power')
    let watts = 0
    let boards = 0
    for (let row = 0; row < rows; row++) {
      const state = first.states[column]?.[row]
      if (state !== FIGURE.ok && state !== FIGURE.zero) continue
      watts += first.values[column]?.[row] ?? 0
      boards++
    }
    const { power } = summarise(first, topology, null)
    expect(power).toEqual({ watts, boards, of: rows })
    expect(boards).toBeLessThan(rows)
  })

  it('adds up: the parts of a floor give the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: rows, maxLength: rows, max: 1 }), (mask) => {
        const rest = mask.map((bit) => 1 - bit)
        const [whole, a, b] = [null, mask, rest].map((part) => summarise(first, topology, part))
        expect((a?.gpus ?? 0) + (b?.gpus ?? 0)).toBe(whole?.gpus)
        expect((a?.critical ?? 0) + (b?.critical ?? 0)).toBe(whole?.critical)
        expect((a?.power.boards ?? 0) + (b?.power.boards ?? 0)).toBe(whole?.power.boards)
        expect((a?.xidRows.length ?? 0) + (b?.xidRows.length ?? 0)).toBe(whole?.xidRows.length)
      }),
      { numRuns: 30 },
    )
  })

  it('has no mean, sum or hottest where nothing is known', () => {
    const dark = { ...first, states: first.states.map((column) => new Uint8Array(column.length)) }
    expect(summarise(dark, topology, null)).toMatchObject({
      activity: { field: 'smActive', mean: null, median: null, p95: null, known: 0, of: rows },
      power: { watts: null, boards: 0, of: rows },
      hottest: null,
    })
  })

  it('takes the activity field that most GPUs have', () => {
    const sm = first.fields.indexOf('smActive')
    const partly = {
      ...first,
      states: first.states.map((column, f) =>
        f === sm ? column.map((code, row) => (row < 10 ? code : 0)) : column,
      ),
    }
    expect(summarise(partly, topology, null).activity.field).toBe('grActive')
  })

  it('names the rows with an XID, and the hottest', () => {
    const { xidRows, hottest } = summarise(first, topology, null)
    const expected = [...first.conditions.subarray(0, rows)].flatMap((bits, row) =>
      (bits & CONDITION.xid) === 0 ? [] : [row],
    )
    expect(xidRows).toEqual(expected)
    expect(expected.length).toBeGreaterThan(0)
    expect(hottest?.celsius).toBe(86)
  })
})

describe('abnormal first', () => {
  const { topology, first } = syntheticFleet({ gpus: 512, abnormal: 6 })
  const rows = topology.gpus.host.length

  it('holds every row of the mask once, worst first, in floor order within a class', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: rows, maxLength: rows, max: 1 }), (mask) => {
        const sorted = sortRows(first, rows, mask)
        expect(new Set(sorted).size).toBe(mask.reduce((sum, bit) => sum + bit, 0))
        for (let i = 1; i < sorted.length; i++) {
          const [a, b] = [sorted.at(i - 1) ?? 0, sorted.at(i) ?? 0]
          const [worse, better] = [first.severity.at(a) ?? 0, first.severity.at(b) ?? 0]
          expect(worse).toBeGreaterThanOrEqual(better)
          const alike = worse === better && first.state[a] === first.state[b]
          expect(!alike || a < b).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('counts a severity that this screen does not know as critical', () => {
    const newer = {
      ...first,
      severity: first.severity.map((code, row) => (row === 400 ? 9 : Math.min(code, 1))),
    }
    expect(sortRows(newer, rows)[0]).toBe(400)
    expect(SEVERITY.critical).toBe(2)
  })
})

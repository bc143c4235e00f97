import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIMENSIONS } from '../../../../../shared/metering/capabilities.ts'
import { createCube } from './cube.ts'
import { type Grid, tableOf } from '../../testing/tables.ts'

const START = Date.UTC(2026, 10, 24, 12)
const STEP = 5000
const WINDOW = 60_000
const grid = (over: Partial<Grid> = {}): Grid => ({ startMs: START, stepMs: STEP, steps: 4, ...over })
const cube = (maxRows = 1000, windowMs = 15 * 60_000) => createCube({ windowMs, maxRows })
const row = (tenant: string, model: string, gpuType: string, input: readonly bigint[], output = input) => ({
  tenant,
  model,
  gpuType,
  endpoint: 'chat',
  input,
  output,
})

const usage = fc.array(
  fc.record({
    tenant: fc.constantFrom('a', 'b', 'c'),
    model: fc.constantFrom('m', 'n'),
    endpoint: fc.constantFrom('chat', 'batch'),
    gpuType: fc.constantFrom('H100', 'B200', ''),
    input: fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 4, maxLength: 4 }),
    output: fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 4, maxLength: 4 }),
  }),
  { maxLength: 20 },
)

describe('createCube', () => {
  it('knows nothing before the first answer', () => {
    const empty = cube()
    expect(empty.reach()).toBeNull()
    expect(empty.rates({}, WINDOW)).toMatchObject({ input: null, output: null, requests: null })
    expect(empty.rank('tenant', {}, WINDOW, 5)).toEqual({ rows: [], others: null, total: 0 })
    expect(empty.trend({})).toEqual({ times: [], input: [], output: [], rejected: [] })
    expect(empty.unknownTypeShare(WINDOW)).toBeNull()
  })

  it('takes means over complete steps only', () => {
    const known = cube()
    known.merge(
      tableOf(grid({ dataAsOf: START + 2 * STEP + 1 }), [row('a', 'm', 'H100', [10n, 30n, 999n, 999n])]),
    )
    expect(known.rates({}, WINDOW).input).toBe(4)
    expect(known.rates({}, STEP).input).toBe(6)
    expect(known.trend({})).toMatchObject({
      times: [START, START + STEP],
      input: [2, 6],
      rejected: [null, null],
    })
    expect(known.rates({}, WINDOW).requests).toBeNull()
  })

  it('makes no rate of now of what is known of an outage as a whole, and draws it', () => {
    const known = cube()
    const spread = [{ fromMs: START, toMs: START + 2 * STEP }]
    const told = (steps: number) => ({
      ...tableOf(grid({ steps, dataAsOf: START + steps * STEP }), [
        row('a', 'm', 'H100', [500n, 500n, 10n, 20n].slice(0, steps)),
      ]),
      spread,
    })
    known.merge(told(2))
    expect(known.rates({}, WINDOW).input).toBeNull()
    known.merge(told(4))
    expect(known.rates({}, WINDOW).input).toBe(3)
    expect(known.trend({}).input).toEqual([100, 100, 2, 4])
    expect(known.tokensBetween(START, START + 4 * STEP)).toBe(2060)
  })

  it('has the same rate of every measure however far the metering lags', () => {
    for (const lagSeconds of [0, 30, 90, 120, 180, 600]) {
      const known = cube()
      const dataAsOf = START + 15 * 60_000 - lagSeconds * 1000
      const told = (steps: number, startMs = START) =>
        tableOf(grid({ startMs, steps, dataAsOf }), [
          {
            ...row('a', 'm', 'H100', Array(steps).fill(50n)),
            requests: Array(steps).fill(100n),
            errors: Array(steps).fill(5n),
          },
        ])
      known.merge(told(180))
      const expected = { input: 10, requests: 20, errors: 1 }
      expect(known.rates({}, WINDOW), `${lagSeconds} s`).toMatchObject(expected)
      // It falls back while it is asked for the newest steps only.
      for (let step = 1; step <= 24; step++) known.merge(told(180, START + step * STEP))
      expect(known.rates({}, WINDOW), `${lagSeconds + 120} s`).toMatchObject(expected)
    }
  })

  it('does not know a measure of which only a part of the window was ever told', () => {
    const known = cube()
    const steps = (count: number) => Array(count).fill(5n)
    known.merge(tableOf(grid({ steps: 12 }), [row('a', 'm', 'H100', steps(12))]))
    expect(known.rates({}, WINDOW)).toMatchObject({ input: 1, requests: null })
    // From here on it counts requests, too.
    const later = tableOf(grid({ startMs: START + 6 * STEP, steps: 12 }), [
      { ...row('a', 'm', 'H100', steps(12)), requests: steps(12) },
    ])
    known.merge(later)
    expect(known.rates({}, WINDOW)).toMatchObject({ input: 1, requests: 1 })
    expect(known.rates({}, 2 * WINDOW)).toMatchObject({ input: 1, requests: null })
    known.merge(
      tableOf(grid({ startMs: START, steps: 6 }), [
        { ...row('a', 'm', 'H100', steps(6)), requests: steps(6) },
      ]),
    )
    expect(known.rates({}, 2 * WINDOW)).toMatchObject({ input: 1, requests: 1 })
    known.merge(tableOf(grid({ startMs: START + 18 * STEP, steps: 1 }), [row('a', 'm', 'H100', steps(1))]))
    expect(known.rates({}, WINDOW)).toMatchObject({ input: 1, requests: null })
  })

  it('says unknown instead of too little where so many rows lag so far that they have no room', () => {
    const lagging = (lagMs: number) =>
      tableOf(grid({ steps: 180, dataAsOf: START + 180 * STEP - lagMs }), [
        { ...row('a', 'm', 'H100', Array(180).fill(5n)), requests: Array(180).fill(5n) },
      ])
    const known = createCube({ windowMs: 15 * 60_000, maxRows: 1000, maxCells: 50_000 })
    known.merge(lagging(600_000))
    expect(known.rates({}, WINDOW)).toMatchObject({ input: 1, requests: null })
    known.merge(lagging(30_000))
    expect(known.rates({}, WINDOW)).toMatchObject({ input: 1, requests: 1 })
  })

  it('has the same sum by every dimension, and filters cut it into parts', () => {
    fc.assert(
      fc.property(usage, (rows) => {
        const known = cube()
        known.merge(tableOf(grid(), rows))
        const total = known.rates({}, WINDOW)
        for (const dimension of DIMENSIONS) {
          const { rows: ranked, others } = known.rank(dimension, {}, WINDOW, 1)
          const sum = ranked.reduce((all, each) => all + (each.rates.input ?? 0), others?.rates.input ?? 0)
          expect(sum).toBeCloseTo(total.input ?? 0, 3)
          const shares = known.rank(dimension, {}, WINDOW, 9).rows.map(({ share }) => share ?? 0)
          expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(
            shares.length > 0 && (total.input ?? 0) + (total.output ?? 0) > 0 ? 1 : 0,
          )
          expect(shares).toEqual(shares.toSorted((a, b) => b - a))
        }
        const parts = ['H100', 'B200', ''].map((type) => known.rates({ gpuType: [type] }, WINDOW).output ?? 0)
        expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(total.output ?? 0, 3)
      }),
    )
  })

  it('is the same merged in pieces as at once, and tells exactly what late usage changed', () => {
    const pieces = fc.array(usage, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 3 }), (versions, known) => {
        const inPieces = cube()
        const dataAsOf = START + (known + 1) * STEP
        let before = 0n
        for (const [index, rows] of versions.entries()) {
          const late = inPieces.merge(tableOf(grid({ dataAsOf }), rows))
          const complete = rows.reduce(
            (sum, { input, output }) =>
              sum + [...input.slice(0, known + 1), ...output.slice(0, known + 1)].reduce((a, b) => a + b, 0n),
            0n,
          )
          if (index > 0) expect(late?.tokens ?? 0n).toBe(complete - before)
          else expect(late).toBeNull()
          before = complete
        }
        const atOnce = cube()
        atOnce.merge(tableOf(grid({ dataAsOf }), versions.at(-1) ?? []))
        for (const filters of [{}, { tenant: ['a'] }, { model: ['n'], gpuType: ['H100', 'nope'] }]) {
          expect(inPieces.rates(filters, WINDOW)).toEqual(atOnce.rates(filters, WINDOW))
          expect(inPieces.trend(filters)).toEqual(atOnce.trend(filters))
        }
      }),
    )
  })

  it('tells that late usage moved between groups although the sum stayed', () => {
    const known = cube()
    known.merge(
      tableOf(grid(), [row('a', 'm', 'H100', [5n, 5n, 5n, 5n]), row('b', 'm', 'H100', [5n, 5n, 5n, 5n])]),
    )
    const again = tableOf(grid(), [
      row('a', 'm', 'H100', [5n, 6n, 5n, 5n]),
      row('b', 'm', 'H100', [5n, 4n, 5n, 5n]),
    ])
    expect(known.merge(again)).toEqual({ tokens: 0n, fromMs: START + STEP })
    expect(known.merge(again)).toBeNull()
  })

  it('moves on with time, and steps without an answer are unknown instead of zero or old', () => {
    const known = cube(100, 8 * STEP)
    known.merge(tableOf(grid(), [row('a', 'm', 'H100', [1n, 1n, 1n, 1n])]))
    const later = START + 6 * STEP
    known.merge(tableOf(grid({ startMs: later, steps: 2 }), [row('a', 'm', 'H100', [5n, 10n])]))
    const { times, input } = known.trend({})
    expect(times[0]).toBe(START)
    expect(input).toEqual([0.2, 0.2, 0.2, 0.2, null, null, 1, 2])
    expect(known.rates({}, 4 * STEP).input).toBeCloseTo(1.5)
    const muchLater = START + 30 * STEP
    known.merge(tableOf(grid({ startMs: muchLater, steps: 1 }), [row('b', 'm', 'H100', [5n])]))
    expect(known.rates({}, WINDOW).input).toBe(1)
    expect(known.rates({ tenant: ['a'] }, WINDOW).input).toBe(0)
    expect(known.trend({}).input.filter((value) => value !== null)).toEqual([1])
  })

  it('counts what has no room under one name and loses none of it', () => {
    const known = cube(3)
    const rows = ['a', 'b', 'c', 'd', 'e'].map((tenant) => row(tenant, 'm', 'H100', [10n, 10n, 10n, 10n]))
    known.merge(tableOf(grid(), rows))
    expect(known.rowCount()).toBe(3)
    expect(known.dropped()).toBe(3)
    expect(known.rates({}, WINDOW).input).toBe(10)
    expect(known.rank('tenant', {}, WINDOW, 9).rows[0]?.name).toBe('(others)')
  })

  it('forgets tenants that used nothing for long, so that it does not grow for ever', () => {
    const known = cube(10_000, 10 * STEP)
    for (let round = 0; round < 60; round++) {
      const rows = Array.from({ length: 20 }, (_, i) => row(`t${round}-${i}`, 'm', 'H100', [1n]))
      known.merge(tableOf(grid({ startMs: START + round * STEP, steps: 1 }), rows))
      expect(known.rates({}, STEP).input).toBe(4)
    }
    expect(known.rowCount()).toBeLessThan(20 * 20)
    expect(known.byTenant(STEP).ids).toContain('t59-0')
    expect(known.byTenant(STEP).ids).not.toContain('t0-0')
    // What is remembered is not taken for changed after that.
    const last = tableOf(
      grid({ startMs: START + 59 * STEP, steps: 1 }),
      Array.from({ length: 20 }, (_, i) => row(`t59-${i}`, 'm', 'H100', [1n])),
    )
    expect(known.merge(last)).toBeNull()
  })

  it('restarts when the back end counts in other steps', () => {
    const known = cube()
    known.merge(tableOf(grid(), [row('a', 'm', 'H100', [1n, 1n, 1n, 1n])]))
    known.merge(tableOf(grid({ stepMs: 60_000, steps: 1 }), [row('a', 'm', 'H100', [600n])]))
    expect(known.stepMs()).toBe(60_000)
    expect(known.rates({}, WINDOW).input).toBe(10)
  })

  it('gives tenants as columns with their own mean, and sparks of those asked for', () => {
    const known = cube()
    known.merge(
      tableOf(grid(), [row('a', 'm', 'H100', [10n, 10n, 10n, 50n]), row('b', 'm', '', [5n, 5n, 5n, 5n])]),
    )
    const { ids, rates, baseline } = known.byTenant(STEP)
    const a = ids.indexOf('a')
    expect(rates.input?.[a]).toBe(10)
    expect(rates.reasoning).toBeNull()
    expect(baseline[a]).toBe(8)
    expect(known.sparks(['b', 'nobody']).values).toEqual([
      [2, 2, 2, 2],
      [null, null, null, null],
    ])
    expect(known.unknownTypeShare(STEP)).toBeCloseTo(10 / 110)
    expect([...known.ratesBy('gpuType', { tenant: ['a'] }, STEP).keys()]).toEqual(['H100'])
  })
})

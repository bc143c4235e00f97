import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCube } from './cube.ts'
import { type Grid, tableOf } from '../../testing/tables.ts'

const START = Date.UTC(2026, 10, 24, 12)
const STEP = 5000
const WINDOW = 60_000
const grid = (over: Partial<Grid> = {}): Grid => ({ startMs: START, stepMs: STEP, steps: 4, ...over })
const cube = () => createCube({ windowMs: 15 * 60_000, maxRows: 1000 })
const row = (tenant: string, input: readonly bigint[]) => ({
  tenant,
  model: 'm',
  gpuType: '',
  endpoint: 'chat',
  input,
  output: input,
})
const part = grid({ complete: false })

describe('an answer that misses a part', () => {
  it('takes nothing away and adds what it has', () => {
    const known = cube()
    known.merge(tableOf(grid(), [row('a', [10n, 10n, 10n, 10n]), row('b', [5n, 5n, 5n, 5n])]))
    known.merge(tableOf(part, [row('b', [5n, 9n, 2n, 5n]), row('c', [1n, 0n, 0n, 0n])]))
    expect(known.rates({}, WINDOW).input).toBe((40 + 24 + 1) / 20)
    expect(known.rates({ tenant: ['a'] }, WINDOW).input).toBe(2)
    expect(known.tokensBetween(START, START + 4 * STEP)).toBe(2 * (40 + 24 + 1))
    expect(known.reach()?.complete).toBe(false)
    known.merge(tableOf(grid(), [row('b', [5n, 5n, 5n, 5n])]))
    expect(known.rates({}, WINDOW).input).toBe(1)
  })

  it('is no late usage where it only says less', () => {
    const known = cube()
    known.merge(tableOf(grid(), [row('a', [10n, 10n, 10n, 10n])]))
    expect(known.merge(tableOf(part, []))).toBeNull()
    expect(known.merge(tableOf(grid(), [row('a', [10n, 10n, 10n, 10n])]))).toBeNull()
    expect(known.merge(tableOf(part, [row('a', [13n, 0n, 0n, 0n])]))).toEqual({ tokens: 6n, fromMs: START })
  })

  it('never lowers a figure, in whatever order answers come', () => {
    const counts = fc.array(fc.bigInt({ min: 0n, max: 1000n }), { minLength: 4, maxLength: 4 })
    const rows = fc.uniqueArray(fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), input: counts }), {
      selector: ({ tenant }) => tenant,
    })
    fc.assert(
      fc.property(rows, fc.array(rows, { maxLength: 6 }), (first, others) => {
        const known = cube()
        known.merge(
          tableOf(grid(), [
            row('a', [1n, 1n, 1n, 1n]),
            ...first.filter(({ tenant }) => tenant !== 'a').map((each) => row(each.tenant, each.input)),
          ]),
        )
        for (const other of others) {
          const before = known.ratesBy('tenant', {}, WINDOW)
          known.merge(
            tableOf(
              part,
              other.map((each) => row(each.tenant, each.input)),
            ),
          )
          const after = known.ratesBy('tenant', {}, WINDOW)
          for (const [tenant, rates] of before) {
            expect(after.get(tenant)?.input ?? 0).toBeGreaterThanOrEqual(rates.input ?? 0)
          }
        }
      }),
    )
  })
})

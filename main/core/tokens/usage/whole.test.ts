import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tableOf } from '../testing/tables.ts'
import { wholeOf } from './whole.ts'

const START = Date.UTC(2026, 10, 23)
const STEP = 10_000

describe('all groups of an answer together', () => {
  it('is the mean of every measure over the steps that are known, and of no others', () => {
    const grid = { startMs: START, stepMs: STEP, steps: 3, dataAsOf: START + 2 * STEP }
    const whole = wholeOf(
      tableOf(grid, [
        { input: [100n, 300n, 5n], output: [10n, 10n, 10n], requests: [1n, 1n, 1n] },
        { input: [0n, 200n, 5n], output: [0n, 20n, 10n], requests: [0n, 2n, 9n] },
      ]),
    )
    expect(whole?.rates).toMatchObject({ input: 30, output: 2, requests: 0.2, reasoning: null })
    expect(whole?.input).toEqual([10, 50, null])
    expect(whole?.output).toEqual([1, 3, null])
  })

  it('is not known where no step is, which is not the same as nothing used', () => {
    const nothing = { startMs: START, stepMs: STEP, steps: 2 }
    expect(wholeOf(tableOf({ ...nothing, dataAsOf: START + 5 }, [{ input: [1n, 1n] }]))).toBeNull()
    expect(wholeOf(tableOf(nothing, [{ input: [0n, 0n] }]))?.rates.input).toBe(0)
  })

  it('comes to the sum of all rows, however they are grouped', () => {
    const row = fc.array(fc.bigInt({ min: 0n, max: 2n ** 40n }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const grid = { startMs: START, stepMs: STEP, steps: 4 }
        const whole = wholeOf(
          tableOf(
            grid,
            rows.map((output) => ({ output })),
          ),
        )
        const sum = rows.flat().reduce((all, each) => all + each, 0n)
        expect(whole?.rates.output).toBeCloseTo(Number(sum) / 40, -2)
      }),
    )
  })
})

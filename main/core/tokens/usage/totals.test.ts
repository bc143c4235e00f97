import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHARTED } from '../../../../shared/model/tokens.ts'
import { addTotals, fitStep, rateSeries, sumTotals, tokensIn, zeroTotals } from './totals.ts'
import { tableOf } from '../testing/tables.ts'

const START = Date.UTC(2026, 10, 23)
const STEP = 10_000

describe('sumTotals', () => {
  it('stays exact beyond what a number can hold, and leaves uncounted measures unknown', () => {
    const huge = 2n ** 60n + 1n
    const table = tableOf({ startMs: START, stepMs: STEP, steps: 2 }, [
      { input: [huge, huge], output: [1n, 2n] },
    ])
    expect(sumTotals(table, 0, 'all')).toMatchObject({
      input: (2n * huge).toString(),
      output: '3',
      reasoning: null,
    })
    expect(sumTotals(table, 0, 1)).toMatchObject({ input: huge.toString(), output: '2' })
  })

  it('knows nothing of a direction that is not counted, alone or in a sum', () => {
    const table = tableOf({ startMs: START, stepMs: STEP, steps: 1 }, [{ output: [5n] }])
    const totals = sumTotals(table, 0, 'all')
    expect(totals).toMatchObject({ input: null, output: '5' })
    expect(tokensIn(totals)).toBeNull()
    expect(zeroTotals(table)).toMatchObject({ input: null, output: '0', requests: null })
    const whole = { ...totals, input: '3' }
    expect([addTotals(totals, whole).input, addTotals(whole, whole).input]).toEqual([null, '6'])
    expect(tokensIn(whole)).toBe(8n)
  })

  it('adds up over steps, whatever they hold', () => {
    const counts = fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(counts, counts, (input, output) => {
        const table = tableOf({ startMs: START, stepMs: STEP, steps: 3 }, [{ input, output }])
        const bySteps = [0, 1, 2].map((step) => sumTotals(table, 0, step)).reduce(addTotals)
        expect(bySteps).toEqual(sumTotals(table, 0, 'all'))
      }),
    )
  })
})

describe('rateSeries', () => {
  const grid = { startMs: START, stepMs: STEP, steps: 3, dataAsOf: START + 2 * STEP }

  it('knows no step beyond the reach, and zero where none was used within it', () => {
    const table = tableOf(grid, [{ input: [100n, 0n, 50n], output: [50n, 0n, 5n] }])
    expect(rateSeries(table, 0, 'tokens')).toEqual([15, 0, null])
    expect(rateSeries(table, 0, 'input')).toEqual([10, 0, null])
  })

  it('is unknown for what is not counted', () => {
    const table = tableOf(grid, [{ input: [1n, 1n, 1n], output: [1n, 1n, 1n] }])
    for (const measure of CHARTED) {
      const known = ['tokens', 'input', 'output'].includes(measure)
      expect(rateSeries(table, 0, measure)[0] !== null).toBe(known)
    }
  })
})

describe('fitStep', () => {
  it('never gives more points than asked for, and only multiples of the back end’s own step', () => {
    const minSteps = fc.constantFrom(1000, 5000, 7000, 10_000, 60_000, 3_600_000, 86_400_000)
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 400 * 86_400_000 }),
        fc.integer({ min: 2, max: 4000 }),
        minSteps,
        (span, maxPoints, minStepMs) => {
          const step = fitStep(START, START + span, maxPoints, minStepMs)
          expect(step % minStepMs).toBe(0)
          expect(span / step).toBeLessThanOrEqual(maxPoints)
        },
      ),
    )
  })

  it('takes sizes that a person can name', () => {
    expect(fitStep(0, 3_600_000, 360, 1000)).toBe(10_000)
    expect(fitStep(0, 86_400_000, 1000, 10_000)).toBe(120_000)
    expect(fitStep(0, 31 * 86_400_000, 800, 10_000)).toBe(3_600_000)
  })
})

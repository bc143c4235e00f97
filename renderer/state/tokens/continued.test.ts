import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { continued, type Course, knownUntil } from './continued.ts'

const STEP = 10
const course = (times: number[], series: Record<string, (number | null)[]>): Course => ({
  times,
  stepMs: STEP,
  series: Object.entries(series).map(([name, values]) => ({ name, rest: name === '', values })),
})

describe('the last picture of a metering, continued by served tokens', () => {
  const metered = course([0, 10, 20, 30], {
    llama: [5, 5, 6, null],
    qwen: [3, 3, 3, null],
    '': [1, 1, 1, null],
  })

  it('ends where nothing more is known', () => {
    expect(knownUntil(metered)).toBe(30)
    expect(knownUntil(course([0], { llama: [null] }))).toBeNull()
  })

  it('keeps every layer in its place, whatever is the largest among those served', () => {
    const served = course([10, 20, 30, 40], { qwen: [8, 8, 8, 9], llama: [6, 6, 7, 7], '': [2, 2, 2, 3] })
    expect(continued(metered, served, 0)).toEqual(
      course([0, 10, 20, 30, 40], {
        llama: [5, 5, 6, 7, 7],
        qwen: [3, 3, 3, 8, 9],
        '': [1, 1, 1, 2, 3],
      }),
    )
  })

  it('calls a name that no server knows not known, and others what has no layer of its own', () => {
    const served = course([30, 40], { llama: [7, 7], mixtral: [4, null] })
    const both = course([20], { llama: [6], qwen: [3] })
    expect(continued(both, served, 0)).toEqual(
      course([20, 30, 40], { llama: [6, 7, 7], qwen: [3, null, null], '': [0, 4, null] }),
    )
  })

  it('is the served picture alone once the metered one has left the range', () => {
    const served = course([100, 110], { llama: [7, 7] })
    expect(continued(metered, served, 50)).toBe(served)
  })

  it('never makes a known sum of an unknown one, nor loses what was served', () => {
    const values = fc.array(fc.option(fc.nat(100)), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), values), (groups) => {
        const served = course([30, 40, 50], groups)
        const joined = continued(course([20], { a: [1], b: [2] }), served, 0)
        for (const [at] of served.times.entries()) {
          const all = served.series.map((one) => one.values[at] ?? null)
          const shown = joined.series.map((one) => one.values[at + 1] ?? null)
          const known = (list: (number | null)[]) => list.reduce<number>((sum, one) => sum + (one ?? 0), 0)
          if (all.every((one) => one !== null)) expect(known(shown)).toBe(known(all))
          else expect(shown).toContain(null)
        }
      }),
    )
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NameBudget } from './nameBudget.ts'

const MINUTE = 60_000
const named = (prefix: string, count: number) =>
  new Set(Array.from({ length: count }, (_, i) => `${prefix}${i}`))
/** A whole answer at once. */
function answer(budget: NameBudget, names: ReadonlySet<string>, now: number) {
  budget.begin()
  return budget.take(names, now)
}

describe('a budget of names', () => {
  it('takes the first answer whole, and then so many new ones a minute', () => {
    const budget = new NameBudget({ perMinute: 10, most: 1000 })
    expect(answer(budget, new Set(), 0).count).toBe(0)
    expect(answer(budget, named('a', 500), 1000).count).toBe(0)
    const { count, samples } = answer(budget, named('b', 60), 2000)
    expect([count, samples]).toEqual([50, ['b10', 'b11', 'b12']])
    expect(answer(budget, named('c', 5), 3000).count).toBe(5)
    expect(answer(budget, named('c', 5), 3000 + MINUTE).count).toBe(0)
  })

  it('never knows more than it may, and never loses one that goes on being used', () => {
    const answers = fc.array(
      fc.record({ pause: fc.nat(20 * MINUTE), names: fc.array(fc.nat(80), { maxLength: 40 }) }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(answers, (given) => {
        const budget = new NameBudget({ perMinute: 5, most: 20 })
        let now = 0
        answer(budget, new Set(['kept']), now)
        for (const { pause, names } of given) {
          now += pause
          answer(budget, new Set(['kept', ...names.map(String)]), now)
          expect(budget.has('kept')).toBe(true)
          const known = Array.from({ length: 81 }, (_, i) => String(i)).filter((name) => budget.has(name))
          expect(known.length).toBeLessThan(20)
        }
      }),
    )
  })

  it('is the same for an answer that comes in pieces', () => {
    const budget = new NameBudget({ perMinute: 10, most: 1000 })
    for (const part of ['a', 'b', 'c']) expect(budget.take(named(part, 300), 0).count).toBe(0)
    budget.begin()
    expect(budget.take(named('d', 8), 1000).count).toBe(0)
    expect(budget.take(named('e', 8), 1000).count).toBe(6)
    expect(budget.take(named('a', 300), 1000).count).toBe(0)
  })

  it('forgets what was not seen for an hour, so that churn is no flood', () => {
    const budget = new NameBudget({ perMinute: 10, most: 10 })
    answer(budget, named('a', 10), 0)
    expect(answer(budget, named('b', 10), 2 * MINUTE).count).toBe(10)
    expect(answer(budget, named('b', 10), 61 * MINUTE).count).toBe(0)
  })
})

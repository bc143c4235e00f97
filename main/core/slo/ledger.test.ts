import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Minute, MINUTE_MS, MinuteLedger, type Sums } from './ledger.ts'
import { minute, minutes } from './testing/objectives.ts'

/** The same by adding up what was put, one by one. */
class Oracle {
  readonly #kept: number
  readonly #minutes = new Map<number, Minute>()
  #end = Number.NEGATIVE_INFINITY

  constructor(kept: number) {
    this.#kept = kept
  }

  put(given: readonly Minute[]): void {
    for (const { at } of given) this.#end = Math.max(this.#end, at / MINUTE_MS + 1)
    for (const one of given) {
      const before = this.#minutes.get(one.at / MINUTE_MS)
      if (one.at / MINUTE_MS >= this.#end - this.#kept && one.known >= (before?.known ?? 0)) {
        this.#minutes.set(one.at / MINUTE_MS, one)
      }
    }
  }

  giveUp(end: number): void {
    if (this.#end > 0) this.#end = Math.max(this.#end, end)
  }

  sums(from: number, to: number): Sums {
    const ever = [...this.#minutes].filter(([, { known }]) => known > 0).map(([at]) => at)
    const start = Math.max(Math.min(...ever), this.#end - this.#kept)
    const inside = [...this.#minutes].filter(
      ([at]) => at >= Math.max(from, start) && at < Math.min(to, this.#end),
    )
    const sum = (value: (one: Minute) => number) => inside.reduce((all, [, one]) => all + value(one), 0)
    const [good, bad] = [sum((one) => one.good), sum((one) => one.bad)]
    return {
      good,
      bad,
      badLeast: sum((one) => one.badLeast),
      total: good + bad,
      known: sum((one) => one.known),
      expected: Math.max(0, Math.min(to, this.#end) - Math.max(from, start)),
    }
  }
}

const KEPT = 50
const putArbitrary = fc.array(
  fc.record({
    at: fc.integer({ min: 1000, max: 1130 }),
    total: fc.integer({ min: 0, max: 20 }),
    badShare: fc.integer({ min: 0, max: 4 }),
    known: fc.constantFrom(0, 0.5, 1),
  }),
  { maxLength: 30 },
)

describe('the minutes of an objective', () => {
  it('sum up as if they were added one by one, in whatever order they came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(putArbitrary, fc.integer({ min: 1000, max: 1150 })), { maxLength: 12 }),
        fc.array(fc.tuple(fc.integer({ min: 980, max: 1160 }), fc.integer({ min: 0, max: 80 })), {
          maxLength: 10,
        }),
        (steps, windows) => {
          const ledger = new MinuteLedger(KEPT)
          const oracle = new Oracle(KEPT)
          for (const step of steps) {
            if (typeof step === 'number') {
              ledger.giveUp(step)
              oracle.giveUp(step)
              continue
            }
            const given = step.map(({ at, total, badShare, known }): Minute => {
              const bad = known === 0 ? 0 : Math.floor((total * badShare) / 4)
              return { ...minute(at, known === 0 ? 0 : total, bad), known }
            })
            ledger.put(given)
            oracle.put(given)
          }
          for (const [from, length] of windows) {
            const expected = oracle.sums(from, from + length)
            expect(ledger.sums(from, from + length)).toEqual(
              Number.isNaN(expected.expected) || expected.expected === 0
                ? { good: 0, bad: 0, badLeast: 0, total: 0, known: 0, expected: 0 }
                : expected,
            )
          }
        },
      ),
    )
  })

  it('are kept for the period, however long it runs', () => {
    const ledger = new MinuteLedger(60)
    for (let at = 5000; at < 9000; at += 7) ledger.put(minutes(at, 7, 10, 1))
    const end = ledger.end ?? 0
    expect(ledger.start).toBe(end - 60)
    expect(ledger.sums(0, end)).toMatchObject({ total: 600, bad: 60, known: 60, expected: 60 })
  })

  it('outlast a gap that is longer than the period', () => {
    const ledger = new MinuteLedger(60)
    ledger.put(minutes(1000, 30, 10, 1))
    ledger.put([minute(90_000, 5, 5)])
    expect(ledger.sums(0, 90_001)).toMatchObject({ total: 5, bad: 5, known: 1, expected: 60 })
  })

  it('are unmeasured where no answer came, idle where nothing happened, and told late after all', () => {
    const ledger = new MinuteLedger(60)
    ledger.put([minute(100, 10, 2), minute(101, 0, 0)])
    ledger.giveUp(104)
    const states = () => ledger.minutes(100, 104).map(({ measured }) => measured)
    expect(states()).toEqual(['measured', 'idle', 'unmeasured', 'unmeasured'])
    expect(ledger.put([minute(103, 4, 0)])).toHaveLength(1)
    expect(states()).toEqual(['measured', 'idle', 'unmeasured', 'measured'])
  })

  it('are not forgotten when a later answer lacks them', () => {
    const ledger = new MinuteLedger(60)
    ledger.put([minute(100, 10, 2)])
    expect(ledger.put([{ ...minute(100, 3, 0), known: 0.5 }])).toEqual([])
    expect(ledger.sums(100, 101)).toMatchObject({ total: 10, bad: 2 })
    // The same again is no news; a correction is.
    expect(ledger.put([minute(100, 10, 2)])).toEqual([])
    expect(ledger.put([minute(100, 12, 2)])).toHaveLength(1)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumTotals } from '../../../core/tokens/usage/totals.ts'
import { stepsOf } from '../usage/steps.ts'
import { Recent } from './recent.ts'
import { Exposition, input } from './testing/exposition.ts'

const T0 = Date.UTC(2026, 10, 24, 9)
const ASKED = { groupBy: ['tenant'], filters: {}, top: null } as const
const steps = (fromMs: number, toMs: number, ms: number) => stepsOf({ fromMs, toMs, step: { ms } })

/** Readings at these seconds after T0, of one counter. */
function recentOf(readings: readonly (readonly [number, number])[]): Recent {
  const recent = new Recent()
  const exposition = new Exposition()
  for (const [second, value] of readings) recent.read(exposition.parse([input(value)]), T0 + second * 1000)
  return recent
}
const inputs = (recent: Recent, fromS: number, toS: number, ms: number, offsetMs = 0) => {
  const table = recent.table(ASKED, steps(T0 + fromS * 1000, T0 + toS * 1000, ms), offsetMs)
  return {
    table,
    from: table.times.map((time) => (time - T0) / 1000),
    values: table.times.map((_, step) => Number(table.counts.input?.exact(step) ?? -1n)),
  }
}

describe('what was used lately', () => {
  it('is spread over the time between two readings, in whole numbers', () => {
    const recent = recentOf([
      [0, 100],
      [15, 107],
    ])
    expect(inputs(recent, 0, 20, 5000).values).toEqual([2, 2, 3, 0])
    expect([recent.since(), recent.at()]).toEqual([T0, T0 + 15_000])
    expect(inputs(recent, 0, 20, 5000).table.dataAsOf).toBe(T0 + 15_000)
  })

  it('leaves out steps that begin before it was counted, which is not the same as zero', () => {
    const { from, values } = inputs(
      recentOf([
        [3, 100],
        [13, 110],
      ]),
      -10,
      20,
      5000,
    )
    expect(from).toEqual([5, 10, 15])
    expect(values).toEqual([5, 3, 0])
  })

  it('has no step at all before the second reading, and none of before a clock that was set back', () => {
    expect(inputs(recentOf([[0, 100]]), -10, 10, 5000).from).toEqual([])
    const set = recentOf([
      [100, 100],
      [110, 150],
      [50, 160],
      [60, 161],
    ])
    expect(inputs(set, 40, 120, 10_000)).toMatchObject({ from: [50, 60, 70, 80, 90, 100, 110] })
  })

  it('spreads what was used while the counters were not read evenly over that time, and says so', () => {
    const gap = recentOf([
      [0, 100],
      [10, 110],
      [210, 910],
      [220, 911],
    ])
    const { values, table } = inputs(gap, 0, 220, 10_000)
    expect(values).toEqual([10, ...Array.from({ length: 20 }, () => 40), 1])
    expect(table.spread).toEqual([{ fromMs: T0 + 10_000, toMs: T0 + 210_000 }])
    expect(table.notes?.join()).toContain('not read from 09:00:10 to 09:03:30 UTC')
    expect(table.doubts).toEqual([])
    expect([gap.since(), gap.steadySince()]).toEqual([T0, T0 + 210_000])
    expect(
      recentOf([
        [0, 1],
        [500, 2],
      ]).steadySince(),
    ).toBeNull()
  })

  it('is in doubt where the proxy restarted while the counters were not read', () => {
    const { table } = inputs(
      recentOf([
        [0, 1000],
        [300, 20],
      ]),
      0,
      300,
      300_000,
    )
    expect(table.doubts?.join()).toContain(
      'restarted while its counters were not read (09:00:00 to 09:05:00 UTC)',
    )
    expect(table.counts.input?.exact(0)).toBe(20n)
  })

  it('is told on the clock of the proxy', () => {
    const recent = recentOf([
      [0, 100],
      [10, 110],
    ])
    expect(inputs(recent, 60, 70, 10_000, 60_000)).toMatchObject({ from: [60], values: [10] })
    expect(inputs(recent, 60, 70, 10_000, 60_000).table.dataAsOf).toBe(T0 + 70_000)
  })

  it('forgets what is older than an hour', () => {
    const recent = recentOf(Array.from({ length: 420 }, (_, i) => [i * 10, i] as const))
    expect((recent.at() ?? 0) - (recent.since() ?? 0)).toBeLessThanOrEqual(65 * 60_000 + 10_000)
    expect((recent.at() ?? 0) - (recent.since() ?? 0)).toBeGreaterThan(60 * 60_000)
  })

  it('says nothing of what it never counted', () => {
    const recent = recentOf([
      [0, 1],
      [10, 2],
    ])
    const { counts } = inputs(recent, 0, 10, 10_000).table
    expect([counts.output, counts.rejected, counts.errorTokens]).toEqual([null, null, null])
    expect(recent.hasTokens).toBe(true)
    expect(new Recent().hasTokens).toBeNull()
  })

  it('refuses a table that outgrows what can be held', () => {
    const recent = new Recent()
    const exposition = new Exposition()
    const lines = (value: number) => Array.from({ length: 3000 }, (_, i) => input(value, { team: `t${i}` }))
    recent.read(exposition.parse(lines(1)), T0)
    recent.read(exposition.parse(lines(2)), T0 + 10_000)
    const asked = () => recent.table(ASKED, steps(T0, T0 + 1_000_000, 1000), 0)
    expect(asked).toThrow('LiteLLM: usage has 3000000 points, and at most 2000000 can be held')
  })

  it('adds up exactly, however it is cut into steps', () => {
    const readings = fc.array(
      fc.record({
        after: fc.integer({ min: 100, max: 119_000 }),
        by: fc.integer({ min: 0, max: 1_000_000 }),
      }),
      { minLength: 1, maxLength: 30 },
    )
    const step = fc.constantFrom(1000, 2000, 5000, 10_000, 60_000)
    fc.assert(
      fc.property(readings, step, fc.integer({ min: -90_000, max: 90_000 }), (all, ms, offsetMs) => {
        const recent = new Recent()
        const exposition = new Exposition()
        let [at, value, counted] = [T0, 1000, 0]
        recent.read(exposition.parse([input(value)]), at)
        for (const { after, by } of all) {
          at += after
          value += by
          counted += by
          recent.read(exposition.parse([input(value)]), at)
        }
        const since = recent.since() ?? at
        if (since !== T0) return
        // One step more at its beginning, so that none is left out for beginning too early.
        const from = T0 + offsetMs
        const asked = { times: [] as number[], toMs: 0, indexOf: () => -1 }
        const times = [from, ...steps(from + 1, at + offsetMs, ms).times.filter((time) => time > from)]
        const table = recent.table(ASKED, { ...asked, times, toMs: at + offsetMs }, offsetMs)
        const sum = table.rows.length === 0 ? 0 : Number(sumTotals(table, 0, 'all').input)
        expect(sum).toBe(counted)
      }),
      { numRuns: 200 },
    )
  })
})

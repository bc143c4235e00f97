import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cadenceOf, SampleClock } from './sampleClock.ts'

const LOCAL = 1_700_000_000_000

describe('the sample clock', () => {
  it('keeps ages right however wrong either clock is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 300_000 }), (skew, age) => {
        const evaluatedAt = LOCAL + skew
        const sampledAt = (evaluatedAt - age) / 1000
        const { times, dataAgeMs } = new SampleClock().translate(
          [{ instance: 'a', sampledAt }],
          evaluatedAt,
          LOCAL,
        )
        expect(LOCAL - (times.get('a') ?? Number.NaN)).toBeCloseTo(age, 0)
        expect(dataAgeMs).toBeCloseTo(age, 0)
      }),
    )
  })

  it('gives one sample one time although answers take different times', () => {
    const clock = new SampleClock()
    const rows = [{ instance: 'a', sampledAt: LOCAL / 1000 - 3 }]
    const first = clock.translate(rows, LOCAL, LOCAL - 20).times.get('a')
    const second = clock.translate(rows, LOCAL + 5000, LOCAL + 4700).times.get('a')
    expect(second).toBe(first)
  })

  it('follows a clock that was set', () => {
    const clock = new SampleClock()
    clock.translate([{ instance: 'a', sampledAt: LOCAL / 1000 }], LOCAL, LOCAL)
    const { times } = clock.translate([{ instance: 'a', sampledAt: LOCAL / 1000 }], LOCAL, LOCAL + 3_600_000)
    expect(times.get('a')).toBe(LOCAL + 3_600_000)
  })

  it('has no age without a sample, nor for one that is no time', () => {
    expect(new SampleClock().translate([], LOCAL, LOCAL).dataAgeMs).toBeNull()
    const odd = [Number.NaN, Number.POSITIVE_INFINITY].map((sampledAt) => ({ instance: 'a', sampledAt }))
    expect(new SampleClock().translate(odd, LOCAL, LOCAL)).toEqual({ times: new Map(), dataAgeMs: null })
  })

  it('never puts a sample into the future', () => {
    const { times } = new SampleClock().translate(
      [{ instance: 'a', sampledAt: LOCAL / 1000 }],
      LOCAL,
      LOCAL - 400,
    )
    expect(times.get('a')).toBe(LOCAL - 400)
  })
})

describe('the cadence of samples', () => {
  it('is the shortest step that a target made', () => {
    const before = new Map([
      ['a', 0],
      ['b', 0],
      ['c', 5],
    ])
    expect(
      cadenceOf(
        before,
        new Map([
          ['a', 15_000],
          ['b', 30_000],
          ['c', 6],
          ['d', 9],
        ]),
      ),
    ).toBe(15_000)
    expect(cadenceOf(before, before)).toBeNull()
  })
})

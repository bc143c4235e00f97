import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Evaluated, SampleClock } from './sampleClock.ts'

const LOCAL = 1_700_000_000_000

/** A question that was evaluated at once and answered a moment later. */
function at(evaluatedAt: number, sentAt: number): Evaluated {
  return { evaluatedAt, sentAt, receivedAt: sentAt + 20 }
}

describe('the sample clock', () => {
  it('keeps ages right however wrong either clock is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 300_000 }), (skew, age) => {
        const evaluatedAt = LOCAL + skew
        const sampledAt = (evaluatedAt - age) / 1000
        const { times, dataAgeMs } = new SampleClock().translate([{ instance: 'a', sampledAt }], {
          evaluatedAt,
          sentAt: LOCAL,
          receivedAt: LOCAL + 20,
        })
        expect(LOCAL - (times.get('a') ?? Number.NaN)).toBeCloseTo(age, 0)
        expect(dataAgeMs).toBeCloseTo(age, 0)
      }),
    )
  })

  it('gives one sample one time although answers take different times', () => {
    const clock = new SampleClock()
    const rows = [{ instance: 'a', sampledAt: LOCAL / 1000 - 3 }]
    const first = clock.translate(rows, at(LOCAL, LOCAL - 20)).times.get('a')
    const second = clock.translate(rows, at(LOCAL + 5000, LOCAL + 4700)).times.get('a')
    expect(second).toBe(first)
  })

  it('follows a clock that was set', () => {
    const clock = new SampleClock()
    clock.translate([{ instance: 'a', sampledAt: LOCAL / 1000 }], at(LOCAL, LOCAL))
    const { times } = clock.translate(
      [{ instance: 'a', sampledAt: LOCAL / 1000 }],
      at(LOCAL, LOCAL + 3_600_000),
    )
    expect(times.get('a')).toBe(LOCAL + 3_600_000)
  })

  it('has no age without a sample, nor for one that is no time', () => {
    expect(new SampleClock().translate([], at(LOCAL, LOCAL)).dataAgeMs).toBeNull()
    const odd = [Number.NaN, Number.POSITIVE_INFINITY].map((sampledAt) => ({ instance: 'a', sampledAt }))
    expect(new SampleClock().translate(odd, at(LOCAL, LOCAL))).toEqual({ times: new Map(), dataAgeMs: null })
  })

  it('never puts a sample into the future', () => {
    const { times } = new SampleClock().translate(
      [{ instance: 'a', sampledAt: LOCAL / 1000 }],
      at(LOCAL, LOCAL - 400),
    )
    expect(times.get('a')).toBe(LOCAL - 400)
  })
})

describe('the cadence of samples', () => {
  it('is learnt by target, from the history until two samples were seen', () => {
    const clock = new SampleClock()
    const read = (seconds: number) =>
      clock.translate(
        [{ instance: 'a', sampledAt: LOCAL / 1000 + seconds }],
        at(LOCAL + seconds * 1000, LOCAL + seconds * 1000),
      )
    read(0)
    expect([clock.cadenceMs('a'), clock.shortestCadenceMs]).toEqual([null, null])
    clock.assume('a', 60_000)
    expect(clock.cadenceMs('a')).toBe(60_000)
    read(30)
    read(30)
    read(60)
    expect([clock.cadenceMs('a'), clock.shortestCadenceMs]).toEqual([30_000, 30_000])
    clock.keep(new Set())
    expect(clock.cadenceMs('a')).toBeNull()
  })
})

it('refuses a clock that says another year, and says so', () => {
  const clock = new SampleClock()
  const inAYear = LOCAL + 365 * 86_400_000
  const { times, dataAgeMs } = clock.translate(
    [{ instance: 'a', sampledAt: inAYear / 1000 }],
    at(inAYear, LOCAL),
  )
  expect([times.size, dataAgeMs]).toEqual([0, null])
  expect(clock.refusal).toContain('too far apart')
})

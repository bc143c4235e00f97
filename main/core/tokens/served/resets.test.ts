import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Served } from './types.ts'
import { createServed } from './served.ts'
import type { ServerSample } from '../types.ts'

const PAUSE_S = 15
/** No rate of more than this many times the true one is ever told. */
const TIMES = 10
/** What may begin at once where nothing is known of a server yet. */
const AT_ONCE = 100_000

function sample(at: number, input: number): ServerSample {
  return {
    server: { id: 's', engine: 'vLLM', namespace: 'n', pod: 'p', model: 'm', endpoint: '', host: '' },
    at: at * 1000,
    counters: {
      input,
      output: null,
      cachedInput: null,
      transferredInput: null,
      requests: null,
      errors: null,
    },
    gauges: { running: null, waiting: null, kvCache: null, kvCacheMost: null },
    histograms: {},
  }
}

/** Values of one series, a scrape each; null where there is none. */
function watched(values: readonly (number | null)[]): Served {
  const served = createServed({ windowMs: 3_600_000, sliceMs: 5000 })
  let last: ServerSample | null = null
  for (const [scrape, value] of values.entries()) {
    if (value !== null) last = sample(scrape * PAUSE_S, value)
    // A series that is not there yet is not one that stands at zero.
    served.observe({ at: scrape * PAUSE_S * 1000, samples: last === null ? [] : [last] })
  }
  return served
}

const told = (served: Served, from: number, to: number) => {
  const { sums, complete } = served.between(from * PAUSE_S * 1000, to * PAUSE_S * 1000)
  return { tokens: Number(sums[0]?.input ?? 0n), complete }
}

describe('a series that sums several processes', () => {
  it('tells no giant rate when one of them is missing for a while and comes back', () => {
    const values = Array.from({ length: 41 }, (_, k) => {
      const grown = k * PAUSE_S * 1000
      return 58e6 + grown + (k >= 10 && k <= 12 ? 0 : 60e6 + grown)
    })
    const served = watched(values)
    expect(told(served, 0, 9)).toEqual({ tokens: 270_000, complete: true })
    expect(told(served, 9, 12).complete).toBe(false)
    expect(told(served, 9, 12).tokens).toBeLessThan(90_000)
    expect(told(served, 12, 14).complete).toBe(false)
    expect(told(served, 12, 14).tokens).toBeLessThan(60_000)
    expect(told(served, 14, 30)).toEqual({ tokens: 480_000, complete: true })
  })

  it('tells a process that really restarted, and goes on', () => {
    const values = Array.from({ length: 20 }, (_, k) => (k < 10 ? 5e6 + k * 30_000 : (k - 9) * 30_000))
    const served = watched(values)
    expect(told(served, 9, 10)).toEqual({ tokens: 30_000, complete: false })
    expect(told(served, 10, 19)).toEqual({ tokens: 270_000, complete: true })
  })

  it('believes traffic that begins, at once, and far more than any server had once it lasts', () => {
    const begins = watched([0, 0, 0, 0, 1_000_000, 2_000_000])
    expect(told(begins, 0, 5)).toEqual({ tokens: 2_000_000, complete: true })
    const rack = watched(Array.from({ length: 12 }, (_, k) => k * 30_000_000))
    expect(told(rack, 0, 4).complete).toBe(false)
    expect(told(rack, 5, 11)).toEqual({ tokens: 180_000_000, complete: true })
  })
})

interface Part {
  readonly level: number
  readonly perSecond: number
}
type Event = readonly [part: number, scrape: number, kind: 'restart' | 'missing', scrapes: number]

const parts = fc.array(
  fc.record({ level: fc.integer({ min: 1e6, max: 1e9 }), perSecond: fc.integer({ min: 100, max: 5000 }) }),
  { minLength: 1, maxLength: 3 },
)
const SCRAPES = 80
const events = fc.array(
  fc.tuple(
    fc.nat(2),
    fc.integer({ min: 6, max: SCRAPES - 1 }),
    fc.constantFrom('restart' as const, 'missing' as const),
    fc.integer({ min: 1, max: 12 }),
  ),
  { maxLength: 12 },
)

/** What is scraped of the sum: a process that restarts counts from zero, one that is missing is not in it. */
function scraped(all: readonly Part[], happening: readonly Event[]): (number | null)[] {
  const levels = all.map(({ level }) => level)
  return Array.from({ length: SCRAPES }, (_, scrape) => {
    let sum: number | null = null
    for (const [part, { perSecond }] of all.entries()) {
      const mine = happening.filter(([which]) => which % all.length === part)
      const restarts = mine.some(([, at, kind]) => kind === 'restart' && at === scrape)
      levels[part] = restarts ? 0 : (levels[part] ?? 0) + perSecond * PAUSE_S
      const missing = mine.some(
        ([, at, kind, scrapes]) => kind === 'missing' && scrape >= at && scrape < at + scrapes,
      )
      if (!missing) sum = (sum ?? 0) + (levels[part] ?? 0)
    }
    return sum
  })
}

describe('whatever restarts or is missing', () => {
  it('no rate is negative or far above the true one, told as complete or not', () => {
    fc.assert(
      fc.property(parts, events, (all, happening) => {
        const served = watched(scraped(all, happening))
        const perSecond = all.reduce((sum, part) => sum + part.perSecond, 0)
        for (let scrape = 1; scrape < SCRAPES; scrape++) {
          const { tokens } = told(served, scrape - 1, scrape)
          expect(tokens).toBeGreaterThanOrEqual(0)
          expect(tokens).toBeLessThanOrEqual(TIMES * perSecond * PAUSE_S)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('nor where a part is missing from the first scrape, as far as it is more than a server may begin with', () => {
    const early = events.map((all) => all.map(([part, , kind, scrapes]): Event => [part, 0, kind, scrapes]))
    fc.assert(
      fc.property(parts, early, events, (all, first, later) => {
        const served = watched(scraped(all, [...first, ...later]))
        const perSecond = all.reduce((sum, part) => sum + part.perSecond, 0)
        for (let scrape = 1; scrape < SCRAPES; scrape++) {
          const { tokens } = told(served, scrape - 1, scrape)
          expect(tokens).toBeLessThanOrEqual(Math.max(TIMES * perSecond, AT_ONCE) * PAUSE_S)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('and all of it is told as complete where nothing is', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const perSecond = all.reduce((sum, part) => sum + part.perSecond, 0)
        expect(told(watched(scraped(all, [])), 0, SCRAPES - 1)).toEqual({
          tokens: perSecond * PAUSE_S * (SCRAPES - 1),
          complete: true,
        })
      }),
    )
  })
})

describe('an address of a service with several servers behind it', () => {
  it('counts no requests from one server to the next while their tokens jump', () => {
    const served = createServed({ windowMs: 3_600_000, sliceMs: 1000 })
    const bases = [
      { input: 10e6, requests: 3000 },
      { input: 20e6, requests: 7000 },
      { input: 30e6, requests: 10_000 },
    ]
    let last = sample(0, 0)
    for (let second = 0; second <= 40; second++) {
      const { input, requests } = bases[second % 3] ?? { input: 0, requests: 0 }
      const one = sample(second, input + 1000 * second)
      last = { ...one, counters: { ...one.counters, requests: requests + second } }
      served.observe({ at: last.at, samples: [last] })
    }
    const { gaps, complete } = served.between(last.at - 30_000, last.at)
    expect(complete).toBe(false)
    expect(gaps.join()).toContain('jumped far from what it served')
    // One server at a time answers, each of them with one request a second.
    const [rate] = served.rates(40_000, last.at)
    expect(rate?.requests).toBeLessThan(10)
  })
})

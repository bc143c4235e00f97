import { describe, expect, it } from 'vitest'
import { countOf, quantile, quantilesOf } from '../latency/quantile.ts'
import type { Served } from './types.ts'
import { createServed } from './served.ts'
import { type Said, saidBy } from '../testing/servers.ts'
import type { Histogram } from '../types.ts'

const watch = () => createServed({ windowMs: 3_600_000, sliceMs: 5000 })
const say = (served: Served, at: number, said: Omit<Said, 'at'>) =>
  served.observe({ at: at * 1000, samples: [saidBy({ at, ...said })] })

/** Fast ones below 1 s, slow ones below 10 s. */
const seen = (fast: number, slow: number): Histogram => ({ bounds: [1, 10], counts: [fast, slow, 0] })

/** Ten quick requests every 15 s, then 10 minutes of silence with 4,000 slow ones in it, then quick ones again. */
function outage(roundsAfter: number): { served: Served; nowS: number } {
  const served = watch()
  for (let i = 0; i <= 8; i++) {
    say(served, i * 15, { counters: { output: i * 1500 }, histograms: { duration: seen(i * 10, 0) } })
  }
  for (let i = 0; i <= roundsAfter; i++) {
    say(served, 720 + i * 15, {
      counters: { output: 612_000 + i * 1500 },
      histograms: { duration: seen(80 + i * 10, 4000) },
    })
  }
  return { served, nowS: 720 + roundsAfter * 15 }
}

describe('an outage of a server', () => {
  it('puts what was counted in it to its time, and nothing of it to now', () => {
    const first = outage(0)
    expect(first.served.rates(60_000, first.nowS * 1000)).toEqual([])
    const { served, nowS } = outage(2)
    expect(served.rates(60_000, nowS * 1000)[0]?.output).toBeCloseTo(100, 6)
    const inOutage = served.between(300_000, 360_000).sums[0]
    expect(Number(inOutage?.output)).toBe(60_000)
    expect(served.between(300_000, 360_000).complete).toBe(false)
    expect(Number(served.between(0, nowS * 1000).sums[0]?.output)).toBe(615_000)
  })

  it('leaves its latencies out of the present ones, and says so', () => {
    const { served, nowS } = outage(4)
    const { duration, note } = served.latency({}, 300_000, nowS * 1000)
    expect(duration && quantile(duration, 0.99)).toBeLessThan(1)
    expect(duration && countOf(duration)).toBe(40)
    expect(note).toContain('did not answer')
    expect(served.latency({}, 300_000, nowS * 1000 + 600_000).note).toBe('')
  })

  it('spreads them over its time in a picture of the past', () => {
    const { served } = outage(4)
    const { duration } = served.latency({}, 60_000, 400_000, true)
    expect(duration && countOf(duration)).toBeCloseTo(400, 6)
    expect(duration && quantile(duration, 0.5)).toBeGreaterThan(1)
    const before = served.latency({}, 60_000, 100_000, true).duration
    expect(before && quantile(before, 0.99)).toBeLessThan(1)
  })
})

it('a scrape a minute, Prometheus’ own default, is no outage after another', () => {
  const served = watch()
  for (let i = 0; i <= 20; i++) {
    const at = i * 60 + (i % 3) * 0.4
    say(served, at, { counters: { output: i * 6000 }, histograms: { duration: seen(i * 10, 0) } })
    if (i === 0) continue
    expect(Math.round((served.rates(60_000, at * 1000)[0]?.output ?? 0) / 10)).toBe(10)
    expect(served.latency({}, 300_000, at * 1000).note).toBe('')
    expect(served.servers({}, at * 1000 + 58_000).silent).toBe(0)
  }
  expect(served.between(120_000, 1_200_000).complete).toBe(true)
})

it('19: two servers with different bounds have a p90 beyond the last bound of both', () => {
  const served = watch()
  const old = (counts: readonly number[]): Histogram => ({ bounds: [0.5, 1, 5, 10], counts })
  const young = (counts: readonly number[]): Histogram => ({
    bounds: [0.5, 1, 5, 10, 20, 40, 80, 160, 640, 2560],
    counts,
  })
  const none = (histogram: Histogram): Histogram => ({ ...histogram, counts: histogram.counts.map(() => 0) })
  const ended = {
    a: old([300, 200, 150, 50, 200]),
    b: young([70, 20, 4, 1, 5, 0, 0, 0, 0, 0, 0]),
  }
  for (const [at, of] of [
    [0, none],
    [15, (histogram: Histogram) => histogram],
  ] as const) {
    served.observe({
      at: at * 1000,
      samples: (['a', 'b'] as const).map((id) =>
        saidBy({ at, id, histograms: { timeToFirstToken: of(ended[id]) } }),
      ),
    })
  }
  const { timeToFirstToken } = served.latency({}, 60_000, 15_000)
  expect(timeToFirstToken).toEqual({ bounds: [0.5, 1, 5, 10], counts: [370, 220, 154, 51, 205] })
  expect(timeToFirstToken && quantilesOf(timeToFirstToken)).toMatchObject({
    p50: expect.any(Number),
    p90: null,
    beyond: 10,
  })
})

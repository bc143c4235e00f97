import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCube } from '../../../core/tokens/usage/cube/cube.ts'
import { sumTotals } from '../../../core/tokens/usage/totals.ts'
import { Bench, MINUTE, NINE, SECOND } from './testing/bench.ts'

/** Ten minutes without a reading of the counters: the engine slept, or the proxy was not reached. */

const { signal } = new AbortController()
let bench: Bench
beforeEach(() => {
  bench = new Bench()
})
afterEach(() => bench.close())

/** Reads twice, then not for ten minutes, in which so many requests of 100 + 40 tokens end, and once more. */
async function outage(requests: number): Promise<void> {
  await bench.open()
  await bench.readTwice(bench.request({ endMs: NINE + 5 * SECOND }))
  for (let i = 0; i < requests; i++) bench.serve({ endMs: NINE + 5 * MINUTE + i })
  bench.clock.advance(10 * MINUTE)
}

describe('what was used while the counters were not read', () => {
  it('is usage of that time, and no rate of now', async () => {
    await outage(60)
    const cube = createCube({ windowMs: 15 * MINUTE, maxRows: 100 })
    const table = await bench.source.usage(bench.live(), signal)
    cube.merge(table)
    expect(sumTotals(table, 0, 'all')).toMatchObject({ input: '6100', output: '2440' })
    expect(table.notes?.join()).toContain('were not read from 09:00:10 to 09:10:10 UTC')
    expect(cube.rates({}, MINUTE)).toMatchObject({ input: null, output: null })
    // 6,000 input tokens in ten minutes.
    expect(cube.trend({}).input.slice(5, 10)).toEqual([10, 10, 10, 10, 10])
    bench.serve({ endMs: bench.clock.now() + SECOND })
    bench.clock.advance(10 * SECOND)
    cube.merge(await bench.source.usage(bench.live(), signal))
    expect(cube.rates({}, MINUTE)).toMatchObject({ input: 10, output: 4 })
  })

  it('is asked of single requests for a picture of the past, and else is an estimate of a part', async () => {
    await outage(60)
    const past = { fromMs: NINE + MINUTE, toMs: NINE + 11 * MINUTE, step: { ms: MINUTE } }
    const exact = await bench.source.usage(bench.live({ ...past, groupBy: [] }), signal)
    expect(exact.times.map((_, step) => Number(exact.counts.input?.exact(step)))).toEqual([
      0, 0, 0, 0, 6000, 0, 0, 0, 0, 0,
    ])
    // Without them nothing but the counters is left.
    bench.proxy.instead.set('/spend/logs/v2', () => ({
      body: { data: [], total: 0, page: 1, total_pages: 0 },
    }))
    const estimate = await bench.source.usage(bench.live({ ...past, groupBy: [] }), signal)
    expect(estimate.times.map((_, step) => Number(estimate.counts.input?.exact(step))).slice(0, 3)).toEqual([
      600, 600, 600,
    ])
    expect(estimate.doubts?.join()).toContain('only a part of that time is asked for')
  })
})

import { describe, expect, it } from 'vitest'
import type { Served } from './types.ts'
import { createServed } from './served.ts'
import type { ServerSample } from '../types.ts'

const START = 1_700_000_000_000
const MINUTE = 60_000

function sample(at: number, input: number, id = 's'): ServerSample {
  return {
    server: { id, engine: 'vLLM', namespace: 'n', pod: id, model: 'm', endpoint: '', host: '' },
    at,
    counters: { input, output: 0, cachedInput: null, transferredInput: null, requests: null, errors: null },
    gauges: { running: null, waiting: null, kvCache: null, kvCacheMost: null },
    histograms: {},
  }
}

/** Rounds every 5 s from a time on; what the counter stands at in the end. */
function rounds(served: Served, from: number, count: number, perSecond: number, before: number): number {
  let input = before
  for (let k = 0; k < count; k++) {
    input += 5 * perSecond
    const at = from + k * 5000
    served.observe({ at, samples: [sample(at, input)] })
  }
  return input
}

describe('a wall clock that is set back', () => {
  it('makes it restart: what was told under the old time is never told under the new one', () => {
    const served = createServed({ windowMs: 20 * MINUTE, sliceMs: 5000 })
    const before = rounds(served, START, 121, 1000, 0)
    const back = START + 5 * MINUTE
    rounds(served, back, 25, 3000, before)
    const now = back + 2 * MINUTE
    expect(served.between(now - 60_000, now - 20_000)).toMatchObject({
      complete: true,
      sums: [{ input: 120_000n }],
    })
    expect(served.rates(30_000, now)[0]?.input).toBe(3000)
    expect(served.servers({}, now)).toMatchObject({ count: 1, silent: 0, at: now })
    expect(served.between(back - MINUTE, back).complete).toBe(false)
  })

  it('takes no sample for new that was scraped under the old time', () => {
    const served = createServed({ windowMs: 20 * MINUTE, sliceMs: 5000 })
    rounds(served, START, 121, 1000, 0)
    const back = START + 5 * MINUTE
    const old = sample(START + 10 * MINUTE, 605_000)
    for (const at of [back, back + 5000]) served.observe({ at, samples: [old] })
    rounds(served, back + 10_000, 10, 3000, 700_000)
    expect(served.between(back + 20_000, back + 50_000)).toMatchObject({
      complete: true,
      sums: [{ input: 90_000n }],
    })
    expect(served.between(back, back + 50_000).complete).toBe(false)
  })

  it('of a few seconds changes nothing', () => {
    const served = createServed({ windowMs: 20 * MINUTE, sliceMs: 5000 })
    const before = rounds(served, START, 10, 1000, 0)
    rounds(served, START + 47_000, 10, 1000, before)
    expect(served.between(START, START + 45_000)).toMatchObject({
      complete: true,
      sums: [{ input: 45_000n }],
    })
  })
})

import { describe, expect, it } from 'vitest'
import type { Served } from './types.ts'
import { createServed } from './served.ts'
import { type Said, saidBy } from '../testing/servers.ts'

const SCRAPE_S = 15

/** The same server over and over. @param said by its number, from 0 */
function follow(rounds: number, said: (i: number) => Omit<Said, 'at'>[]): { served: Served; nowMs: number } {
  const served = createServed({ windowMs: 3_600_000, sliceMs: 1000 })
  for (let i = 0; i < rounds; i++) {
    const at = i * SCRAPE_S
    served.observe({ at: at * 1000, samples: said(i).map((one) => saidBy({ at, ...one })) })
  }
  return { served, nowMs: (rounds - 1) * SCRAPE_S * 1000 }
}

const now = ({ served, nowMs }: ReturnType<typeof follow>, filters = {}) => served.servers(filters, nowMs)

describe('queues against counters', () => {
  it('doubts requests that run while no token is counted', () => {
    const standing = follow(6, () => [
      { counters: { input: 900, output: 90 }, gauges: { running: 12, waiting: 3 } },
    ])
    expect(now(standing)).toMatchObject({ running: 12, doubtful: 1, implausible: true })
    expect(now(standing).notes.join()).toContain(
      's1 (m) says that 12 requests run, but has counted no token for 75 s',
    )
  })

  it('waits for as long as a prompt may take, and longer where tokens are counted at the end of a request', () => {
    const said = () => [{ counters: { output: 90 }, gauges: { running: 12 } }]
    expect(now(follow(4, said)).doubtful).toBe(0)
    const served = createServed({ windowMs: 3_600_000, sliceMs: 1000 })
    for (let i = 0; i < 10; i++) {
      const sample = saidBy({ at: i * SCRAPE_S, counters: { output: 90 }, gauges: { running: 12 } })
      served.observe({
        at: i * SCRAPE_S * 1000,
        samples: [{ ...sample, server: { ...sample.server, engine: 'SGLang' } }],
      })
    }
    expect(served.servers({}, 9 * SCRAPE_S * 1000).doubtful).toBe(0)
  })

  it('doubts a queue that is empty while thousands of tokens are counted', () => {
    const busy = follow(8, (i) => [{ counters: { output: i * 60_000 }, gauges: { running: 0 } }])
    expect(now(busy)).toMatchObject({ doubtful: 1, implausible: true })
    expect(now(busy).notes.join()).toContain('no request runs')
    const quiet = follow(200, (i) => [{ counters: { output: i * 300 }, gauges: { running: 0 } }])
    expect(now(quiet).doubtful).toBe(0)
  })

  it('doubts a queue and a cache that say the same while tokens are counted', () => {
    const said = (i: number, kvCache: number) => [
      { counters: { output: i * 15_000 }, gauges: { running: 64, waiting: 0, kvCache } },
    ]
    expect(now(follow(8, (i) => said(i, 0.4321))).doubtful).toBe(1)
    expect(now(follow(8, (i) => said(i, 0.4 + i / 1000))).doubtful).toBe(0)
    const embeds = (i: number) => [
      { counters: { input: i * 15_000, output: 0 }, gauges: { running: 4, kvCache: 0.1 } },
    ]
    expect(now(follow(12, embeds)).doubtful).toBe(0)
    // A full one stays full.
    expect(now(follow(8, (i) => said(i, 0.97))).doubtful).toBe(0)
  })

  it('leaves doubtful servers out of the sums where others say something', () => {
    const both = follow(6, (i) => [
      { id: 'frozen', counters: { output: 90 }, gauges: { running: 500 } },
      { id: 'alive', counters: { output: i * 900 }, gauges: { running: 3 + i } },
    ])
    expect(now(both)).toMatchObject({ count: 2, running: 8, doubtful: 1, implausible: false })
  })

  it('tells a doubt no longer once counters and queues move again', () => {
    const healed = follow(8, (i) => [
      { counters: { output: Math.max(0, i - 6) * 900 }, gauges: { running: 12 - i } },
    ])
    expect(now(healed).doubtful).toBe(0)
  })
})

describe('filters', () => {
  const two = follow(2, (i) => [
    {
      id: 'a',
      model: 'x',
      endpoint: 'chat',
      counters: { output: i },
      gauges: { running: 5, kvCache: 0.2, kvCacheMost: 0.3 },
    },
    {
      id: 'b',
      model: 'y',
      endpoint: 'batch',
      counters: { output: i },
      gauges: { running: 7, kvCache: 0.6, kvCacheMost: 0.9 },
    },
  ])

  it('narrow servers by model and endpoint', () => {
    expect(now(two)).toMatchObject({ count: 2, running: 12, kvCache: 0.4, kvCacheMost: 0.9 })
    expect(now(two, { model: ['x'] })).toMatchObject({ count: 1, running: 5, kvCache: 0.2, kvCacheMost: 0.3 })
    expect(now(two, { endpoint: ['batch'] })).toMatchObject({ count: 1, running: 7 })
    expect(now(two, { model: ['z'] })).toMatchObject({ count: 0, running: null, kvCache: null })
  })

  it('by tenant is not honoured, and said', () => {
    expect(now(two, { tenant: ['red'] })).toMatchObject({ count: 2, running: 12 })
    expect(now(two, { tenant: ['red'] }).notes.join()).toContain('no tenants')
  })
})

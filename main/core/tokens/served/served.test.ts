import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Join } from './join.ts'
import { quantile } from '../latency/quantile.ts'
import type { Served } from './types.ts'
import { createServed } from './served.ts'
import type { Histogram, ServerSample } from '../types.ts'

interface Said {
  readonly at: number
  readonly input?: number | null
  readonly output?: number | null
  readonly id?: string
  readonly model?: string
  readonly pod?: string
  readonly running?: number
  readonly kvCache?: number
  readonly ttft?: Histogram
}

/** Times in seconds. */
function sample({ at, id = 's1', model = 'llama', pod = 'llama-0', ttft, ...said }: Said): ServerSample {
  const { input = null, output = null, running = null, kvCache = null } = said
  return {
    server: { id, engine: 'vLLM', namespace: 'team-a', pod, model, endpoint: 'chat', host: '' },
    at: Math.round(at * 1000),
    counters: { input, output, cachedInput: null, transferredInput: null, requests: null, errors: null },
    gauges: { running, waiting: null, kvCache, kvCacheMost: kvCache },
    histograms: ttft === undefined ? {} : { timeToFirstToken: ttft },
  }
}

const TYPES: Join = {
  typesOf: ({ pod }) =>
    pod === 'llama-0'
      ? [{ gpuType: 'H100', weight: 1 }]
      : pod === 'mixed-0'
        ? [
            { gpuType: 'H100', weight: 0.75 },
            { gpuType: 'L4', weight: 0.25 },
          ]
        : [],
  allocated: () => new Map(),
}

function watch(): Served {
  const served = createServed({ windowMs: 3_600_000, sliceMs: 1000 })
  served.setJoin(TYPES)
  return served
}

const round = (served: Served, at: number, ...said: Said[]) =>
  served.observe({ at: at * 1000, samples: said.map(sample) })

const between = (served: Served, from: number, to: number) => served.between(from * 1000, to * 1000)

describe('between', () => {
  it('interpolates inside a scrape interval and adds up exactly', () => {
    const served = watch()
    round(served, 0, { at: 0, input: 100, output: 10 })
    round(served, 10, { at: 10, input: 200, output: 21 })
    round(served, 20, { at: 20, input: 200, output: 21 })
    expect(between(served, 0, 20)).toMatchObject({
      complete: true,
      sums: [{ model: 'llama', gpuType: 'H100', input: 100n, output: 11n }],
    })
    expect(between(served, 0, 5).sums[0]).toMatchObject({ input: 50n, output: 5n })
    expect(between(served, 5, 20).sums[0]).toMatchObject({ input: 50n, output: 6n })
  })

  it('takes what a counter held at first for nothing', () => {
    const served = watch()
    round(served, 0, { at: 0, input: 1_000_000, output: 5 })
    round(served, 10, { at: 10, input: 1_000_007, output: 5 })
    expect(between(served, 0, 10).sums).toEqual([{ model: 'llama', gpuType: 'H100', input: 7n, output: 0n }])
  })

  it('says where a restart or a pause leaves something open, and only there', () => {
    const served = watch()
    round(served, 0, { at: 0, input: 1000 })
    round(served, 10, { at: 10, input: 2000 })
    round(served, 20, { at: 20, input: 50 })
    round(served, 120, { at: 120, input: 150 })
    round(served, 130, { at: 130, input: 160 })
    expect(between(served, 0, 10).complete).toBe(true)
    const restarted = between(served, 0, 20)
    expect(restarted.complete).toBe(false)
    expect(restarted.gaps).toEqual([
      'team-a/llama-0 (llama): restarted; what it served just before is not known',
    ])
    expect(restarted.sums[0]?.input).toBe(1050n)
    expect(between(served, 15, 60).complete).toBe(false)
    expect(between(served, 40, 60).gaps[0]).toContain('no figures for 100 s')
    // All of the pause lies inside: what was served in it is known.
    expect(between(served, 20, 130)).toMatchObject({ complete: true, sums: [{ input: 110n }] })
  })

  it('leaves out a jump that no server makes, and says so', () => {
    const served = watch()
    round(served, 0, { at: 0, input: 1000 })
    round(served, 10, { at: 10, input: 1e15 })
    round(served, 20, { at: 20, input: 1e15 + 8 })
    expect(between(served, 0, 20)).toMatchObject({ complete: false, sums: [{ input: 8n }] })
    expect(between(served, 10, 20).complete).toBe(true)
  })

  it('ignores samples that come twice or late', () => {
    const served = watch()
    for (const at of [0, 10, 10, 5, 20, 20]) round(served, 20, { at, input: at * 100 })
    expect(between(served, 0, 20).sums[0]?.input).toBe(2000n)
  })

  it('does not know what was before it watched, nor what comes', () => {
    const served = watch()
    round(served, 100, { at: 100, input: 0 })
    round(served, 110, { at: 110, input: 5 })
    expect(between(served, 90, 110).gaps).toEqual([
      'The inference servers have not been watched for that long.',
    ])
    expect(between(served, 100, 111).complete).toBe(false)
    expect(createServed({ windowMs: 1000, sliceMs: 1000 }).between(0, 1).complete).toBe(false)
  })

  it('tells a silent server from one that is gone', () => {
    const served = watch()
    const other = (at: number): Said => ({ at, id: 's2', pod: 'llama-0', model: 'other', input: at })
    round(served, 0, { at: 0, input: 0 }, other(0))
    round(served, 10, { at: 10, input: 10 }, other(10))
    // Still expected, with the sample it had: silent.
    round(served, 20, { at: 10, input: 10 }, other(20))
    expect(between(served, 10, 20).gaps).toEqual(['team-a/llama-0 (llama): silent at the end of this time'])
    // No longer named: gone, and what comes later is complete without it.
    round(served, 30, other(30))
    round(served, 40, other(40))
    expect(between(served, 10, 30).gaps[0]).toContain('ended in this time')
    expect(between(served, 30, 40).complete).toBe(true)
  })

  it('doubts the time in which a server with tokens comes in, not one that starts at zero', () => {
    const served = watch()
    round(served, 0, { at: 0, input: 0 })
    round(served, 10, { at: 10, input: 1 }, { at: 10, id: 's2', model: 'b', input: 0, output: 0 })
    round(served, 20, { at: 20, input: 2 }, { at: 20, id: 's2', model: 'b', input: 4, output: 0 })
    expect(between(served, 0, 20).complete).toBe(true)
    round(
      served,
      30,
      { at: 30, input: 3 },
      { at: 30, id: 's2', model: 'b', input: 4, output: 0 },
      { at: 30, id: 's3', model: 'c', input: 900 },
    )
    expect(between(served, 20, 30).gaps[0]).toContain('first seen in this time')
  })

  it('splits a server on two types, and names what is not mapped to a GPU', () => {
    const served = watch()
    const said = (at: number, input: number): Said[] => [
      { at, id: 'a', pod: 'mixed-0', input },
      { at, id: 'b', pod: 'nowhere', model: 'lost', input },
    ]
    round(served, 0, ...said(0, 0))
    round(served, 10, ...said(10, 101))
    const { sums, unjoined } = between(served, 0, 10)
    expect(sums).toEqual([
      { model: 'llama', gpuType: 'H100', input: 75n, output: 0n },
      { model: 'llama', gpuType: 'L4', input: 26n, output: 0n },
      { model: 'lost', gpuType: '', input: 101n, output: 0n },
    ])
    expect(unjoined).toEqual({ share: 0.5, servers: ['team-a/nowhere (lost)'], total: 1 })
  })

  it('keeps the type of a server whose pod has ended', () => {
    const served = watch()
    round(served, 0, { at: 0, input: 0 })
    round(served, 10, { at: 10, input: 10 })
    served.setJoin({ typesOf: () => [], allocated: () => new Map() })
    expect(between(served, 0, 10).sums[0]?.gpuType).toBe('H100')
  })

  it('names servers that count no tokens instead of counting them as zero', () => {
    const served = watch()
    round(served, 0, { at: 0 })
    round(served, 10, { at: 10 })
    expect(between(served, 0, 10)).toMatchObject({
      sums: [],
      complete: true,
      uncounted: ['team-a/llama-0 (llama)'],
    })
  })

  it('loses and doubles nothing, however scrapes and windows fall', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 200, max: 40_000 }), fc.nat(50_000), fc.nat(3000)), {
      minLength: 2,
      maxLength: 60,
    })
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (all, cuts) => {
          const served = createServed({ windowMs: 1e9, sliceMs: 5000 })
          served.setJoin(TYPES)
          let at = 0
          let [input, output] = [3, 9]
          served.observe({ at, samples: [sample({ at: 0, input, output })] })
          for (const [pause, inputs, outputs] of all) {
            at += pause
            input += inputs
            output += outputs
            served.observe({ at, samples: [sample({ at: at / 1000, input, output })] })
          }
          const edges = [0, ...cuts.map((cut) => cut * at), at].toSorted((a, b) => a - b)
          let [sumIn, sumOut] = [0n, 0n]
          for (let edge = 1; edge < edges.length; edge++) {
            const { sums } = served.between(edges[edge - 1] as number, edges[edge] as number)
            for (const one of sums) {
              expect(one.input >= 0n && one.output >= 0n).toBe(true)
              sumIn += one.input
              sumOut += one.output
            }
          }
          expect([sumIn, sumOut]).toEqual([BigInt(input - 3), BigInt(output - 9)])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('forgets what lies before its window and says so', () => {
    const served = createServed({ windowMs: 60_000, sliceMs: 1000 })
    for (let at = 0; at <= 300; at += 5) round(served, at, { at, input: at * 10 })
    expect(between(served, 0, 300).gaps).toEqual(['Only the newest part of that time is still kept.'])
    expect(between(served, 250, 300)).toMatchObject({ complete: true, sums: [{ input: 500n }] })
  })
})

describe('rates', () => {
  it('measures up to each server’s own newest sample', () => {
    const served = watch()
    const said = (at: number): Said[] => [
      { at, id: 'a', input: at * 100, output: at * 10 },
      { at: at - 3, id: 'b', input: (at - 3) * 100, output: (at - 3) * 10 },
    ]
    for (const at of [5, 10, 15, 20]) round(served, at, ...said(at))
    const [rate] = served.rates(10_000, 20_000)
    expect(rate).toMatchObject({ model: 'llama', endpoint: 'chat', gpuType: 'H100' })
    expect(rate?.input).toBeCloseTo(200, 9)
    expect(rate?.output).toBeCloseTo(20, 9)
  })

  it('leaves silent servers out, and gives no giant rate after a restart', () => {
    const served = watch()
    round(served, 0, { at: 0, input: 1e9 })
    round(served, 10, { at: 10, input: 1e9 + 100 })
    round(served, 20, { at: 20, input: 30 })
    expect(served.rates(20_000, 20_000)[0]?.input).toBeCloseTo(6.5, 9)
    expect(served.rates(20_000, 200_000)).toEqual([])
  })
})

describe('curves', () => {
  it('tell what was served step by step, as far as every server that answers is known', () => {
    const served = watch()
    expect(served.reach(0)).toBeNull()
    for (const at of [0, 10, 20]) {
      round(
        served,
        at,
        { at, id: 'a', input: at * 100 },
        { at: at - 4, id: 'b', pod: 'mixed-0', input: at * 100 },
        { at, id: 'c', pod: 'lost-0', output: at * 3 },
      )
    }
    expect(served.reach(20_000)).toEqual({ fromMs: 0, toMs: 16_000 })
    const curves = served.curves([0, 5000, 10_000, 15_000], 20_000)
    const of = (gpuType: string) => curves.find((curve) => curve.gpuType === gpuType)
    expect([...(of('H100')?.input ?? [])]).toEqual([500 + 375, 500 + 375, 500 + 375])
    expect([...(of('L4')?.input ?? [])]).toEqual([125, 125, 125])
    expect([...(of('')?.output ?? [])]).toEqual([15, 15, 15])
  })

  it('keep a server that has ended and leave out one that is silent', () => {
    const served = watch()
    for (const at of [0, 10, 20]) {
      round(served, at, { at, id: 'a', input: at }, { at, id: 'b', model: 'other', input: at * 2 })
    }
    const silent = { at: 20, id: 'b', model: 'other', input: 40 }
    for (const at of [90, 100]) round(served, at, { at, id: 'a', input: at }, silent)
    expect(served.curves([0, 20_000], 100_000).map(({ model }) => model)).toEqual(['llama'])
    expect(served.reach(100_000)?.toMs).toBe(100_000)
    round(served, 110, { at: 110, id: 'a', input: 110 })
    const ended = served.curves([0, 20_000, 100_000], 110_000).find(({ model }) => model === 'other')
    expect([...(ended?.input ?? [])]).toEqual([40, 0])
  })
})

describe('servers', () => {
  it('counts processes, not models, and the silent among them', () => {
    const served = watch()
    round(
      served,
      100,
      { at: 100, id: 'a', model: 'x', running: 3, kvCache: 0.5 },
      { at: 100, id: 'a', model: 'y', running: 1 },
      { at: 10, id: 'b', running: 99, kvCache: 1 },
    )
    expect(served.servers({}, 100_000)).toMatchObject({
      count: 2,
      silent: 1,
      running: 4,
      waiting: null,
      kvCache: 0.5,
      at: 100_000,
    })
    expect(watch().servers({}, 0)).toMatchObject({ count: 0, running: null, kvCache: null, at: null })
  })
})

describe('latency', () => {
  const bounds = [0.1, 1]
  const ttft = (fast: number, slow: number): Histogram => ({ bounds, counts: [fast, slow, 0] })

  it('is of what was observed in the window, by model and type', () => {
    const served = watch()
    round(served, 0, { at: 0, ttft: ttft(1000, 0) }, { at: 0, id: 'b', model: 'other', ttft: ttft(0, 0) })
    round(served, 10, { at: 10, ttft: ttft(1000, 8) }, { at: 10, id: 'b', model: 'other', ttft: ttft(4, 0) })
    const of = (filters: Parameters<Served['latency']>[0]) => served.latency(filters, 60_000, 10_000)
    expect(of({ model: ['llama'] }).timeToFirstToken?.counts).toEqual([0, 8, 0])
    expect(of({}).timeToFirstToken?.counts).toEqual([4, 8, 0])
    expect(of({ gpuType: ['L4'] }).timeToFirstToken).toBeNull()
    expect(of({}).duration).toBeNull()
    expect(served.latency({}, 5000, 30_000).timeToFirstToken).toBeNull()
    expect(of({ tenant: ['acme'] }).note).toContain('no tenants')
  })

  it('starts over with a server that restarted', () => {
    const served = watch()
    round(served, 0, { at: 0, ttft: ttft(1000, 50) })
    round(served, 10, { at: 10, ttft: ttft(3, 0) })
    expect(served.latency({}, 60_000, 10_000).timeToFirstToken?.counts).toEqual([3, 0, 0])
  })

  it('takes sums of the back end where there are some, and says what they cannot tell', () => {
    const served = watch()
    const one = (model: string, counts: readonly number[]) => ({
      kind: 'timeToFirstToken' as const,
      model,
      endpoint: '',
      windowMs: 300_000,
      histogram: { bounds, counts },
    })
    served.observe({ at: 0, samples: [], windowed: [one('a', [1, 1, 0]), one('b', [0, 8, 0])] })
    const { timeToFirstToken, note } = served.latency({ gpuType: ['H100'] }, 60_000, 0)
    expect(timeToFirstToken && quantile(timeToFirstToken, 0.5)).toBeCloseTo(0.5, 9)
    expect(note).toContain('of all types')
    expect(served.latency({ model: ['a'] }, 60_000, 0).timeToFirstToken?.counts).toEqual([1, 1, 0])
  })
})

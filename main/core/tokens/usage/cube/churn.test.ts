import { describe, expect, it } from 'vitest'
import { createDriftBook } from '../../drift/drift.ts'
import type { Served } from '../../served/types.ts'
import { createServed } from '../../served/served.ts'
import type { ServerSample } from '../../types.ts'

const WINDOW = 20_000
const SCRAPE = 5_000
const START = Date.UTC(2026, 10, 24)
/** Per scrape, of each server. */
const TOKENS = 10_000

function sample(id: string, model: string, at: number, input: number): ServerSample {
  return {
    server: { id, engine: 'vLLM', namespace: '', pod: id, model, endpoint: 'chat', host: '' },
    at,
    counters: { input, output: 0, cachedInput: null, transferredInput: null, requests: null, errors: null },
    gauges: { running: null, waiting: null, kvCache: null, kvCacheMost: null },
    histograms: {},
  }
}

interface Server {
  readonly id: string
  readonly model: string
  /** What its counter says after so many scrapes; null: it is not named then. */
  readonly counter: (scrape: number) => number | null
}

const steady = (id: string, model: string): Server => ({ id, model, counter: (k) => k * TOKENS })
/** Restarts once a minute. */
const restarting = (id: string, model: string): Server => ({ id, model, counter: (k) => (k % 12) * TOKENS })
const many = (count: number, model: string) =>
  Array.from({ length: count }, (_, i) => steady(`${model}-${i}`, model))

/** Ten minutes. */
function watch(servers: readonly Server[], scrapes = 120): Served {
  const served = createServed({ windowMs: 20 * 60_000, sliceMs: 1000 })
  for (let k = 0; k <= scrapes; k++) {
    const at = START + k * SCRAPE
    const samples = servers.flatMap(({ id, model, counter }) => {
      const input = counter(k)
      return input === null ? [] : [sample(id, model, at, input)]
    })
    served.observe({ at, samples })
  }
  return served
}

/** Metered exactly what is known to have been served, but for a share of one model. */
function compare(served: Served, windows: number, leak: Readonly<Record<string, number>> = {}) {
  const book = createDriftBook({ threshold: 0.01, windowMs: WINDOW, lagMs: 0, keep: 30 })
  for (let i = 0; i < windows; i++) {
    const fromMs = START + i * WINDOW
    const between = served.between(fromMs, fromMs + WINDOW)
    book.observe({
      fromMs,
      toMs: fromMs + WINDOW,
      served: between.sums,
      servedComplete: between.watched,
      servedGaps: between.gaps,
      servedDoubts: between.doubts,
      metered: between.sums.map((sum) => ({
        ...sum,
        input: BigInt(Math.round(Number(sum.input) * (1 - (leak[sum.model] ?? 0)))),
      })),
      meteredComplete: true,
      price: () => null,
    })
  }
  const { total, rows } = book.state(START + windows * WINDOW)
  return { total, row: (model: string) => rows.find((row) => row.model === model) }
}

describe('servers that come and go', () => {
  it('leave the row of other models known, and the total where they are few of it', () => {
    const served = watch([...many(300, 'm'), restarting('other-0', 'other')])
    const { total, row } = compare(served, 29, { m: 0.02 })
    expect(row('m')).toMatchObject({ state: 'drifts', spark: Array(29).fill(expect.any(Number)) })
    expect(total).toMatchObject({ state: 'drifts', spark: Array(29).fill(expect.any(Number)) })
    // Its own restarts are all that it is, and its figures are of another time than the others.
    expect(row('other')?.note).toMatch(/Compared over \d+ s\.$/)
    expect(row('other')?.spark.filter((share) => share === null).length).toBeGreaterThan(5)
  })

  it('leave the row of their own model known while what they may hide is little of it', () => {
    const served = watch([...many(300, 'm'), restarting('m-300', 'm')])
    expect(compare(served, 29, { m: 0.02 }).row('m')).toMatchObject({
      state: 'drifts',
      spark: Array(29).fill(expect.any(Number)),
    })
    expect(compare(served, 29).row('m')).toMatchObject({ state: 'agrees' })
  })

  it('leave nothing known where they are many of it', () => {
    const served = watch([...many(10, 'm'), restarting('other-0', 'other')])
    const { total, row } = compare(served, 29)
    expect(total.spark.filter((share) => share === null).length).toBeGreaterThan(5)
    expect(row('m')).toMatchObject({ state: 'agrees', spark: Array(29).fill(0) })
    expect(row('m')?.note).toBe('Compared over 10 min.')
  })

  it('are as large as they were while they are silent, however long', () => {
    const silent = (id: string, model: string): Server => ({
      id,
      model,
      counter: (k) => Math.min(k, 40) * TOKENS,
    })
    const served = createServed({ windowMs: 4 * 60_000, sliceMs: 1000 })
    const servers = [...many(4, 'm'), silent('m-4', 'm'), ...many(5, 'other')]
    for (let k = 0; k <= 120; k++) {
      const at = (id: string) => START + (id === 'm-4' ? Math.min(k, 40) : k) * SCRAPE
      const samples = servers.map(({ id, model, counter }) => sample(id, model, at(id), counter(k) ?? 0))
      served.observe({ at: START + k * SCRAPE, samples })
    }
    const { doubts, complete, watched } = served.between(START + 580_000, START + 600_000)
    expect({ complete, watched }).toEqual({ complete: false, watched: true })
    expect(doubts).toEqual([
      { model: 'm', gpuType: '', tokens: 4 * TOKENS, gaps: ['m-4 (m): silent at the end of this time'] },
    ])
  })

  it('are beyond all measure where their size is not known', () => {
    const late: Server = { id: 'new-0', model: 'new', counter: (k) => (k < 20 ? null : 5e6 + k * TOKENS) }
    const served = watch([...many(300, 'm'), late])
    expect(served.between(START + 80_000, START + 100_000).doubts).toMatchObject([
      { model: 'new', tokens: null },
    ])
    const { total, row } = compare(served, 29)
    expect(total.spark.indexOf(null)).toBe(4)
    expect(row('m')?.spark).not.toContain(null)
  })
})

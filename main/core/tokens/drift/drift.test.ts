import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDriftBook, type DriftBookState } from './drift.ts'
import type { ComparedWindow } from './windows.ts'

const START = Date.UTC(2026, 10, 24)
const WINDOW = 20_000
const options = { threshold: 0.01, windowMs: WINDOW, lagMs: 20_000, keep: 30 }
const PER_WINDOW = 10_000_000n
/** So many windows are over. */
const at = (windows: number) => START + windows * WINDOW + options.lagMs

const window = (index: number, metered: bigint, over: Partial<ComparedWindow> = {}): ComparedWindow => ({
  fromMs: START + index * WINDOW,
  toMs: START + (index + 1) * WINDOW,
  served: [{ model: 'm', gpuType: 'H100', input: PER_WINDOW, output: 0n }],
  servedComplete: true,
  servedGaps: [],
  metered: [{ model: 'm', gpuType: 'H100', input: metered, output: 0n }],
  meteredComplete: true,
  price: () => ({ input: '2', output: '8' }),
  ...over,
})

function after(windows: readonly ComparedWindow[], count = windows.length): DriftBookState {
  const book = createDriftBook(options)
  for (const each of windows) book.observe(each)
  return book.state(at(count))
}

describe('createDriftBook', () => {
  it('learns before it agrees', () => {
    expect(createDriftBook(options).state(at(0)).total).toMatchObject({ state: 'learning', served: null })
    const states = [1, 5, 6].map(
      (count) => after(Array.from({ length: count }, (_, i) => window(i, PER_WINDOW))).total.state,
    )
    expect(states).toEqual(['learning', 'learning', 'agrees'])
  })

  it('finds what is given away, with its price', () => {
    const { total, rows } = after(Array.from({ length: 10 }, (_, i) => window(i, 9_800_000n)))
    expect(total).toMatchObject({
      state: 'drifts',
      severity: 'advisory',
      served: '100000000',
      metered: '98000000',
      drift: '2000000',
      driftShare: 0.02,
      driftAmount: '4',
    })
    expect(total.note).toMatch(/^2.*% of what was served is not metered over the last 3 min\.$/)
    expect(rows).toMatchObject([{ model: 'm', gpuType: 'H100', state: 'drifts' }])
  })

  it('finds what is billed and was never served', () => {
    const { total } = after(Array.from({ length: 10 }, (_, i) => window(i, 11_000_000n)))
    expect(total).toMatchObject({ state: 'drifts', severity: 'critical', drift: '-10000000' })
    expect(total.note).toContain('more is metered than was served')
  })

  it('says since when, and forgets it when it is over', () => {
    const book = createDriftBook(options)
    for (let i = 0; i < 8; i++) book.observe(window(i, PER_WINDOW))
    expect(book.state(at(8)).total.since).toBeNull()
    for (let i = 8; i < 12; i++) book.observe(window(i, 9_000_000n))
    const since = book.state(at(12)).total.since
    expect(since).toBe(START + 11 * WINDOW)
    for (let i = 12; i < 14; i++) book.observe(window(i, 9_000_000n))
    expect(book.state(at(14)).total.since).toBe(since)
    for (let i = 14; i < 60; i++) book.observe(window(i, PER_WINDOW))
    expect(book.state(at(60)).total).toMatchObject({ state: 'agrees', since: null })
  })

  it('takes what the metering learns late for what it is', () => {
    const book = createDriftBook(options)
    for (let i = 0; i < 8; i++) book.observe(window(i, 9_000_000n))
    expect(book.state(at(8)).total.state).toBe('drifts')
    for (let i = 0; i < 8; i++) book.observe(window(i, PER_WINDOW))
    expect(book.state(at(8)).total).toMatchObject({ state: 'agrees', drift: '0' })
  })

  it('does not judge windows that ended less than the lag ago', () => {
    const windows = Array.from({ length: 9 }, (_, i) => window(i, i < 7 ? PER_WINDOW : 0n))
    expect(after(windows, 7).total.state).toBe('agrees')
    expect(after(windows, 9).total.state).toBe('drifts')
  })

  it('is unknown and never in agreement while a side has a gap', () => {
    const known = Array.from({ length: 8 }, (_, i) => window(i, PER_WINDOW))
    const gap = { servedComplete: false, servedGaps: ['pod-1: silent for 40 s.'] }
    const one = after([...known, window(8, 0n, gap)])
    expect(one.total).toMatchObject({ state: 'agrees' })
    expect(one.total.note).toBe('The newest window is not known: pod-1: silent for 40 s.')
    const two = after([...known, window(8, 0n, gap), window(9, 0n, gap)])
    expect(two.total).toMatchObject({ state: 'unknown', note: 'pod-1: silent for 40 s.' })
    expect(two.total.spark.slice(-2)).toEqual([null, null])
    const late = after([
      ...known,
      window(8, 0n, { meteredComplete: false }),
      window(9, 0n, { meteredComplete: false }),
    ])
    expect(late.total.note).toBe('The metering has not told all of that time.')
  })

  it('does not alarm over a model that hardly anybody calls', () => {
    const few = Array.from({ length: 10 }, (_, i) =>
      window(i, PER_WINDOW, {
        served: [
          { model: 'm', gpuType: 'H100', input: PER_WINDOW, output: 0n },
          { model: 'rare', gpuType: 'H100', input: 1000n, output: 0n },
        ],
      }),
    )
    const { total, rows } = after(few)
    expect(total.state).toBe('agrees')
    expect(rows.find(({ model }) => model === 'rare')).toMatchObject({ state: 'agrees', drift: '10000' })
  })

  it('judges once what many screens read, and again when a window ends or is told again', () => {
    const book = createDriftBook(options)
    for (let i = 0; i < 8; i++) book.observe(window(i, PER_WINDOW))
    const first = book.state(at(7))
    expect(book.state(at(7) + 5000)).toBe(first)
    expect(book.state(at(8)).toMs).toBe(START + 8 * WINDOW)
    book.observe(window(7, 0n))
    expect(book.state(at(8)).total.drift).toBe('10000000')
  })

  it('has no amount where a price is missing', () => {
    const { total } = after(Array.from({ length: 8 }, (_, i) => window(i, PER_WINDOW, { price: () => null })))
    expect(total.driftAmount).toBeNull()
  })

  it('stays quiet when edges cut requests at random and all tokens are metered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 2 }), (seed) => {
        let state = seed
        // At each edge up to half a second of traffic falls on the wrong side, in either direction.
        const edge = () => {
          state = (state * 48_271) % 2_147_483_647
          return BigInt(Math.round((state / 2_147_483_647 - 0.5) * 500_000))
        }
        const book = createDriftBook(options)
        let before = edge()
        for (let i = 0; i < 90; i++) {
          const next = edge()
          book.observe(window(i, PER_WINDOW + next - before))
          before = next
          expect(book.state(at(i + 1)).total.state).toBe(i < 5 ? 'learning' : 'agrees')
        }
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

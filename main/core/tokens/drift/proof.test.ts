import { describe, expect, it } from 'vitest'
import type { DriftRow } from '../../../../shared/contract/tokens.ts'
import { createDriftBook } from './drift.ts'
import type { ComparedWindow } from './windows.ts'

const WINDOW = 60_000
const START = Date.UTC(2026, 10, 24)
const at = (windows: number) => START + windows * WINDOW

const sum = (model: string, tokens: number) => ({
  model,
  gpuType: 'H100',
  input: BigInt(Math.round(tokens)),
  output: 0n,
})

type Pairs = Readonly<Record<string, readonly [served: number, metered: number]>>

function windowOf(index: number, pairs: Pairs, over: Partial<ComparedWindow> = {}): ComparedWindow {
  return {
    fromMs: at(index),
    toMs: at(index + 1),
    served: Object.entries(pairs).map(([model, [served]]) => sum(model, served)),
    servedComplete: true,
    servedGaps: [],
    metered: Object.entries(pairs).map(([model, [, metered]]) => sum(model, metered)),
    meteredComplete: true,
    price: () => null,
    ...over,
  }
}

/** The total after each window. */
function follow(count: number, pairsAt: (index: number) => Pairs) {
  const book = createDriftBook({ threshold: 0.01, windowMs: WINDOW, lagMs: 0, keep: 30 })
  const totals: DriftRow[] = []
  for (let i = 0; i < count; i++) {
    book.observe(windowOf(i, pairsAt(i)))
    totals.push(book.state(at(i + 1)).total)
  }
  return { book, totals, states: totals.map(({ state }) => state) }
}

/** Tokens that fall on the wrong side of a window's edge: of all of them, nothing is lost. */
function edges(seed: number, most: number): (index: number) => number {
  let state = seed
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return (state / 2_147_483_647 - 0.5) * 2 * most
  }
  const known = [next()]
  return (index) => {
    while (known.length < index + 2) known.push(next())
    const [before = 0, after = 0] = known.slice(index, index + 2)
    return after - before
  }
}

describe('a difference beyond the threshold', () => {
  it('is no agreement where a model has too few tokens to prove it', () => {
    const { book } = follow(30, () => ({ big: [5e7, 5e7], small: [6000, 0] }))
    const { rows, total } = book.state(at(30))
    expect(rows.find(({ model }) => model === 'small')).toMatchObject({
      state: 'learning',
      driftShare: 1,
      note: expect.stringMatching(
        /^100.% of what was served is not metered over the last 30 min: too few tokens to tell\.$/,
      ),
    })
    expect(rows.find(({ model }) => model === 'big')).toMatchObject({ state: 'agrees', note: '' })
    expect(total.state).toBe('agrees')
  })

  it('is no agreement where the windows are too uneven to prove it, and the state names it', () => {
    const uneven = edges(7, 4e6)
    const { totals } = follow(12, (i) => ({ a: [1e7, 1e7 * 0.985 + uneven(i)] }))
    for (const { state, driftShare } of totals) {
      if (Math.abs(driftShare ?? 0) > 0.01) expect(state).not.toBe('agrees')
    }
    const undecided = totals.find(({ note }) => note.includes('too uneven'))
    expect(undecided).toMatchObject({ state: 'learning', severity: 'normal' })
  })

  it('drifts although one pair of windows shows that the metering was late once', () => {
    const { states } = follow(30, (i) => ({ a: [1e7, i === 2 ? 0 : i === 3 ? 2e7 * 0.97 : 1e7 * 0.97] }))
    expect(new Set(states.slice(5, 8))).not.toContain('agrees')
    expect(states.slice(8)).toEqual(Array(22).fill('drifts'))
  })

  it('is no alarm while the one window that it comes from may just be late', () => {
    const { totals } = follow(9, (i) => ({ a: [1e7, i === 8 ? 5e6 : 1e7] }))
    expect(totals[7]).toMatchObject({ state: 'agrees' })
    expect(totals[8]).toMatchObject({
      state: 'learning',
      note: expect.stringContaining('too uneven to tell'),
    })
  })
})

describe('a drift', () => {
  it('stays when one noisy window comes, with its severity and since', () => {
    const { totals, states } = follow(30, (i) => ({ a: i === 10 ? [1e8, 9e7] : [1e6, 0.95e6] }))
    expect(states.slice(6)).toEqual(Array(24).fill('drifts'))
    expect(new Set(totals.slice(6).map(({ since }) => since)).size).toBe(1)
  })

  it('stays while noise hides whether it is over', () => {
    const uneven = edges(11, 5e6)
    const { totals } = follow(40, (i) => ({
      a: i < 15 ? [1e7, 0.97e7] : [1e7, 0.97e7 + uneven(i)],
    }))
    expect(totals[14]?.state).toBe('drifts')
    expect(new Set(totals.slice(14).map(({ state }) => state))).toEqual(new Set(['drifts']))
  })

  it('ends when it is over, and not before the figures beside it agree', () => {
    const { totals, states } = follow(60, (i) => ({ a: [1e7, i >= 10 && i < 14 ? 0.96e7 : 1e7] }))
    expect(states.slice(11, 15)).toEqual(Array(4).fill('drifts'))
    expect(states.slice(24)).toEqual(Array(36).fill('agrees'))
    for (const { state, driftShare } of totals.slice(5)) {
      if (state === 'agrees') expect(Math.abs(driftShare ?? 0)).toBeLessThanOrEqual(0.01)
    }
  })

  it('says that the newest windows agree where one bad window is behind them', () => {
    const { totals } = follow(16, (i) => ({ a: [1e7, i === 8 ? 5e6 : 1e7] }))
    expect(totals[15]).toMatchObject({
      state: 'learning',
      note: expect.stringMatching(
        /^The newest \d+ (min|s) agree; .* of what was served is not metered over all 16 min\.$/,
      ),
    })
  })

  it('outlives a time that is not known', () => {
    const { book, totals } = follow(12, () => ({ a: [1e7, 0.95e7] }))
    const gap = { meteredComplete: false }
    for (const i of [12, 13]) book.observe(windowOf(i, {}, gap))
    expect(book.state(at(14)).total.state).toBe('unknown')
    book.observe(windowOf(14, { a: [1e7, 0.95e7] }))
    expect(book.state(at(15)).total).toMatchObject({ state: 'drifts', since: totals[11]?.since })
  })

  it('is taken back when its windows are told again without it', () => {
    const uneven = edges(3, 2e5)
    const { book } = follow(12, (i) => ({ a: [1e7, i < 8 ? 1e7 + uneven(i) : 5e6] }))
    expect(book.state(at(12)).total).toMatchObject({ state: 'drifts', severity: 'critical' })
    for (let i = 8; i < 12; i++) book.observe(windowOf(i, { a: [1e7, 1e7 + uneven(i)] }))
    expect(book.state(at(12)).total).toMatchObject({ state: 'agrees', since: null })
  })
})

import { describe, expect, it } from 'vitest'
import { createBookedWorld, sumsOf, type Sums } from '../testing/books.ts'
import { MEASURES } from '../../../shared/model/tokens.ts'
import { DAY_MS, HOUR_MS } from './measures.ts'

function addUp(parts: readonly Sums[]): Sums {
  return Object.fromEntries(
    MEASURES.map((measure) => [measure, parts.reduce((sum, part) => sum + part[measure], 0)]),
  ) as Sums
}
const pieces = (fromMs: number, toMs: number, stepMs: number) =>
  Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, i) => [
    fromMs + i * stepMs,
    Math.min(toMs, fromMs + (i + 1) * stepMs),
  ]) as [number, number][]

describe('usage before the start', () => {
  const { books } = createBookedWorld()
  const day = Math.floor(books.startMs / DAY_MS) * DAY_MS - 40 * DAY_MS
  const whole = sumsOf(books, day, day + DAY_MS)

  it.each([HOUR_MS, 7 * 60_000, 10_000])('adds up to the day in steps of %i ms', (step) => {
    const parts = pieces(day, day + DAY_MS, step).map(([from, to]) => sumsOf(books, from, to))
    expect(addUp(parts)).toEqual(whole)
    expect(whole.requests).toBeGreaterThan(0)
  })

  it('is the same whoever asks, in any order', () => {
    const { books: other } = createBookedWorld()
    const parts = pieces(day, day + DAY_MS, HOUR_MS)
      .toReversed()
      .map(([from, to]) => sumsOf(other, from, to))
    expect(addUp(parts)).toEqual(whole)
  })

  it('is there for thirteen months, less of it long ago, and follows the week', () => {
    const tokens = (at: number) => {
      const { input, output } = sumsOf(books, at, at + DAY_MS)
      return input + output
    }
    expect(tokens(day - 350 * DAY_MS)).toBeGreaterThan(0)
    expect(tokens(day - 350 * DAY_MS)).toBeLessThan(0.75 * tokens(day))
    const sunday = Date.UTC(2026, 10, 15)
    const code = (at: number) => sumsOf(books, at, at + DAY_MS, ({ endpoint }) => endpoint === 'code').input
    expect(code(sunday)).toBeLessThan(0.5 * code(sunday + 2 * DAY_MS))
  })

  it('keeps nothing beyond what is kept', () => {
    const kept = books.history.keptFrom()
    expect(sumsOf(books, kept - 5 * DAY_MS, kept - DAY_MS).requests).toBe(0)
  })
})

describe('usage over time', () => {
  it('joins the past without a jump', () => {
    const { books, run } = createBookedWorld()
    run(1800)
    const rate = (from: number, to: number) => {
      const { input, output } = sumsOf(books, from, to)
      return (input + output) / (to - from)
    }
    const before = rate(books.startMs - 1_800_000, books.startMs)
    const after = rate(books.startMs, books.dataAsOf())
    expect(after / before).toBeGreaterThan(0.85)
    expect(after / before).toBeLessThan(1.18)
    // The step in which the start lies holds both parts.
    const joint = Math.floor(books.startMs / 10_000) * 10_000
    expect(rate(joint, joint + 10_000) / before).toBeGreaterThan(0.6)
  })

  it('stays exactly what it was when hours leave the ring', () => {
    const { books, run } = createBookedWorld({ hosts: 24 })
    const start = Math.floor(books.startMs / HOUR_MS) * HOUR_MS
    run(2 * 3600, 30)
    const [from, to] = [start - HOUR_MS, start + 2 * HOUR_MS]
    const fresh = sumsOf(books, from, to)
    const hours = pieces(from, to, HOUR_MS).map(([a, b]) => sumsOf(books, a, b))
    run(8 * 3600, 60)
    expect(books.history.ringFrom()).toBeGreaterThan(to)
    expect(sumsOf(books, from, to)).toEqual(fresh)
    expect(pieces(from, to, HOUR_MS).map(([a, b]) => sumsOf(books, a, b))).toEqual(hours)
    expect(addUp(pieces(from, to, 50_000).map(([a, b]) => sumsOf(books, a, b)))).toEqual(fresh)
  })
})

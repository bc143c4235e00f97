import { describe, expect, it } from 'vitest'
import { RecentRate } from './recentRate.ts'

const LIMITS = { most: 20_000_000, atOnce: 100_000, least: 1000 }
const PAUSE = 15_000

/** After so many readings at this rate; the time of the last one. */
function after(readings: number, perSecond: number): { rate: RecentRate; at: number } {
  const rate = new RecentRate(LIMITS)
  for (let i = 1; i <= readings; i++) rate.grew(perSecond, i * PAUSE)
  return { rate, at: readings * PAUSE }
}

describe('what a counter is believed to count', () => {
  it('is what one server may do where nothing is known yet, and five times what it did lately', () => {
    expect(after(0, 0).rate.believable(0, PAUSE)).toBe(100_000)
    const { rate, at } = after(3, 50_000)
    // Of three readings the oldest counts, by its age.
    expect(rate.believable(at, PAUSE)).toBeCloseTo(250_000 * 0.5 ** ((2 * PAUSE) / (15 * 60_000)), 6)
    expect(after(3, 19_000_000).rate.believable(3 * PAUSE, PAUSE)).toBe(20_000_000)
  })

  it('is more per second over a short time: a long prompt counts whole at its end', () => {
    expect(after(0, 0).rate.believable(0, 1000)).toBe(1_000_000)
  })

  it('is only the multiple after a fall, for an hour', () => {
    const { rate, at } = after(4, 2000)
    expect(rate.believableAfterFall(at, PAUSE)).toBeCloseTo(10_000, -3)
    expect(rate.believable(at, PAUSE)).toBe(100_000)
    rate.fell(at)
    expect(rate.believable(at, PAUSE)).toBeCloseTo(10_000, -3)
    expect(rate.believable(at + 3_600_000, PAUSE)).toBe(100_000)
  })

  it('is not raised by one reading alone, and falls when the traffic is long gone', () => {
    const { rate, at } = after(4, 30_000)
    rate.grew(140_000, at + PAUSE)
    expect(rate.believable(at + PAUSE, PAUSE)).toBeLessThan(160_000)
    expect(rate.believable(at + 7_200_000, PAUSE)).toBe(100_000)
  })

  it('rises with readings in a row that agree, and not with those that do not', () => {
    const { rate, at } = after(4, 10)
    for (let i = 1; i <= 4; i++) rate.refused(i % 2 === 0 ? 5_000_000 : 1_000_000, at + i * PAUSE)
    expect(rate.believable(at + 4 * PAUSE, PAUSE)).toBe(100_000)
    for (let i = 5; i <= 8; i++) rate.refused(1_000_000 + i, at + i * PAUSE)
    expect(rate.believable(at + 8 * PAUSE, PAUSE)).toBeGreaterThan(1_000_000)
  })

  it('does not climb step by step after a fall', () => {
    const { rate, at } = after(4, 1000)
    rate.fell(at)
    for (let i = 1; i <= 2; i++) rate.grew(4900, at + i * PAUSE)
    expect(rate.believable(at + 2 * PAUSE, PAUSE)).toBeLessThan(7600)
  })
})

import { describe, expect, it } from 'vitest'
import { plausibleUsage } from './plausible.ts'
import { tableOf } from '../testing/tables.ts'
import { sumTotals } from './totals.ts'

const grid = { startMs: Date.UTC(2026, 10, 23, 12), stepMs: 60_000, steps: 2 }

describe('usage that can be', () => {
  it('stays as it is', () => {
    const table = tableOf(grid, [{ tenant: 'a', input: [10n ** 12n, 5n], output: [1n, 2n] }])
    expect(plausibleUsage(table)).toEqual({ table, faults: [] })
  })

  it('is not 2^70 tokens in a minute: that is unknown, named, and no rate', () => {
    const table = tableOf(grid, [
      { tenant: 'a', input: [2n ** 70n, 7n], output: [3n, 4n] },
      { tenant: 'b', input: [8n, 9n], output: [0n, 0n] },
    ])
    const { table: kept, faults } = plausibleUsage(table)
    expect(kept.complete).toBe(false)
    expect(kept.missing[0]).toMatch(/^input of a at 2026-11-23T12:00:00.000Z: .* in 60 s cannot be$/)
    expect(faults).toEqual(kept.missing)
    expect([...kept.given]).toEqual([0, 1, 1, 1])
    expect([0, 1].map((row) => sumTotals(kept, row, 'all').input)).toEqual(['7', '17'])
  })

  it('names a few of many, and judges by the length of each step', () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ tenant: `t${i}`, requests: [10n ** 13n, 0n] }))
    const { faults } = plausibleUsage(tableOf(grid, rows))
    expect(faults).toHaveLength(4)
    expect(faults[3]).toBe('47 more figures that cannot be')
    const day = { ...grid, stepMs: 86_400_000 }
    expect(plausibleUsage(tableOf(day, rows)).faults).toEqual([])
  })

  it('is no contradiction where a part and its whole are rounded for themselves', () => {
    // 2 of 3 tokens from a cache, cut at 40 and 50 % of their time.
    const row = { tenant: 'a', input: [1n, 0n], output: [0n, 0n], cachedInput: [0n, 1n] }
    expect(plausibleUsage(tableOf(grid, [row])).faults).toEqual([])
  })

  it.each([
    ['cachedInput', 'input', 'more input from caches than input'],
    ['reasoning', 'output', 'more reasoning than output'],
    ['errors', 'requests', 'more failed requests than requests'],
  ])('is not exact where a part exceeds its whole: %s of %s', (part, whole, text) => {
    const row = { tenant: 'a', input: [9n, 9n], output: [9n, 9n], [part]: [1n, 5n], [whole]: [1n, 3n] }
    const { table, faults } = plausibleUsage(tableOf(grid, [row]))
    expect([table.doubts, faults, table.complete]).toEqual([[text], [text], true])
  })
})

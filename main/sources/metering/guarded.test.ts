import { describe, expect, it } from 'vitest'
import { tableOf } from '../../core/tokens/testing/tables.ts'
import { sumTotals } from '../../core/tokens/usage/totals.ts'
import type { UsageTable } from '../../core/tokens/types.ts'
import { manualClock } from '../../platform/clock.ts'
import { createApi } from './api.ts'
import { guarded } from './guarded.ts'
import { connectionTo } from './testing/connection.ts'
import { plainly } from '../../../test/support/plainly.ts'

const signal = new AbortController().signal
const FROM = Date.UTC(2026, 10, 23, 12)
const grid = { startMs: FROM, stepMs: 60_000, steps: 1 }
const question = {
  fromMs: FROM,
  toMs: FROM + 60_000,
  step: { ms: 60_000 },
  groupBy: ['tenant', 'model'] as const,
  filters: {},
  top: null,
}
const rowsOf = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    tenant: `${prefix}${i}`,
    model: 'm',
    input: [2n],
    output: [1n],
  }))

/** A source that answers usage as told; everything else of it is a real one that is never asked. */
function source() {
  const clock = manualClock({ now: FROM + 60_000 })
  let answer: UsageTable = tableOf(grid, [])
  const real = createApi(connectionTo({ url: 'http://127.0.0.1:9' }))
  const kept = guarded({ ...real, usage: async () => answer }, clock)
  return {
    clock,
    kept,
    ask: async (rows: readonly object[], over: object = {}) => {
      answer = tableOf({ ...grid, ...over }, rows)
      return await kept.usage(question, signal)
    },
  }
}
const inputOf = (table: UsageTable, tenant: string) =>
  sumTotals(
    table,
    table.rows.findIndex((dims) => dims.tenant === tenant),
    'all',
  ).input

describe('a metering that makes names up', () => {
  it('keeps those that were known, sums the rest as one, and is doubted by name', async () => {
    const { ask, kept, clock } = source()
    expect((await ask(rowsOf('known-', 100))).rows).toHaveLength(100)
    clock.advance(5_000)
    const table = await ask([...rowsOf('known-', 100), ...rowsOf('made-up-', 60_000)])
    expect(table.rows).toHaveLength(100 + 2_000 + 1)
    expect(inputOf(table, 'known-7')).toBe('2')
    expect(inputOf(table, '(others)')).toBe('116000')
    const all = table.rows.reduce((sum, _, row) => sum + BigInt(sumTotals(table, row, 'all').input ?? 0), 0n)
    expect(all).toBe(120_200n)
    expect(plainly(kept.health().doubts)).toMatchObject([
      { code: 'quarantine-tenant', what: expect.stringContaining('58,000') as string },
    ])
    clock.advance(61_000)
    await ask(rowsOf('known-', 100))
    expect(kept.health().doubts).toEqual([])
    await kept.close()
  })
})

describe('a metering that tells what cannot be', () => {
  it('is doubted, and the figure is unknown', async () => {
    const { ask, kept } = source()
    const table = await ask([{ tenant: 'a', model: 'm', input: [2n ** 70n], output: [0n] }])
    expect(table.complete).toBe(false)
    expect(inputOf(table, 'a')).toBe('0')
    expect(table.given[0]).toBe(0)
    expect(plainly(kept.health().doubts)).toMatchObject([{ code: 'implausible-usage' }])
    await kept.close()
  })

  it('knows nothing of the future, whatever it says', async () => {
    const { ask, kept, clock } = source()
    const table = await ask(rowsOf('a', 1), { dataAsOf: Date.UTC(9999, 0) })
    expect(table.dataAsOf).toBe(clock.now())
    expect(table.doubts).toEqual([expect.stringContaining('usage up to 9999-01-01T00:00:00.000Z')])
    expect((await ask(rowsOf('a', 1), { dataAsOf: FROM + 61_000 })).doubts ?? []).toEqual([])
    await kept.close()
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import type { Client } from '../../transport/types.ts'
import { createFrameStore } from './frameStore.ts'
import { createHistoryProvider } from './historyProvider.ts'

const fleet = syntheticFleet({ gpus: 4096 })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Answers every question with one value per row, and remembers which rows each question named. */
function start() {
  const asked: number[][] = []
  const call = vi.fn<(name: string, input: { rows: number[] }) => Promise<unknown>>(async (_, { rows }) => {
    asked.push(rows)
    return { series: rows.map((row) => ({ row, values: [row] })) }
  })
  const store = createFrameStore()
  store.setTopology(fleet.topology)
  store.setFrame(fleet.first)
  const provider = createHistoryProvider({ call } as unknown as Client, 'power', store)
  return { asked, provider }
}

const rowsFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

describe('the history of rows in sight', () => {
  it('is asked for once the view stands still, and not again before it is due', async () => {
    const { asked, provider } = start()
    provider.want([3, 4])
    expect(provider.of(3)).toBeNull()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual([[3, 4]])
    expect(provider.of(4)).toEqual([4])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(25_000)
    expect(asked.length).toBeGreaterThan(1)
    expect(asked.length).toBeLessThan(5)
    provider.close()
  })

  it('forgets rows of long ago instead of growing with every row that was ever in sight', async () => {
    const { provider } = start()
    for (let first = 0; first < 4096; first += 64) {
      provider.want(rowsFrom(first, 64))
      await vi.advanceTimersByTimeAsync(400)
    }
    const known = rowsFrom(0, 4096).filter((row) => provider.of(row) !== null)
    expect(known.length).toBeLessThan(2200)
    expect(known).toContain(4095)
    provider.close()
  })
})

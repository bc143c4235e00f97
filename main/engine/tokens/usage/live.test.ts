import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tableOf } from '../../../core/tokens/testing/tables.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import type { Clock } from '../../../platform/clock.ts'
import { createLogger } from '../../../platform/logger.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { createApi } from '../../../sources/metering/api.ts'
import { connectionTo } from '../../../sources/metering/testing/connection.ts'
import type { MeteringAbilities, UsageQuestion } from '../../../sources/metering/types.ts'
import { watchDaily } from './dailyWatch.ts'
import { watchUsage } from './live.ts'

const clock: Clock = { now: () => Date.now(), monotonic: () => Date.now() }
const logger = createLogger({ level: 'silent' })
const STEP = 10_000
const MINUTE = 60_000
const abilities: MeteringAbilities = {
  backend: 'test',
  minStepMs: STEP,
  lagMs: 0,
  retentionMs: 86_400_000,
  groups: new Set(['tenant']),
  lacks: new Map(),
  throttle: null,
}

/** Tokens per step that the metering tells now, and how; there is no listener at the address. */
let perStep: bigint | null
let over: Partial<UsageTable>
let dayTokens: bigint
const real = createApi(connectionTo({ url: 'http://127.0.0.1:9' }))
const source = {
  ...real,
  name: 'The metering',
  abilities: async () => abilities,
  usage: async ({ fromMs, toMs, step }: UsageQuestion) => {
    const stepMs = 'ms' in step ? step.ms : STEP
    const steps = (toMs - fromMs) / stepMs
    const grid = { startMs: fromMs, stepMs, steps, dataAsOf: Math.min(toMs, Date.now()) }
    if (stepMs > STEP) return tableOf(grid, [{ input: [dayTokens], output: [0n] }])
    const column = (each: bigint) => Array.from({ length: steps }, () => each)
    const rows = perStep === null ? [] : [{ tenant: 'a', input: column(perStep), output: column(0n) }]
    return { ...tableOf(grid, rows), ...over }
  },
}
const options = { source, backendClock: new RemoteClock(), clock, logger, onNews: () => undefined }

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 9) })
  perStep = 100n
  over = {}
  dayTokens = 0n
})
afterEach(() => void vi.useRealTimers())

describe('newest usage', () => {
  it('is not taken back by an answer without any, and that is said until figures come again', async () => {
    const live = watchUsage({ ...options, refreshMs: STEP })
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(live.cube.rates({}, MINUTE).input).toBe(10)
    perStep = null
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(live.failure()).toMatchObject({ code: 'empty' })
    expect(live.doubts()).toMatchObject([{ code: 'usage-empty', severity: 'advisory' }])
    expect(live.cube.rates({}, MINUTE).input).toBe(10)
    expect(live.corrections()).toEqual([])
    perStep = 100n
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect([live.failure(), live.doubts()]).toEqual([null, []])
    await live.close()
  })

  it('may well be none where there was none before', async () => {
    perStep = null
    const live = watchUsage({ ...options, refreshMs: STEP })
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect([live.failure(), live.doubts()]).toEqual([null, []])
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    expect(live.doubts()).toMatchObject([{ code: 'usage-none' }])
    perStep = 1n
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(live.doubts()).toEqual([])
    await live.close()
  })

  it('that is not exact changes by itself: no correction is told', async () => {
    over = { doubts: ['pages that overlap'] }
    const live = watchUsage({ ...options, refreshMs: STEP })
    await vi.advanceTimersByTimeAsync(MINUTE)
    perStep = 700n
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(live.corrections()).toEqual([])
    over = {}
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    perStep = 900n
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    expect(live.corrections()).toHaveLength(1)
    await live.close()
  })
})

describe('the total of the day', () => {
  it.each([
    ['stands still', 0n, 1],
    ['grows with the live figures', 600n, 0],
  ])('that %s beside live figures', async (_, perMinute, doubts) => {
    perStep = 20_000n
    const live = watchUsage({ ...options, refreshMs: STEP })
    const daily = watchDaily({ ...options, cube: live.cube })
    for (let minute = 0; minute < 25; minute++) {
      dayTokens += perMinute * 200n
      await vi.advanceTimersByTimeAsync(MINUTE)
    }
    expect(daily.doubts()).toHaveLength(doubts)
    await Promise.all([live.close(), daily.close()])
  })
})

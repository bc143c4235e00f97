import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RequestFailure } from '../../platform/failure.ts'
import type { HttpAgent, RunningExchange, WholeExchange } from '../../platform/http/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { targetOf } from './targets/address.ts'
import { createScraper, type Scraper } from './scraper.ts'
import { DEFAULT_SCRAPE_LIMITS } from './types.ts'

/** Which targets are silent now, by origin; the others answer at once. */
const silent = new Set<string>()
const asked: { origin: string; at: number }[] = []
const body = new TextEncoder().encode('DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-a",Hostname="h"} 40\n')

vi.mock('../../platform/http/whole.ts', () => ({
  wholeExchange: <T>({ destination, deadlineMs, signal, read }: WholeExchange<T>): RunningExchange<T> => {
    const { origin } = destination
    asked.push({ origin, at: Date.now() })
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    if (silent.has(origin)) {
      const late = new RequestFailure('timeout', 'late', { limit: deadlineMs })
      setTimeout(() => reject(late), deadlineMs)
    } else {
      setTimeout(() => {
        const answer = { status: 200, headers: {}, body, wireBytes: body.length, latencyMs: 5 }
        resolve(read(answer))
      }, 5)
    }
    const cancel = () => reject(new RequestFailure('aborted', 'cancelled'))
    signal?.addEventListener('abort', cancel)
    return { result: promise, cancel }
  },
}))

const INTERVAL_MS = 5_000
const urls = (count: number) => Array.from({ length: count }, (_, i) => `http://10.0.0.${i + 1}:9400`)

let scraper: Scraper
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  silent.clear()
  asked.length = 0
})
afterEach(async () => {
  await scraper.close()
  vi.useRealTimers()
})

function scrape(targets: readonly string[]): void {
  let draws = 0
  scraper = createScraper({
    agent: {} as HttpAgent,
    intervalMs: INTERVAL_MS,
    deadlineMs: 4_000,
    concurrency: 32,
    limits: DEFAULT_SCRAPE_LIMITS,
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    // Evenly over back-off, the same in every run.
    random: () => (draws++ * 0.618_033_988_7) % 1,
    onScrape: () => undefined,
    onLost: () => undefined,
  })
  scraper.setTargets(targets.map((url) => targetOf(url, new Map())))
}

const states = () => scraper.health().map(({ state }) => state)
const count = (state: string) => states().filter((each) => each === state).length

describe('after an outage', () => {
  it('fifty exporters that were silent for 48 s are back within seconds, and not in one tick', async () => {
    const targets = urls(50)
    scrape(targets)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(count('ok')).toBe(50)
    for (const url of targets) silent.add(url)
    await vi.advanceTimersByTimeAsync(48_000)
    expect(count('ok')).toBe(0)
    silent.clear()
    const backAt = Date.now()
    await vi.advanceTimersByTimeAsync(7_000)
    expect(count('ok')).toBe(50)
    // The first to answer wakes the rest, spread over a second: no instant has more than a few of them.
    const bursts = new Map<number, number>()
    for (const { at } of asked.filter((each) => each.at >= backAt)) {
      const slot = Math.floor(at / 50)
      bursts.set(slot, (bursts.get(slot) ?? 0) + 1)
    }
    expect(Math.max(...bursts.values())).toBeLessThanOrEqual(15)
  })

  it('one that stays silent stays in its back-off', async () => {
    const targets = urls(50)
    const [broken = ''] = targets
    scrape(targets)
    await vi.advanceTimersByTimeAsync(10_000)
    for (const url of targets) silent.add(url)
    await vi.advanceTimersByTimeAsync(120_000)
    silent.clear()
    silent.add(broken)
    const backAt = Date.now()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([count('ok'), count('backoff')]).toEqual([49, 1])
    const tries = asked.filter(({ origin, at }) => origin === broken && at > backAt)
    // At the interval's pace it would have been twelve.
    expect(tries.length).toBeLessThan(6)
  })

  it('one that was broken long before is not pressed', async () => {
    const targets = urls(10)
    const [broken = ''] = targets
    silent.add(broken)
    scrape(targets)
    await vi.advanceTimersByTimeAsync(300_000)
    for (const url of targets) silent.add(url)
    await vi.advanceTimersByTimeAsync(48_000)
    silent.clear()
    silent.add(broken)
    const before = asked.filter(({ origin }) => origin === broken).length
    await vi.advanceTimersByTimeAsync(20_000)
    expect(count('ok')).toBe(9)
    expect(asked.filter(({ origin }) => origin === broken).length - before).toBeLessThanOrEqual(1)
  })
})

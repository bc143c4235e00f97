import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { Served, ServedBetween } from '../../../core/tokens/served/types.ts'
import { tableOf } from '../../../core/tokens/testing/tables.ts'
import { createLogger } from '../../../platform/logger.ts'
import type { MeteringSource, UsageQuestion } from '../../../sources/metering/types.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { watchDrift } from './drift.ts'
import { driftStatus } from './status.ts'
import type { ServedWatch } from '../served/watch.ts'

const WINDOW = 20_000
const SERVED = 1_000_000n
const START = Math.floor(Date.UTC(2026, 10, 24) / WINDOW) * WINDOW

const all = (over: Partial<ServedBetween> = {}): ServedBetween => ({
  sums: [{ model: 'a', gpuType: 'H100', input: SERVED, output: 0n }],
  complete: true,
  watched: true,
  doubts: [],
  gaps: [],
  unjoined: { share: 0, servers: [], total: 0 },
  uncounted: [],
  lacking: { input: [], output: [], requests: [] },
  prefill: [],
  ...over,
})

/** Everything is served; how much of a window is metered may change with time. */
function comparison(metered: (window: number) => bigint) {
  const asked: number[] = []
  const told = { complete: true, fails: false }
  const lacks = new Map<string, string>()
  const source = {
    abilities: async () => ({ groups: new Set(['model', 'gpuType']), minStepMs: 1000, lacks }),
    async usage({ fromMs, toMs, step }: UsageQuestion) {
      if (told.fails) throw new Error('gone')
      const stepMs = 'ms' in step ? step.ms : 0
      const steps = Math.round((toMs - fromMs) / stepMs)
      asked.push(steps)
      const input = Array.from({ length: steps }, (_, i) => metered((fromMs - START) / WINDOW + i))
      const grid = { startMs: fromMs, stepMs, steps, dataAsOf: Date.now(), complete: told.complete }
      return tableOf(grid, [{ model: 'a', gpuType: 'H100', input, output: [] }])
    },
  } as unknown as MeteringSource
  const between = vi.fn((_from: number, _to: number) => all())
  const servers = { between } as unknown as Served
  const served = { served: () => servers, sourceText: () => 'servers', warnings: () => [] }
  const compared = watchDrift({
    source,
    served: served as unknown as ServedWatch,
    unjoined: () => ({ share: 0.1, servers: ['lost'], total: 1 }),
    backendClock: new RemoteClock(),
    threshold: 0.01,
    windowMs: WINDOW,
    lagMs: WINDOW,
    rates: () => null,
    currency: 'USD',
    origin: () => ({}) as TokenOrigin,
    clock: { now: () => Date.now(), monotonic: () => Date.now() },
    logger: createLogger({ level: 'silent' }),
    onNews: () => undefined,
  })
  return { compared, asked, told, between, lacks }
}

const windows = (count: number) => vi.advanceTimersByTimeAsync(count * WINDOW)

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())

describe('late usage', () => {
  /** Windows 10 to 14 are told by half at first. */
  function late() {
    let known = false
    const all = comparison((window) => (window >= 10 && window < 15 && !known ? SERVED / 2n : SERVED))
    return { ...all, correct: () => void (known = true) }
  }

  it('ends the drift that it made, a minute later at most, though its arrival is not announced', async () => {
    const { compared, correct, asked } = late()
    await windows(22)
    expect(compared.read().total).toMatchObject({ state: 'drifts', severity: 'critical' })
    correct()
    await vi.advanceTimersByTimeAsync(61_000)
    expect(compared.read().total).toMatchObject({ state: 'agrees', drift: '0' })
    // The whole is asked for once a minute, and only so far as there is something to compare.
    expect(Math.max(...asked)).toBeLessThanOrEqual(30)
    expect(asked.filter((steps) => steps > 4).length).toBeLessThanOrEqual(8)
    await compared.close()
  })

  it('ends it at once where the back end says from when on totals were corrected', async () => {
    const { compared, correct, asked } = late()
    await windows(22)
    correct()
    asked.length = 0
    compared.corrected(START + 10 * WINDOW)
    await vi.advanceTimersByTimeAsync(2000)
    expect(compared.read().total).toMatchObject({ state: 'agrees', drift: '0' })
    expect(asked).toHaveLength(1)
    await compared.close()
  })

  it('is asked for again when the question failed, and never for more than is kept', async () => {
    const { compared, correct, told, asked } = late()
    await windows(60)
    correct()
    told.fails = true
    compared.corrected(0)
    await vi.advanceTimersByTimeAsync(5000)
    told.fails = false
    asked.length = 0
    await vi.advanceTimersByTimeAsync(30_000)
    expect(asked[0]).toBe(30)
    await compared.close()
  })
})

describe('windows that are asked for again', () => {
  it('keep what the servers said while they remembered it', async () => {
    const { compared, between } = comparison(() => SERVED)
    await windows(12)
    between.mockImplementation((from) =>
      from < Date.now() - 3 * WINDOW ? all({ watched: false, complete: false, sums: [] }) : all(),
    )
    await windows(12)
    const { total } = compared.read()
    expect(total).toMatchObject({ state: 'agrees', drift: '0' })
    expect(total.spark.slice(-20)).toEqual(Array(20).fill(0))
    await compared.close()
  })

  it('keep what the metering said while a newer answer is not complete', async () => {
    const { compared, told } = comparison(() => SERVED)
    await windows(24)
    told.complete = false
    await windows(5)
    const { total } = compared.read()
    expect(total.state).toBe('unknown')
    expect(total.spark.filter((share) => share === 0).length).toBeGreaterThan(15)
    told.complete = true
    await windows(1)
    expect(compared.read().total.state).toBe('agrees')
    await compared.close()
  })

  it('fill the hole that an outage of the metering left', async () => {
    const { compared, told } = comparison(() => SERVED)
    await windows(15)
    told.fails = true
    await windows(9)
    told.fails = false
    await windows(3)
    const { fromMs, toMs, total } = compared.read()
    expect(((toMs ?? 0) - (fromMs ?? 0)) / WINDOW).toBeGreaterThanOrEqual(25)
    expect(total.spark.slice(-20)).toEqual(Array(20).fill(0))
    await compared.close()
  })
})

describe('a metering that is silent', () => {
  it('leaves nothing in agreement while it is away', async () => {
    const { compared, told } = comparison(() => SERVED)
    await windows(15)
    expect(compared.read().total.state).toBe('agrees')
    told.fails = true
    await windows(2)
    expect(compared.read().total.state).toBe('agrees')
    await windows(3)
    const { total, rows } = compared.read()
    expect(total).toMatchObject({ state: 'unknown', severity: 'normal' })
    expect(total.note).toMatch(/^Nothing was compared for .*\. The answer for drift could not be used\.$/)
    expect(rows.map(({ state }) => state)).toEqual(['unknown'])
    expect(driftStatus({ total, rows }).state).toBe('unknown')
    told.fails = false
    await windows(3)
    expect(compared.read().total.state).toBe('agrees')
    await compared.close()
  })

  it('never says that it will know soon where it has not answered once', async () => {
    const { compared, told } = comparison(() => SERVED)
    told.fails = true
    await windows(4)
    expect(compared.read()).toMatchObject({ total: { state: 'unknown' }, unjoined: { servers: ['lost'] } })
    await compared.close()
  })

  it('does not end a drift', async () => {
    const { compared, told } = comparison((window) => (window < 10 ? SERVED : SERVED / 2n))
    await windows(22)
    expect(compared.read().total.state).toBe('drifts')
    told.fails = true
    await windows(10)
    expect(compared.read().total.state).toBe('drifts')
    await compared.close()
  })

  it('is told at once where newest usage cannot be had any more', async () => {
    const { compared, lacks } = comparison(() => SERVED)
    await windows(15)
    lacks.set('liveUsage', 'Several proxies answer in turn.')
    await windows(1)
    const { total, rows } = compared.read()
    expect([total, ...rows]).toMatchObject([
      { state: 'unknown', note: 'Several proxies answer in turn.' },
      { state: 'unknown', note: 'Several proxies answer in turn.' },
    ])
    await compared.close()
  })
})

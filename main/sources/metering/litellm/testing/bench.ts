import { type ManualClock, manualClock } from '../../../../platform/clock.ts'
import { sumTotals } from '../../../../core/tokens/usage/totals.ts'
import type { UsageTable } from '../../../../core/tokens/types.ts'
import { connectionTo } from '../../testing/connection.ts'
import type { MeteringSource, UsageQuestion } from '../../types.ts'
import { createLitellm } from '../litellm.ts'
import { FakeProxy, type FakeRequest } from './fakeProxy.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const DAY = 1440 * MINUTE
export const TODAY = Date.UTC(2026, 10, 24)
/** Nine o'clock, when every test begins. */
export const NINE = TODAY + 540 * MINUTE
/** Hashes of keys. */
export const K1 = `${'a'.repeat(63)}1`
export const K2 = 'b'.repeat(64)

/** A fake proxy and an adapter beside it, on one clock that stands still. */
export class Bench {
  readonly proxy = new FakeProxy()
  readonly clock: ManualClock = manualClock({ now: NINE, monotonic: MINUTE })
  #source: MeteringSource | null = null
  #served = 0

  constructor() {
    this.proxy.now = () => this.clock.now()
    this.proxy.startedAt = TODAY - DAY
  }

  get source(): MeteringSource {
    if (this.#source === null) throw new Error('open it first')
    return this.#source
  }

  /** @param metrics null: not configured; else a path, or a whole address */
  async open(metrics: string | null = '/metrics', deadlineMs = 5_000): Promise<MeteringSource> {
    const url = await this.proxy.start()
    this.#source = createLitellm(
      connectionTo({
        url,
        kind: 'litellm',
        clock: this.clock,
        deadlineMs,
        settings: { litellm: { metrics: metrics?.startsWith('/') === true ? `${url}${metrics}` : metrics } },
      }),
    )
    return this.#source
  }

  /** Reads the counters twice, with what was served in between. */
  async readTwice(...between: readonly FakeRequest[]): Promise<void> {
    const { signal } = new AbortController()
    await this.source.usage(this.live(), signal)
    this.proxy.requests.push(...between)
    this.clock.advance(10 * SECOND)
    await this.source.usage(this.live(), signal)
  }

  request(over: Partial<FakeRequest> & { readonly endMs: number }): FakeRequest {
    this.#served += 1
    const own = { id: `r${this.#served}`, team: 'acme', model: 'llama', key: K1, input: 100, output: 40 }
    return { ...own, startMs: over.endMs - 500, ...over }
  }

  serve(...requests: readonly (Partial<FakeRequest> & { readonly endMs: number })[]): void {
    this.proxy.requests.push(...requests.map((each) => this.request(each)))
  }

  /** The newest quarter of an hour, as the engine asks for it. */
  live(over: Partial<UsageQuestion> = {}): UsageQuestion {
    const now = this.clock.now()
    return {
      fromMs: now - 15 * MINUTE,
      toMs: Math.ceil(now / (10 * SECOND)) * 10 * SECOND,
      step: { ms: 10 * SECOND },
      groupBy: ['tenant', 'model'],
      filters: {},
      top: null,
      ...over,
    }
  }

  /** The day before yesterday, yesterday and today. */
  days(over: Partial<UsageQuestion> = {}): UsageQuestion {
    return this.live({
      fromMs: TODAY - 2 * DAY,
      toMs: TODAY + DAY,
      step: { ms: DAY },
      groupBy: ['tenant'],
      ...over,
    })
  }

  async close(): Promise<void> {
    await this.#source?.close()
    await this.proxy.close()
  }
}

/** Sums of a table by the names of its rows: input+output. */
export function sums(table: UsageTable): Record<string, string> {
  return Object.fromEntries(
    table.rows.map((dims, row) => {
      const { input, output } = sumTotals(table, row, 'all')
      const name = row === table.restRow ? 'the rest' : Object.values(dims).join('/')
      return [name, `${input}+${output}`]
    }),
  )
}

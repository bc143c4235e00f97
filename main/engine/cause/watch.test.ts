import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { MinuteBucket, Objective } from '../../../shared/model/objective.ts'
import { tableOf } from '../../core/tokens/testing/tables.ts'
import { manualClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { RemoteClock } from '../../platform/remoteClock.ts'
import type { UsageQuestion } from '../../sources/metering/types.ts'
import { type CauseWatch, watchCauses } from './watch.ts'

const MINUTE = 60_000
const MINUTES = 150
const ONSET = 135

const OBJECTIVE: Objective = {
  id: 'ttft-chat',
  name: 'TTFT chat',
  kind: 'latency',
  latency: { kind: 'timeToFirstToken', thresholdMs: 500 },
  target: 0.95,
  scope: { model: 'llama-70b' },
  source: 'metering',
  windowDays: 30,
  pairs: [],
  minBad: 10,
}

/** Tokens of one tenant, a minute each; `grown` from the onset on. */
function row(tenant: string, usual: number, grown = usual, more: object = {}) {
  const output = Array.from({ length: MINUTES }, (_, minute) => BigInt(minute < ONSET ? usual : grown))
  return { tenant, model: 'llama-70b', endpoint: 'chat', requests: output, input: output, output, ...more }
}

async function looked(options: { bad: number; rows?: readonly object[]; fails?: boolean }) {
  const clock = manualClock({ now: Math.ceil(Date.UTC(2026, 0, 1) / MINUTE) * MINUTE })
  const start = clock.now() - MINUTES * MINUTE
  const asked: UsageQuestion[] = []
  const rows = options.rows ?? [
    row('acme', 4000),
    row('birch', 3000),
    row('cedar', 2000),
    row('elm', 500, 9000),
  ]
  const watch: CauseWatch = watchCauses({
    slo: () => ({
      objectives: () => [OBJECTIVE],
      states: () => [],
      minutes: () =>
        Array.from(
          { length: MINUTES },
          (_, minute): MinuteBucket => ({
            at: start + minute * MINUTE,
            good: 1000,
            bad: minute < ONSET ? 5 : options.bad,
            badLeast: 0,
            total: 1000,
            known: 1,
            measured: 'measured',
          }),
        ),
      byTenant: async () => null,
    }),
    metering: () => ({
      clock: new RemoteClock(),
      source: {
        abilities: async () => ({
          backend: 'test',
          minStepMs: MINUTE,
          lagMs: 0,
          retentionMs: 1e12,
          groups: new Set(['tenant', 'model', 'endpoint', 'key'] as const),
          lacks: new Map(),
          throttle: null,
        }),
        async usage(question) {
          asked.push(question)
          if (options.fails === true) throw new Error('the metering is away')
          const byKey = [row('elm', 250, 250, { key: 'k1' }), row('elm', 250, 8750, { key: 'k2' })]
          const shown = question.groupBy.includes('key') ? byKey : rows
          return tableOf({ startMs: question.fromMs, stepMs: MINUTE, steps: MINUTES }, shown)
        },
      },
    }),
    served: () => null,
    entitled: () => new Map(),
    clock,
    logger: createLogger({ level: 'silent' }),
    onNews: () => {},
  })
  onTestFinished(() => watch.close())
  expect(watch.read('ttft-chat')).toBeNull()
  watch.cut(clock.now())
  await vi.waitFor(() => expect(watch.read('ttft-chat')).not.toBeNull())
  return { found: watch.read('ttft-chat'), asked, watch }
}

describe('looking for causes', () => {
  it('finds the tenant, and asks for the keys of those alone that it proposes', async () => {
    const { found, asked } = await looked({ bad: 600 })
    expect(found).toMatchObject({ verdict: 'tenants', suffers: null })
    expect(found?.proposal?.parts).toMatchObject([{ tenant: 'elm', keys: ['k2'] }])
    expect(asked.map(({ filters }) => filters)).toEqual([{}, { tenant: ['elm'] }])
  })

  it('asks nobody while nothing burns', async () => {
    const { found, asked } = await looked({ bad: 5 })
    expect(found?.verdict).toBe('quiet')
    expect(asked).toEqual([])
  })

  it('knows no cause, and proposes nothing, while the metering does not answer', async () => {
    const { found } = await looked({ bad: 600, fails: true })
    expect(found).toMatchObject({ verdict: 'unknown', proposal: null })
  })

  it('has nothing to say of an objective that there is not, nor of relief without servers', async () => {
    const { watch } = await looked({ bad: 600 })
    expect(watch.read('other')).toBeNull()
    const scope = { models: [], endpoints: [], keys: [] }
    const left = { low: 0.1, mid: 0.1, high: 0.2 }
    expect(await watch.relief({ tenant: 'elm', scope, left })).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { tableOf } from '../../../core/tokens/testing/tables.ts'
import { manualClock } from '../../../platform/clock.ts'
import type { MeteringSource, UsageQuestion } from '../../../sources/metering/types.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { tenantKeys } from './keys.ts'
import { originOfNone } from '../answers/origin.ts'
import { SharedAnswers } from '../answers/shared.ts'

const NOW = Date.UTC(2026, 10, 24, 9)

/** Keys k1, of which usage is known, and k2, of which none is. */
async function keysOf(reach: { readonly complete: boolean; readonly missing: readonly string[] }) {
  const key = (id: string) => ({ id, name: id, state: 'active', createdAt: null, lastUsedAt: null })
  const source = {
    abilities: async () => ({ minStepMs: 10_000, lacks: new Map() }),
    keys: async () => ({ keys: [key('k1'), key('k2')], complete: true, missing: [] }),
    async usage({ fromMs, toMs, step }: UsageQuestion) {
      const stepMs = 'ms' in step ? step.ms : 0
      const grid = { startMs: fromMs, stepMs, steps: Math.round((toMs - fromMs) / stepMs), dataAsOf: NOW }
      return { ...tableOf(grid, [{ key: 'k1', input: [5n], output: [2n] }]), ...reach }
    },
  } as unknown as MeteringSource
  const clock = manualClock({ now: NOW })
  const asking = {
    source,
    backendClock: new RemoteClock(),
    shared: new SharedAnswers(clock, 0),
    clock,
    timezone: 'UTC',
    origin: () => originOfNone(60_000),
  }
  const { keys, note } = await tenantKeys(asking, { tenant: 'acme' }, new AbortController().signal)
  return { used: Object.fromEntries(keys.map(({ id, lastHour }) => [id, lastHour])), note }
}

describe('keys of a tenant', () => {
  it('used nothing where all of the factory has reported and they are not named', async () => {
    expect(await keysOf({ complete: true, missing: [] })).toEqual({ used: { k1: '7', k2: '0' }, note: '' })
  })

  it('may have used what is not reported yet, which is not zero', async () => {
    const { used, note } = await keysOf({ complete: false, missing: ['gateway eu-2'] })
    expect(used).toEqual({ k1: '7', k2: null })
    expect(note).toContain('Not reported: gateway eu-2;')
  })
})

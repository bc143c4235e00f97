import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { tableOf } from '../../../core/tokens/testing/tables.ts'
import { manualClock } from '../../../platform/clock.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { AbilityMissing, type MeteringSource, type UsageQuestion } from '../../../sources/metering/types.ts'
import { tenantEvidence } from './evidence.ts'
import { originOfNone } from '../answers/origin.ts'
import { SharedAnswers } from '../answers/shared.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 10, 24, 9)

interface Document {
  readonly period: { readonly from: string; readonly to: string }
  readonly lines: readonly { readonly tokens: string; readonly pricePerMegatoken: string }[]
}

/** Evidence of a tenant that uses one input token a minute, where the price changes at a midnight of its zone. */
async function yearOf(timezone: string, change: string) {
  const asked: number[] = []
  const midnight = (date: string) => Temporal.PlainDate.from(date).toZonedDateTime(timezone).epochMilliseconds
  const rate = (amount: string, from: number) => ({
    kind: 'price',
    model: 'm',
    gpuType: null,
    tokenType: 'input',
    unit: 'megatoken',
    amount,
    currency: 'USD',
    effectiveFrom: new Date(from).toISOString(),
  })
  const source = {
    name: 'The metering',
    abilities: async () => ({
      backend: 'test',
      minStepMs: MINUTE,
      lacks: new Map(),
      groups: new Set(['model']),
    }),
    rates: async () => ({ rates: [rate('1', 0), rate('2', midnight(change))], complete: true, missing: [] }),
    statement: async () => {
      throw new AbilityMissing('statements', 'no bills')
    },
    async usage({ fromMs, toMs, step }: UsageQuestion) {
      const stepMs = 'ms' in step ? step.ms : 0
      const steps = (toMs - fromMs) / stepMs
      asked.push(steps)
      const input = Array.from({ length: steps }, () => BigInt(stepMs / MINUTE))
      return tableOf({ startMs: fromMs, stepMs, steps, dataAsOf: NOW }, [
        { model: 'm', input, output: input.map(() => 0n) },
      ])
    },
  } as unknown as MeteringSource
  const clock = manualClock({ now: NOW })
  const asking = {
    source,
    backendClock: new RemoteClock(),
    shared: new SharedAnswers(clock, 0),
    clock,
    timezone,
    origin: () => originOfNone(60_000),
    currency: 'USD',
    siteName: 'site',
  }
  const question = {
    tenant: 'acme',
    first: '2025-07-01',
    last: '2026-06-30',
    daysOf: 'site',
    format: 'json',
  } as const
  const { text, notes } = await tenantEvidence(asking, question, new AbortController().signal)
  const bounds = ['2025-07-01', change, '2026-07-01'].map(midnight) as [number, number, number]
  return { document: JSON.parse(text) as Document, notes, bounds, steps: asked.reduce((a, b) => a + b) }
}

describe('evidence over a year', () => {
  it.each([
    'Asia/Kolkata',
    'Australia/Adelaide',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Europe/Berlin',
    'UTC',
  ])('has every token once, at the price of its day, in %s', async (zone) => {
    const { document, notes, bounds, steps } = await yearOf(zone, '2026-04-01')
    const [from, change, to] = bounds
    expect(document.period).toMatchObject({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    })
    expect(document.lines).toMatchObject([
      { tokens: String((change - from) / MINUTE), pricePerMegatoken: '1' },
      { tokens: String((to - change) / MINUTE), pricePerMegatoken: '2' },
    ])
    const coarse =
      'No lines by day: a shorter period, or days of UTC, has them. The lines are of the whole period.'
    expect(notes).toEqual(['no bills', ...(zone === 'UTC' ? [] : [coarse])])
    expect(steps).toBeLessThan(600)
  })
})

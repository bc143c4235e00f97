import { describe, expect, it } from 'vitest'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import type { Rates } from '../../../../shared/model/tokens.ts'
import { evidenceOf } from '../evidence/evidence.ts'
import { spendOf } from './spend.ts'
import { tableOf } from '../testing/tables.ts'

const price = (model: string | null, tokenType: Rate['tokenType'], amount: string): Rate => ({
  kind: 'price',
  model,
  gpuType: null,
  tokenType,
  unit: 'megatoken',
  amount,
  currency: 'USD',
  effectiveFrom: '2026-01-01T00:00:00Z',
})
const AT = Date.UTC(2026, 10, 1)
const spent = (rates: readonly Rate[], flow: Partial<Rates>): string =>
  spendOf(rates, new Map([['llama', flow as Rates]]), '', 'USD', AT).amount.toString()
const MEGA = 1_000_000
const flow = { input: 2 * MEGA, output: MEGA, cachedInput: MEGA, reasoning: MEGA / 2 }

describe('spendOf', () => {
  it('prices cached input and reasoning on their own only where a rate names them', () => {
    const named = [price('llama', 'input', '1'), price('llama', 'output', '2')]
    expect(spent(named, flow)).toBe('4')
    // A price of everything is none of cached input.
    expect(spent([...named, price(null, null, '0.5')], flow)).toBe('4')
    expect(spent([...named, price(null, 'cachedInput', '0.1')], flow)).toBe('3.1')
    expect(spent([...named, price('llama', 'reasoning', '3')], flow)).toBe('4.5')
  })

  it('costs what evidence bills', () => {
    const lists = [
      [price('llama', 'input', '1'), price('llama', 'output', '2'), price(null, null, '0.5')],
      [price(null, null, '0.5'), price(null, 'cachedInput', '0.1')],
      [price('llama', null, '3'), price(null, 'reasoning', '9')],
    ]
    const usage = tableOf({ startMs: AT, stepMs: 86_400_000, steps: 1 }, [
      {
        model: 'llama',
        gpuType: '',
        input: [2_000_000n],
        output: [1_000_000n],
        cachedInput: [1_000_000n],
        reasoning: [500_000n],
      },
    ])
    for (const rates of lists) {
      const evidence = evidenceOf({
        site: 'Lyon 2',
        backend: 'Metering API 1.0',
        tenant: 'acme',
        fromMs: AT,
        toMs: AT + 86_400_000,
        timezone: 'UTC',
        preparedAt: AT,
        currency: 'USD',
        usage,
        rates,
        statement: null,
        notes: [],
      })
      expect(evidence.rows.at(-1)?.[8]).toBe(spent(rates, flow))
    }
  })
})

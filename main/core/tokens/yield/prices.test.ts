import { describe, expect, it } from 'vitest'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import { listPrice } from './prices.ts'

const rate = (over: Partial<Rate>): Rate => ({
  kind: 'price',
  model: null,
  gpuType: null,
  tokenType: null,
  unit: 'megatoken',
  amount: '1',
  currency: 'USD',
  effectiveFrom: '2026-01-01T00:00:00Z',
  ...over,
})
const asked = { model: 'm', gpuType: 'H100', tokenType: 'output', currency: 'USD' } as const
const at = Date.UTC(2026, 5, 1)

describe('listPrice', () => {
  it('takes the rate that names most of what is asked', () => {
    const rates = [
      rate({ amount: '9', model: 'm', tokenType: 'output' }),
      rate({ amount: '1' }),
      rate({ amount: '2', model: 'm' }),
      rate({ amount: '3', gpuType: 'H100', tokenType: 'output' }),
    ]
    expect(listPrice(rates, asked, at)).toBe('9')
    expect(listPrice(rates.slice(1), asked, at)).toBe('2')
    expect(listPrice(rates, { ...asked, model: 'other' }, at)).toBe('3')
  })

  it('takes the newest that is in force, whatever their order', () => {
    const rates = [
      rate({ amount: '2', effectiveFrom: '2026-05-01T00:00:00Z' }),
      rate({ amount: '1' }),
      rate({ amount: '3', effectiveFrom: '2026-07-01T00:00:00Z' }),
    ]
    expect(listPrice(rates, asked, at)).toBe('2')
    expect(listPrice(rates, asked, Date.UTC(2025, 0, 1))).toBeNull()
  })

  it('knows no price of another currency, of hours, of costs or of other models', () => {
    const rates = [
      rate({ currency: 'EUR' }),
      rate({ unit: 'gpuHour' }),
      rate({ kind: 'cost' }),
      rate({ model: 'other' }),
    ]
    expect(listPrice(rates, asked, at)).toBeNull()
  })
})

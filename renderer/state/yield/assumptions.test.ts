import { describe, expect, it } from 'vitest'
import { revenuePerGpuYear } from '../../../shared/model/economics.ts'
import { ASSUMPTION_FIELDS, assumptionsOf, assumptionTexts, measuredTexts, problemOf } from './assumptions.ts'

const CONFIGURED = {
  rentPerHour: '3',
  rentedShare: '0.7',
  megatokensPerHour: '30',
  pricePerMegatoken: '1',
  soldShare: '0.6',
}

function revenue(params: Record<string, string>) {
  const assumptions = assumptionsOf(assumptionTexts(params, CONFIGURED))
  if (assumptions === null) return null
  const { rented, metered } = revenuePerGpuYear(assumptions)
  return [rented.toString(), metered.toString()]
}

describe('the assumptions of the comparison', () => {
  it('start from the configuration and give the published figures', () => {
    expect(revenue({})).toEqual(['18396', '157680'])
  })

  it('follow the address', () => {
    expect(revenue({ mtok: '60' })).toEqual(['18396', '315360'])
    expect(revenue({ rented: '100', rent: '2.5' })).toEqual(['21900', '157680'])
  })

  it.each([{ rent: 'lots' }, { sold: '101' }, { mtok: '' }, { price: '1e9' }, { price: '-1' }])(
    'give nothing while %j is no value',
    (params) => {
      expect(revenue(params)).toBeNull()
    },
  )

  it('say what was expected', () => {
    const [rent, rented] = ASSUMPTION_FIELDS
    if (rent === undefined || rented === undefined) throw new Error('no fields')
    expect(problemOf('3,5', rent)).toContain('a number such as')
    expect(problemOf('120', rented)).toContain('at most 100 %')
    expect(problemOf(' 99.5 ', rented)).toBeNull()
  })

  it('take what is measured only when all of it is known', () => {
    expect(
      measuredTexts({ megatokensPerHour: 12.345_678, pricePerMegatoken: '0.62', soldShare: 0.413 }),
    ).toEqual({
      mtok: '12.3457',
      price: '0.62',
      sold: '41.3',
    })
    expect(measuredTexts({ megatokensPerHour: 12, pricePerMegatoken: null, soldShare: 0.4 })).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { ratesOf } from './prices.ts'
import { modelsSchema } from './schema.ts'

const rates = (...data: object[]) => ratesOf(modelsSchema.parse({ data }))
const model = (model_name: string, model_info: object | null) => ({
  model_name,
  litellm_params: {},
  model_info,
})

describe('prices of LiteLLM', () => {
  it.each([
    [1e-7, '0.1'],
    [0.0000004, '0.4'],
    [1.5e-5, '15'],
    [3.5e-8, '0.035'],
    [1.2345678e-6, '1.2345678'],
  ])('are decimal text, %s per token is %s per million', (input_cost_per_token, amount) => {
    expect(rates(model('llama', { input_cost_per_token })).rates).toEqual([
      {
        kind: 'price',
        model: 'llama',
        gpuType: null,
        tokenType: 'input',
        unit: 'megatoken',
        amount,
        currency: 'USD',
        effectiveFrom: '1970-01-01T00:00:00.000Z',
      },
    ])
  })

  it('are told by type and since when', () => {
    const updated_at = '2026-10-01T00:00:00Z'
    const info = {
      input_cost_per_token: 1e-6,
      output_cost_per_token: 2e-6,
      cache_read_input_token_cost: 1e-7,
      updated_at,
    }
    const found = rates(model('llama', info)).rates
    expect(found.map(({ tokenType, amount }) => `${tokenType} ${amount}`)).toEqual([
      'input 1',
      'output 2',
      'cachedInput 0.1',
    ])
    expect(found[0]?.effectiveFrom).toBe('2026-10-01T00:00:00.000Z')
  })

  it('are none where none was set, or it is no number', () => {
    const odd = { input_cost_per_token: '0.1', output_cost_per_token: -1 }
    expect(rates(model('a', { input_cost_per_token: 0 }), model('b', null), model('c', odd))).toEqual({
      rates: [],
      missing: [],
    })
  })

  it('are not known where deployments of one model differ', () => {
    const { rates: found, missing } = rates(
      model('llama', { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 }),
      model('llama', { input_cost_per_token: 2e-6, output_cost_per_token: 1e-6 }),
    )
    expect(found.map(({ tokenType }) => tokenType)).toEqual(['output'])
    expect(missing).toEqual(['the price of input of llama: its deployments have different ones'])
  })
})

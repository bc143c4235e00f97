import type { Rate } from '../../../../shared/metering/capacity.ts'
import { Money } from '../../../../shared/model/money.ts'
import type { Models } from './schema.ts'

/** LiteLLM books in dollars only. */
const CURRENCY = 'USD'
const COSTS = [
  ['input_cost_per_token', 'input'],
  ['output_cost_per_token', 'output'],
  ['cache_read_input_token_cost', 'cachedInput'],
] as const

/**
 * What LiteLLM books to teams per token. Zero stands there for a model without a price, so it is no price. LiteLLM
 * keeps no history: a price without a date of change counts as it is for all times.
 * @returns `missing` names models whose deployments differ in price: what a request was booked at is then not known
 */
export function ratesOf({ data }: Models): {
  readonly rates: readonly Rate[]
  readonly missing: readonly string[]
} {
  const byModel = Map.groupBy(data, ({ model_name }) => model_name)
  const rates: Rate[] = []
  const missing: string[] = []
  for (const [model, deployments] of byModel) {
    for (const [field, tokenType] of COSTS) {
      const costs = deployments.map(({ model_info }) => model_info?.[field] ?? null)
      const [cost] = costs
      if (costs.some((other) => other !== cost)) {
        missing.push(`the price of ${tokenType} of ${model}: its deployments have different ones`)
      } else if (cost !== null && cost !== undefined && cost > 0) {
        const since = Math.max(0, ...deployments.map(({ model_info }) => model_info?.updated_at ?? 0))
        rates.push({
          kind: 'price',
          model,
          gpuType: null,
          tokenType,
          unit: 'megatoken',
          // By its shortest decimal text, which is what a person wrote: 1e-07 is 0.1 exactly, and no neighbour of it.
          amount: new Money(String(cost)).times(1_000_000).toFixed(),
          currency: CURRENCY,
          effectiveFrom: new Date(since).toISOString(),
        })
      }
    }
  }
  return { rates, missing: missing.slice(0, 100) }
}

import type { Rate } from '../../../../shared/metering/capacity.ts'
import { Money } from '../../../../shared/model/money.ts'
import type { Rates } from '../../../../shared/model/tokens.ts'
import { listPrice, ownPrice } from './prices.ts'

export interface Spend {
  /** What customers pay at list price for the tokens that have one, per second. */
  readonly amount: Money
  /** Those tokens, per second. */
  readonly tokens: number
  /** Models without a price, and their tokens per second. */
  readonly unpriced: readonly string[]
  readonly unpricedTokens: number
}

const MEGA = 1_000_000

/** Cached input and reasoning have a price of their own, or that of what they are a part of. @param at ms */
export function spendOf(
  rates: readonly Rate[],
  models: ReadonlyMap<string, Rates>,
  gpuType: string,
  currency: string,
  at: number,
): Spend {
  let amount = new Money(0)
  let tokens = 0
  let unpricedTokens = 0
  const unpriced: string[] = []
  for (const [model, flow] of models) {
    const { input, output } = flow
    if (input === null || output === null || input + output === 0) continue
    const asked = { model, gpuType, currency }
    const forInput = listPrice(rates, { ...asked, tokenType: 'input' }, at)
    const forOutput = listPrice(rates, { ...asked, tokenType: 'output' }, at)
    const forCached = ownPrice(rates, { ...asked, tokenType: 'cachedInput' }, at)
    const forReasoning = ownPrice(rates, { ...asked, tokenType: 'reasoning' }, at)
    if (forInput === null || forOutput === null) {
      unpriced.push(model === '' ? 'usage without a model' : model)
      unpricedTokens += input + output
      continue
    }
    const cached = Math.min(flow.cachedInput ?? 0, input)
    const reasoning = Math.min(flow.reasoning ?? 0, output)
    amount = amount
      .plus(new Money(input - cached).times(forInput))
      .plus(new Money(cached).times(forCached ?? forInput))
      .plus(new Money(output - reasoning).times(forOutput))
      .plus(new Money(reasoning).times(forReasoning ?? forOutput))
    tokens += input + output
  }
  return { amount: amount.dividedBy(MEGA), tokens, unpriced, unpricedTokens }
}

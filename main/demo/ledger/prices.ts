import { Money, priceOf } from '../../../shared/model/money.ts'

/** Whole numbers below 2^53; cachedInput is part of input, reasoning of output. */
export interface TokenSplit {
  input: number
  output: number
  cachedInput: number
  reasoning: number
}

export const CURRENCY = 'USD'
export type PricedType = 'input' | 'output' | 'cachedInput'
/** Reasoning is billed as output and has no price of its own. */
export const PRICED: readonly PricedType[] = ['input', 'output', 'cachedInput']

/** $ per million tokens. */
const PRICES: Readonly<Record<string, Readonly<Record<PricedType, string>>>> = {
  'llama-3.3-70b': { input: '0.60', output: '0.80', cachedInput: '0.15' },
  'qwen3-coder-30b': { input: '0.30', output: '0.90', cachedInput: '0.08' },
  'gpt-oss-120b': { input: '0.20', output: '0.70', cachedInput: '0.05' },
  'deepseek-r1': { input: '0.80', output: '2.40', cachedInput: '0.20' },
  'mixtral-8x22b': { input: '0.90', output: '0.90', cachedInput: '0.30' },
  'qwen3-235b': { input: '0.40', output: '1.20', cachedInput: '0.10' },
  'llama-4-maverick': { input: '0.35', output: '1.00', cachedInput: '0.09' },
  'bge-m3': { input: '0.02', output: '0.00', cachedInput: '0.02' },
  'whisper-large-v3': { input: '0.12', output: '0.12', cachedInput: '0.12' },
  'llama-3.2-3b': { input: '0.06', output: '0.08', cachedInput: '0.02' },
  'qwen3-4b': { input: '0.07', output: '0.10', cachedInput: '0.02' },
}

/** What an hour of one GPU costs the factory, $; A100: rent seen in 2026, the others as in REFERENCE_TYPES. */
export const GPU_HOUR_COSTS: Readonly<Record<string, string>> = {
  A100: '0.79',
  H100: '1.30',
  H200: '1.60',
  B200: '2.90',
}

export interface PriceList {
  readonly effectiveFrom: number
  readonly prices: Readonly<Record<string, Readonly<Record<PricedType, string>>>>
}

/** Prices over time, oldest list first; a bill over a change has lines at both prices. */
export function priceLists(startMs: number): readonly PriceList[] {
  const start = new Date(startMs)
  const changed = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - 2, 1)
  const before = Object.entries(PRICES).map(([model, price]) => [
    model,
    Object.fromEntries(PRICED.map((type) => [type, new Money(price[type]).times('1.1').toFixed()])),
  ])
  return [
    { effectiveFrom: Date.UTC(start.getUTCFullYear() - 2, 0, 1), prices: Object.fromEntries(before) },
    { effectiveFrom: changed, prices: PRICES },
  ]
}

/** The list in force; the oldest one before all. */
export function listAt(lists: readonly PriceList[], atMs: number): PriceList | undefined {
  return lists.findLast((list) => list.effectiveFrom <= atMs) ?? lists[0]
}

/** What is billed under each price: the input that no cache held, the cached input, and the output. */
export function billed(split: TokenSplit): Record<PricedType, number> {
  return { input: split.input - split.cachedInput, cachedInput: split.cachedInput, output: split.output }
}

/** Exact cost by a list, not rounded; null for a model that has no price. */
export function costOf(list: PriceList | undefined, model: string, split: TokenSplit): Money | null {
  const prices = list?.prices[model]
  if (prices === undefined) return null
  const tokens = billed(split)
  return PRICED.reduce((sum, type) => sum.plus(priceOf(BigInt(tokens[type]), prices[type])), new Money(0))
}

import type { Rate } from '../../../../shared/metering/capacity.ts'
import { Money } from '../../../../shared/model/money.ts'
import { inForce, ownPrice, type Priced } from '../yield/prices.ts'
import type { UsageTable } from '../types.ts'

export type LineType = Priced['tokenType']

/** Tokens of one kind at one price. */
export interface EvidenceLine {
  readonly model: string
  /** '' where the back end or the bill does not distinguish types. */
  readonly gpuType: string
  /** Cached input and reasoning have lines of their own where they have a price of their own; else their parents hold them. */
  readonly tokenType: LineType
  readonly tokens: bigint
  /** Per Mtok; null where none is on the list. */
  readonly price: string | null
}

/** The same price is the same line, however many zeros it is written with. */
export function lineKey({ model, gpuType, tokenType, price }: Omit<EvidenceLine, 'tokens'>): string {
  return [model, gpuType, tokenType, price === null ? '' : new Money(price).toString()].join('\u0000')
}

/**
 * Usage as the lines of a bill: every token in exactly one line, at the price in force when its step began.
 * @param byType false sums over GPU types
 * @param within counts the steps that begin within alone; all of them where it is left out
 */
export function linesOf(
  usage: UsageTable,
  rates: readonly Rate[],
  currency: string,
  byType: boolean,
  within?: { readonly fromMs: number; readonly toMs: number },
): { readonly lines: EvidenceLine[]; readonly notes: string[] } {
  const lines = new Map<string, { line: EvidenceLine; tokens: bigint }>()
  const notes = new Set<string>()
  const steps = usage.times.length
  const first = within === undefined ? 0 : firstFrom(usage.times, within.fromMs)
  const end = within === undefined ? steps : firstFrom(usage.times, within.toMs)
  const exact = (measure: 'input' | 'output' | 'cachedInput' | 'reasoning', at: number) =>
    usage.counts[measure]?.exact(at) ?? 0n

  for (const [row, dims] of usage.rows.entries()) {
    const model = dims.model ?? ''
    const gpuType = dims.gpuType ?? ''
    const add = (tokenType: LineType, tokens: bigint, price: string | null) => {
      if (tokens === 0n) return
      const line = { model, gpuType: byType ? gpuType : '', tokenType, price, tokens: 0n }
      const key = lineKey(line)
      const known = lines.get(key)
      if (known === undefined) lines.set(key, { line, tokens })
      else known.tokens += tokens
    }
    for (let step = first; step < end; step++) {
      const at = row * steps + step
      const start = usage.times[step] ?? 0
      const until = usage.times[step + 1] ?? usage.toMs
      const rateOf = (tokenType: LineType, when = start) =>
        inForce(rates, { model, gpuType, tokenType, currency }, when)
      const own = (tokenType: 'cachedInput' | 'reasoning') =>
        ownPrice(rates, { model, gpuType, tokenType, currency }, start)
      const input = exact('input', at)
      const output = exact('output', at)
      if (input === 0n && output === 0n) continue
      for (const tokenType of ['input', 'output'] as const) {
        if (rateOf(tokenType) !== rateOf(tokenType, until - 1)) {
          notes.add(
            `The price of ${model} changed between ${iso(start)} and ${iso(until)}; that time stands at the older price.`,
          )
        }
      }
      const cachedPrice = own('cachedInput')
      const reasoningPrice = own('reasoning')
      const cached = cachedPrice === null ? 0n : least(exact('cachedInput', at), input)
      const reasoning = reasoningPrice === null ? 0n : least(exact('reasoning', at), output)
      add('input', input - cached, rateOf('input')?.amount ?? null)
      add('cachedInput', cached, cachedPrice)
      add('output', output - reasoning, rateOf('output')?.amount ?? null)
      add('reasoning', reasoning, reasoningPrice)
    }
  }
  const all = [...lines.values()].map(({ line, tokens }) => ({ ...line, tokens }))
  const unpriced = [...new Set(all.flatMap(({ price, model }) => (price === null ? [model] : [])))]
  if (unpriced.length > 0) {
    notes.add(`No list price in ${currency} for: ${unpriced.join(', ')}. Their tokens have no amount.`)
  }
  return { lines: all.toSorted(byName), notes: [...notes].slice(0, 20) }
}

const ORDER: readonly LineType[] = ['input', 'cachedInput', 'output', 'reasoning']

function byName(a: EvidenceLine, b: EvidenceLine): number {
  const text = (line: EvidenceLine) => `${line.model}\u0000${line.gpuType}`
  if (text(a) !== text(b)) return text(a) < text(b) ? -1 : 1
  return ORDER.indexOf(a.tokenType) - ORDER.indexOf(b.tokenType)
}

/** Place of the first step that begins at `ms` or later. */
function firstFrom(times: ArrayLike<number>, ms: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) < ms) low = middle + 1
    else high = middle
  }
  return low
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

import { Money, priceOf } from '../../../../shared/model/money.ts'
import type { Statement } from '../../../../shared/metering/tenants.ts'
import { AT, WIDTH } from '../../ledger/measures.ts'
import {
  billed,
  CURRENCY,
  PRICED,
  priceLists,
  type PricedType,
  type TokenSplit,
} from '../../ledger/prices.ts'
import type { Handler } from '../http/handler.ts'
import { accountOf, asOf, beforeKept, instant, rangeOf, type ReadingContext } from './context.ts'
import { groupStreams } from '../usage/groups.ts'
import { cellOf } from '../usage/usage.ts'

type Line = Statement['lines'][number]

/** Lines of a bill are rounded to cents, and the total is the sum of what was rounded. */
const SCALE = 2

/** What a tenant is charged: a line per price, model, GPU type and kind of token. */
export function createStatementHandler(context: ReadingContext): Handler<'getStatement'> {
  const { ledger } = context
  const lists = priceLists(ledger.startMs)

  /** The parts of a period in which one price list was in force. */
  function spans(fromMs: number, toMs: number) {
    return lists
      .map((list, i) => ({
        list,
        from: Math.max(fromMs, i === 0 ? Number.NEGATIVE_INFINITY : list.effectiveFrom),
        to: Math.min(toMs, lists[i + 1]?.effectiveFrom ?? Number.POSITIVE_INFINITY),
      }))
      .filter(({ from, to }) => to > from)
  }

  return ({ params, query }) => {
    const account = accountOf(context, params.id)
    const range = rangeOf(query)
    const reach = ledger.dataAsOf()
    const fromMs = cellOf(range.fromMs)
    const toMs = cellOf(range.toMs)
    const unpriced = new Set<string>()
    const groups = groupStreams(ledger.metered, { groupBy: ['model', 'gpuType'], tenant: [account.id] })
    const lines = spans(fromMs, Math.min(toMs, reach)).flatMap(({ list, from, to }) => {
      const sums = new Float64Array(ledger.metered.length * WIDTH)
      ledger.history.add(sums, from, to)
      return groups.flatMap(({ dims, streams }) => {
        const total = (measure: keyof typeof AT) =>
          streams.reduce((sum, stream) => sum + (sums[stream * WIDTH + AT[measure]] ?? 0), 0)
        const model = dims.model ?? ''
        const split = {
          input: total('input'),
          output: total('output'),
          cachedInput: total('cachedInput'),
          reasoning: total('reasoning'),
        }
        if (split.input + split.output > 0 && list.prices[model] === undefined) unpriced.add(model)
        return linesOf(model, dims.gpuType ?? null, split, total('requests'), list.prices[model])
      })
    })
    const missing = [
      ...beforeKept(ledger, fromMs),
      ...(toMs > reach ? [`usage after ${instant(reach)}: it is not metered yet`] : []),
      ...[...unpriced].map((model) => `a price for the model "${model}": its tokens are not charged`),
    ]
    return {
      body: {
        ...asOf(ledger, missing),
        tenant: account.id,
        from: instant(fromMs),
        to: instant(toMs),
        currency: CURRENCY,
        scale: SCALE,
        rounding: 'half-up',
        lines,
        total: lines.reduce((sum, { amount }) => sum.plus(amount), new Money(0)).toFixed(SCALE),
      },
    }
  }
}

function linesOf(
  model: string,
  gpuType: string | null,
  split: TokenSplit,
  requests: number,
  prices: Readonly<Record<PricedType, string>> | undefined,
): Line[] {
  const tokens = billed(split)
  return PRICED.flatMap((tokenType): Line[] => {
    const count = BigInt(tokens[tokenType])
    if (count === 0n) return []
    const price = prices?.[tokenType] ?? '0.00'
    return [
      {
        model,
        gpuType,
        tokenType,
        tokens: count,
        // A call is named once, beside its prompt.
        ...(tokenType === 'input' ? { requests } : {}),
        pricePerMegatoken: price,
        amount: priceOf(count, price).toFixed(SCALE, Money.ROUND_HALF_UP),
      },
    ]
  })
}

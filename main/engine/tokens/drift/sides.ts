import type { Rate } from '../../../../shared/metering/capacity.ts'
import { listPrice } from '../../../core/tokens/yield/prices.ts'
import type { ServedSum } from '../../../core/tokens/served/types.ts'
import type { ServedDoubt } from '../../../core/tokens/served/doubts.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'

/** Metered tokens of one step; the rest row of a back end that shortens is a group without a name. */
export function meteredOf(table: UsageTable, step: number): ServedSum[] {
  const { input, output } = table.counts
  const steps = table.times.length
  return table.rows.map((dims, row) => ({
    model: dims.model ?? '',
    gpuType: dims.gpuType ?? '',
    input: input?.exact(row * steps + step) ?? 0n,
    output: output?.exact(row * steps + step) ?? 0n,
  }))
}

/** Where the metering does not distinguish GPU types. */
export function overTypes(sums: readonly ServedSum[]): ServedSum[] {
  const byModel = new Map<string, ServedSum>()
  for (const { model, input, output } of sums) {
    const sum = byModel.get(model)
    byModel.set(model, {
      model,
      gpuType: '',
      input: (sum?.input ?? 0n) + input,
      output: (sum?.output ?? 0n) + output,
    })
  }
  return [...byModel.values()]
}

export function doubtsOverTypes(doubts: readonly ServedDoubt[]): ServedDoubt[] {
  const byModel = new Map<string, ServedDoubt>()
  for (const { model, tokens, gaps } of doubts) {
    const sum = byModel.get(model) ?? { tokens: 0, gaps: [] }
    byModel.set(model, {
      model,
      gpuType: '',
      tokens: sum.tokens === null || tokens === null ? null : sum.tokens + tokens,
      gaps: [...sum.gaps, ...gaps],
    })
  }
  return [...byModel.values()]
}

/** What input and output of a model would have been sold for, list price per Mtok. */
export function pricesAt(
  rates: readonly Rate[] | null,
  currency: string,
  now: number,
): (model: string, gpuType: string) => { readonly input: string; readonly output: string } | null {
  return (model, gpuType) => {
    if (rates === null) return null
    const input = listPrice(rates, { model, gpuType, tokenType: 'input', currency }, now)
    const output = listPrice(rates, { model, gpuType, tokenType: 'output', currency }, now)
    return input === null || output === null ? null : { input, output }
  }
}

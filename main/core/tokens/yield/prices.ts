import type { Rate } from '../../../../shared/metering/capacity.ts'

/** What a rate is asked for. */
export interface Priced {
  readonly model: string
  readonly gpuType: string
  readonly tokenType: 'input' | 'output' | 'cachedInput' | 'reasoning'
  /** Rates in other currencies are not converted: they do not count. */
  readonly currency: string
}

/**
 * The list price per Mtok in force at `at` (ms), as a decimal string: of the rates that fit, the one that names most of
 * what is asked, and of those the newest. Null: nothing on the list says what this costs.
 */
export function listPrice(rates: readonly Rate[], asked: Priced, at: number): string | null {
  return inForce(rates, asked, at)?.amount ?? null
}

/** The rate behind {@link listPrice}, for those who must show since when it is in force. */
export function inForce(rates: readonly Rate[], asked: Priced, at: number): Rate | null {
  let best: Rate | null = null
  for (const rate of rates) {
    if (rate.kind !== 'price' || rate.unit !== 'megatoken' || rate.currency !== asked.currency) continue
    if (!fits(rate, asked) || !(Date.parse(rate.effectiveFrom) <= at)) continue
    if (best === null || isBetter(rate, best)) best = rate
  }
  return best
}

/**
 * The price that cached input or reasoning has of its own. Null where no rate in force names it: then it costs what its
 * parent does, even where a rate for everything would fit it.
 */
export function ownPrice(
  rates: readonly Rate[],
  asked: Priced & { readonly tokenType: 'cachedInput' | 'reasoning' },
  at: number,
): string | null {
  const rate = inForce(rates, asked, at)
  return rate?.tokenType === asked.tokenType ? rate.amount : null
}

function fits(rate: Rate, asked: Priced): boolean {
  return (
    (rate.model === null || rate.model === asked.model) &&
    (rate.gpuType === null || rate.gpuType === asked.gpuType) &&
    (rate.tokenType === null || rate.tokenType === asked.tokenType)
  )
}

function isBetter(rate: Rate, than: Rate): boolean {
  const difference = exactness(rate) - exactness(than)
  return difference !== 0 ? difference > 0 : Date.parse(rate.effectiveFrom) > Date.parse(than.effectiveFrom)
}

/** The model says most of a price, then the kind of token, then the GPU type. */
function exactness({ model, tokenType, gpuType }: Rate): number {
  return (model === null ? 0 : 4) + (tokenType === null ? 0 : 2) + (gpuType === null ? 0 : 1)
}

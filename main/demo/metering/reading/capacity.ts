import { TOKEN_TYPES } from '../../../../shared/metering/capabilities.ts'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import { CURRENCY, GPU_HOUR_COSTS, PRICED, priceLists } from '../../ledger/prices.ts'
import type { Handler } from '../http/handler.ts'
import { asOf, beforeKept, instant, rangeOf, type ReadingContext } from './context.ts'

const MINUTE_MS = 60_000

/** GPU hours and energy, from minute to minute. */
export function createCapacityHandler({ ledger }: ReadingContext): Handler<'getCapacity'> {
  return ({ query }) => {
    const { fromMs, toMs } = rangeOf(query)
    const from = Math.max(floorMinute(fromMs), floorMinute(ledger.history.keptFrom()))
    const to = Math.max(
      from,
      Math.min(Math.ceil(toMs / MINUTE_MS) * MINUTE_MS, floorMinute(ledger.dataAsOf())),
    )
    return {
      body: {
        ...asOf(ledger, beforeKept(ledger, fromMs)),
        from: instant(from),
        to: instant(to),
        rows: ledger.capacity.between(from, to).map((row) => ({
          gpuType: row.gpuType,
          model: row.model,
          gpuHoursProvisioned: row.provisionedHours,
          gpuHoursAllocated: row.allocatedHours,
          gpuHoursActive: row.activeHours,
          energyJoules: row.joules,
        })),
      },
    }
  }
}

/** Prices by model and token type with their history, and what an hour of each GPU type costs. */
export function createRatesHandler({ ledger, factory }: ReadingContext): Handler<'getRates'> {
  const lists = priceLists(ledger.startMs)
  const types = new Set(factory.site.hosts.map((host) => host.board.name))
  const prices = lists.flatMap(({ effectiveFrom, prices: models }) =>
    Object.entries(models).flatMap(([model, price]) =>
      TOKEN_TYPES.flatMap((tokenType): Rate[] => {
        const priced = PRICED.find((type) => type === tokenType)
        if (priced === undefined) return []
        return [
          {
            kind: 'price',
            model,
            gpuType: null,
            tokenType,
            unit: 'megatoken',
            amount: price[priced],
            currency: CURRENCY,
            effectiveFrom: instant(effectiveFrom),
          },
        ]
      }),
    ),
  )
  const costs = Object.entries(GPU_HOUR_COSTS).flatMap(([gpuType, amount]): Rate[] =>
    [...types].some((type) => type === gpuType)
      ? [
          {
            kind: 'cost',
            model: null,
            gpuType,
            tokenType: null,
            unit: 'gpuHour',
            amount,
            currency: CURRENCY,
            effectiveFrom: instant(lists[0]?.effectiveFrom ?? ledger.startMs),
          },
        ]
      : [],
  )
  return () => ({ body: { ...asOf(ledger), rates: [...prices, ...costs] } })
}

function floorMinute(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS
}

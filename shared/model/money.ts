import { Decimal } from 'decimal.js'

/**
 * Money is decimal from the price list to the screen: binary fractions do not add up to a bill. 40 digits carry
 * quintillions of tokens at a price of nine decimals without rounding.
 */
export const Money = Decimal.clone({
  precision: 40,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -30,
  toExpPos: 40,
})
export type Money = Decimal

/** An amount in one currency; amounts of two currencies are never added. */
export interface Amount {
  /** Decimal number in a string. */
  readonly amount: string
  /** ISO 4217. */
  readonly currency: string
}

const TOKENS_PER_MEGATOKEN = 1_000_000

/** Price of an exact number of tokens; not rounded. @param perMegatoken decimal string */
export function priceOf(tokens: bigint, perMegatoken: string): Money {
  return new Money(tokens.toString()).times(perMegatoken).dividedBy(TOKENS_PER_MEGATOKEN)
}

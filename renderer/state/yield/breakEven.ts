import { type EconomicAssumptions, HOURS_PER_YEAR } from '../../../shared/model/economics.ts'
import { Money } from '../../../shared/model/money.ts'

/** Revenue of one GPU in a year over the tokens that it makes in an hour: rent is level, tokens are a line through zero. */
export interface BreakEven {
  /** Right end of the picture, million tokens per GPU-hour. */
  readonly most: number
  /** Upper end of the picture, money per GPU-year. */
  readonly top: number
  readonly rented: number
  /** Of the tokens at `most`. */
  readonly metered: number
  /** Where both bring the same, million tokens per GPU-hour; null where tokens bring nothing. */
  readonly at: number | null
}

/**
 * Drawn heights need no exact digits; the amounts beside the picture have them.
 * @param marks what else has to be in sight, million tokens per GPU-hour
 */
export function breakEven(of: EconomicAssumptions, marks: readonly number[]): BreakEven {
  const rented = new Money(of.rentPerHour).times(of.rentedShare).times(HOURS_PER_YEAR).toNumber()
  const perMegatoken = new Money(of.pricePerMegatoken).times(of.soldShare).times(HOURS_PER_YEAR).toNumber()
  const at = perMegatoken > 0 ? rented / perMegatoken : null
  const assumed = Number(of.megatokensPerHour)
  // A break-even far beyond what anybody assumes or measures is said in words; it would squeeze the rest.
  const far = Math.max(assumed, ...marks) * 4
  const most = Math.max(assumed, ...marks, at !== null && (far === 0 || at <= far) ? at : 0, 0.001) * 1.1
  return {
    most,
    top: Math.max(rented, perMegatoken * most, 1) * 1.05,
    rented,
    metered: perMegatoken * most,
    at,
  }
}

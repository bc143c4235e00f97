import type { Yield } from '../../../shared/contract/tokens.ts'
import type { EconomicAssumptions } from '../../../shared/model/economics.ts'
import { Money } from '../../../shared/model/money.ts'
import { say } from '../../../shared/messages/format.ts'

/** One editable assumption: how it stands in the address, what it is called, and how a person writes it. */
export interface AssumptionField {
  readonly key: keyof EconomicAssumptions
  /** Name in the address, so that a comparison can be sent to somebody. */
  readonly param: string
  readonly label: string
  /** What the number is in; `money` stands for the site's currency. */
  readonly hint: string
  /** Shares are written in percent and kept as 0–1. */
  readonly percent: boolean
}

export const ASSUMPTION_FIELDS: readonly AssumptionField[] = [
  { key: 'rentPerHour', param: 'rent', label: say('yields.assumption.rent'), hint: 'money', percent: false },
  { key: 'rentedShare', param: 'rented', label: say('yields.assumption.rented'), hint: '%', percent: true },
  {
    key: 'megatokensPerHour',
    param: 'mtok',
    label: say('yields.assumption.rate'),
    hint: say('yields.assumption.rate.unit'),
    percent: false,
  },
  {
    key: 'pricePerMegatoken',
    param: 'price',
    label: say('yields.assumption.price'),
    hint: 'money',
    percent: false,
  },
  { key: 'soldShare', param: 'sold', label: say('yields.assumption.sold'), hint: '%', percent: true },
]

/** Long enough for any price; a link must not be able to bring a text of a megabyte into an input. */
const LONGEST = 16

/** What stands in the inputs: what the address says, else what the site is configured with. */
export function assumptionTexts(
  params: Readonly<Record<string, string>>,
  configured: NonNullable<Yield['assumptions']>,
): Readonly<Record<keyof EconomicAssumptions, string>> {
  const texts = ASSUMPTION_FIELDS.map(({ key, param, percent }) => {
    const asked = params[param]?.slice(0, LONGEST)
    return [key, asked ?? shown(configured[key], percent)] as const
  })
  return Object.fromEntries(texts) as Record<keyof EconomicAssumptions, string>
}

/** Why a text is no value for a field, in plain words; null where it is one. */
export function problemOf(text: string, { percent }: AssumptionField): string | null {
  if (!/^\d{1,9}(?:\.\d{1,6})?$/.test(text.trim())) return say('yields.assumption.number')
  if (percent && new Money(text.trim()).gt(100)) return say('yields.assumption.share')
  return null
}

/** The assumptions in full; null while one of the texts is no value. */
export function assumptionsOf(
  texts: Readonly<Record<keyof EconomicAssumptions, string>>,
): EconomicAssumptions | null {
  const values: [keyof EconomicAssumptions, string][] = []
  for (const field of ASSUMPTION_FIELDS) {
    const text = texts[field.key].trim()
    if (problemOf(text, field) !== null) return null
    values.push([field.key, field.percent ? new Money(text).dividedBy(100).toString() : text])
  }
  return Object.fromEntries(values) as unknown as EconomicAssumptions
}

/** What is measured now as texts for the inputs; null where something is not known. */
export function measuredTexts(measured: Yield['measured']): Readonly<Record<string, string>> | null {
  const { megatokensPerHour, pricePerMegatoken, soldShare } = measured
  if (megatokensPerHour === null || pricePerMegatoken === null || soldShare === null) return null
  const rounded = (value: number | string): string => new Money(value).toDecimalPlaces(4).toString()
  return {
    mtok: rounded(megatokensPerHour),
    price: rounded(pricePerMegatoken),
    sold: rounded(Math.min(100, soldShare * 100)),
  }
}

function shown(value: string, percent: boolean): string {
  return percent ? new Money(value).times(100).toString() : value
}

import { Money } from './money.ts'
import { MINUS } from './units.ts'

/** Where rounding ends: the eighth decimal of an amount is never read. */
const MOST_DECIMALS = 6
const LEAST = '0.000001'
const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' }

/**
 * An amount as a person reads it: `$18,396`, `€0.046`, `$3.20`, `CHF 12.50`. From a hundred on whole units, below that
 * cents, below one three significant digits; `exact` keeps every decimal, as a bill has to.
 * @param amount decimal number in a string
 * @throws DecimalError for a text that is no number
 */
export function moneyText(
  amount: string,
  currency: string,
  precision: 'rounded' | 'exact' = 'rounded',
): string {
  const value = new Money(amount)
  const magnitude = value.abs()
  const symbol = SYMBOLS[currency]
  const before = symbol ?? `${currency} `
  if (precision === 'rounded' && !magnitude.isZero() && magnitude.lt(LEAST)) return `<${before}${LEAST}`
  const digits = precision === 'exact' ? exactDigits(magnitude) : roundedDigits(magnitude)
  const sign = value.isNegative() && /[1-9]/.test(digits) ? MINUS : ''
  return `${sign}${before}${digits}`
}

function roundedDigits(magnitude: Money): string {
  if (magnitude.isZero()) return '0'
  // 99.996 is told in cents, and those make a hundred: it is told as one.
  if (magnitude.gte('99.995')) return grouped(magnitude.toFixed(0, Money.ROUND_HALF_UP))
  if (magnitude.gte('0.9995')) return magnitude.toFixed(2, Money.ROUND_HALF_UP)
  const rounded = magnitude.toSignificantDigits(3, Money.ROUND_HALF_UP)
  // Zeros at the end are digits too: a column of amounts lines up.
  return rounded.toFixed(Math.min(2 - rounded.e, MOST_DECIMALS))
}

function exactDigits(magnitude: Money): string {
  return grouped(magnitude.toFixed(Math.max(2, magnitude.decimalPlaces())))
}

/** 18,396 whatever the machine's locale. */
function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.')
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? groups : `${groups}.${fraction}`
}

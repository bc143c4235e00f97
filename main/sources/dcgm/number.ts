/**
 * Sample values from bytes. The ordinary ones, up to fifteen digits and a point, are read without making a string:
 * such an integer and the power of ten below it are exact doubles, so that one division gives the correctly rounded
 * result. Everything else goes through Number().
 */
const POWERS = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)
const MAX_EXACT_DIGITS = 15

const MINUS = 45
const POINT = 46
const ZERO = 48
const NINE = 57

/** Where the last number that was read ended; a module variable saves an object per sample. */
let end = 0

/** First byte behind the number that {@link readNumber} read last. */
export function numberEnd(): number {
  return end
}

/**
 * Reads the number at `offset`. Ends before a space, a tab, a carriage return, a newline or the end of `body`.
 * @returns the value, or undefined where no number stands; NaN is a value
 */
export function readNumber(body: Uint8Array, offset: number): number | undefined {
  let i = offset
  const negative = body[i] === MINUS
  if (negative) i++
  let integer = 0
  let digits = 0
  let decimals = -1
  for (; i < body.length; i++) {
    const byte = body[i] as number
    if (byte >= ZERO && byte <= NINE) {
      integer = integer * 10 + (byte - ZERO)
      digits++
      if (decimals >= 0) decimals++
    } else if (byte === POINT && decimals < 0) decimals = 0
    else break
  }
  if (digits === 0 || digits > MAX_EXACT_DIGITS || !isEnd(body[i])) return readAny(body, offset)
  end = i
  const value = decimals > 0 ? integer / (POWERS[decimals] as number) : integer
  return negative ? -value : value
}

/** What Go's ParseFloat takes from an exporter, short of hexadecimal floats, which no exporter prints. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}
/** Longer than any honest number; keeps a hostile line from being copied. */
const MAX_NUMBER_BYTES = 64

function readAny(body: Uint8Array, offset: number): number | undefined {
  let i = offset
  while (i < body.length && i - offset <= MAX_NUMBER_BYTES && !isEnd(body[i])) i++
  if (i - offset > MAX_NUMBER_BYTES) return undefined
  const text = String.fromCharCode(...body.subarray(offset, i))
  end = i
  if (DECIMAL.test(text)) return Number(text)
  const name = text.toLowerCase()
  return Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined
}

function isEnd(byte: number | undefined): boolean {
  return byte === 10 || byte === 32 || byte === undefined || byte === 13 || byte === 9
}

/**
 * DCGM says "blank", "not found", "not supported" and "not permitted" with values at the end of each type's range
 * (dcgm_structs.h). The four INT64 ones are all 2^63 as a double. The FP64 ones start at 2^47; only those few are taken,
 * because an energy counter in mJ passes 2^47 honestly after some years.
 */
export function isBlank(value: number): boolean {
  if (value < 2_147_483_632) return false
  return (
    value <= 2_147_483_635 ||
    value === 2 ** 63 ||
    (value >= 140_737_488_355_328 && value <= 140_737_488_355_335)
  )
}

/**
 * Sample values from bytes. The ordinary ones, up to fifteen digits and a point, are read without making a string:
 * such an integer and the power of ten below it are exact doubles, so that one division gives the correctly rounded
 * result. Everything else goes through Number().
 */
const POWERS = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)
const MAX_EXACT_DIGITS = 15
/** This many always fit into 31 bits. */
const SMALL_DIGITS = 9

const TAB = 9
const SPACE = 32
const MINUS = 45
const POINT = 46
const ZERO = 48

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
  let digits = 0
  let decimals = -1
  // In 32-bit integers as long as they last, which is the whole of nearly every figure.
  let small = 0
  for (; i < body.length; i++) {
    const digit = (body[i] as number) - ZERO
    if (digit >>> 0 <= 9) {
      if (digits === SMALL_DIGITS) break
      small = (small * 10 + digit) | 0
      digits++
      if (decimals >= 0) decimals++
    } else if (digit === POINT - ZERO && decimals < 0) decimals = 0
    else break
  }
  let integer = small
  if (digits === SMALL_DIGITS) {
    for (; i < body.length; i++) {
      const digit = (body[i] as number) - ZERO
      if (digit >>> 0 <= 9) {
        integer = integer * 10 + digit
        digits++
        if (decimals >= 0) decimals++
      } else if (digit === POINT - ZERO && decimals < 0) decimals = 0
      else break
    }
  }
  if (digits === 0 || digits > MAX_EXACT_DIGITS || !isEnd(body[i])) return readAny(body, offset)
  end = i
  const value = decimals > 0 ? integer / (POWERS[decimals] as number) : integer
  return negative ? -value : value
}

let stamp = Number.NaN

/** The timestamp that {@link timestampEnd} came upon last, in the unit of the format; NaN where none stood there. */
export function timestamp(): number {
  return stamp
}

/** Behind the timestamp that may follow a value; `valueEnd` where none does. */
export function timestampEnd(body: Uint8Array, valueEnd: number): number {
  stamp = Number.NaN
  let i = valueEnd
  while (body[i] === SPACE || body[i] === TAB) i++
  const byte = body[i]
  if (i === valueEnd || byte === undefined || !(byte === MINUS || (byte >= ZERO && byte <= ZERO + 9)))
    return valueEnd
  const time = readNumber(body, i)
  if (time === undefined) return valueEnd
  stamp = time
  return end
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

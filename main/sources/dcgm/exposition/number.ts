import { MINUS, NEWLINE, POINT, RETURN, SPACE, TAB, ZERO } from './bytes.ts'

/** Where a reader stands. One object is reused for a whole body, so that reading a number allocates nothing. */
export interface Cursor {
  at: number
}

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
/** This many digits always fit into 31 bits. */
const SMALL_DIGITS = 9
/** This many digits always fit into the 53 bits of a double. */
const EXACT_DIGITS = 15

/**
 * Reads `[-]digits[.digits]` at `at` and leaves the cursor behind it; the cursor stands at -1 where the number has
 * another form or more than 15 digits, and {@link readAnyNumber} has to look. Exact: a mantissa below 2^53 divided by
 * a power of ten up to 10^22 is rounded once, correctly (Clinger 1990).
 */
export function readPlainNumber(body: Uint8Array, at: number, end: number, cursor: Cursor): number {
  let i = at
  const negative = i < end && body[i] === MINUS
  if (negative) i++
  const first = i
  let point = -1
  let small = 0
  let digits = 0
  let byte = NEWLINE
  // In 32-bit integers as long as they last: most figures of an exporter never leave this loop.
  for (; i < end; i++) {
    byte = body[i] as number
    const digit = byte - ZERO
    if (digit >>> 0 <= 9) {
      if (digits === SMALL_DIGITS) break
      small = (small * 10 + digit) | 0
      digits++
    } else if (byte === POINT && point < 0) point = i
    else break
  }
  let mantissa = small
  for (; i < end; i++) {
    byte = body[i] as number
    const digit = byte - ZERO
    if (digit >>> 0 <= 9) {
      if (digits === EXACT_DIGITS) break
      mantissa = mantissa * 10 + digit
      digits++
    } else if (byte === POINT && point < 0) point = i
    else break
  }
  if (digits === 0 || (i < end && !(byte === NEWLINE || byte === SPACE || byte === RETURN || byte === TAB))) {
    cursor.at = -1
    return 0
  }
  cursor.at = i
  // `digits` counts both sides of the point, so what stands behind it is what `first` to `point` leaves.
  const fraction = point < 0 ? 0 : digits - (point - first)
  const value = fraction === 0 ? mantissa : mantissa / (POWERS_OF_TEN[fraction] as number)
  return negative ? -value : value
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const WORD = /^([+-]?)(nan|inf|infinity)$/i
/** The longest that Go prints for a double without an exponent, with room to spare. */
const MAX_TOKEN_BYTES = 400

/** Reads any number that Go's ParseFloat takes from an exposition; the cursor stands at -1 where there is none. */
export function readAnyNumber(body: Uint8Array, at: number, end: number, cursor: Cursor): number {
  let stop = at
  while (stop < end && stop - at <= MAX_TOKEN_BYTES && !endsToken(body[stop] as number)) stop++
  const text = String.fromCharCode(...body.subarray(at, stop))
  cursor.at = stop
  if (stop - at <= MAX_TOKEN_BYTES) {
    if (FLOAT.test(text)) return Number(text)
    const word = WORD.exec(text)
    if (word) {
      if (word[2]?.toLowerCase() === 'nan') return Number.NaN
      return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    }
  }
  cursor.at = -1
  return 0
}

function endsToken(byte: number): boolean {
  return byte === NEWLINE || byte === SPACE || byte === TAB || byte === RETURN
}

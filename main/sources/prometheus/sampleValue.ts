import { decimal, type JsonCursor } from './jsonCursor.ts'

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const WORDS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Infinity],
  ['Inf', Infinity],
  ['-Inf', -Infinity],
])
/** The longest that Go prints for a double without exponent: 309 digits, or 17 after 300-odd zeros. */
const MAX_BYTES = 400

/** Takes a sample value: a number inside a JSON string, with Go's words for what JSON cannot say. */
export function sampleValue(cursor: JsonCursor): number {
  const { from, to } = cursor.stringSpan()
  const fast = decimal(cursor.bytes, from, to)
  if (!Number.isNaN(fast)) return fast
  const text = to - from > MAX_BYTES ? '' : cursor.bytes.toString('latin1', from, to)
  const word = WORDS.get(text)
  if (word !== undefined) return word
  if (FLOAT.test(text)) return Number(text)
  cursor.at = from
  throw cursor.error('a number, "NaN", "+Inf" or "-Inf"')
}

/** Takes `[seconds, "value"]`; gives the time in ms since the epoch and leaves the value in `into`. */
export function samplePair(cursor: JsonCursor, into: { value: number }): number {
  cursor.expect('[')
  const seconds = cursor.number()
  cursor.expect(',')
  into.value = sampleValue(cursor)
  cursor.expect(']')
  return Math.round(seconds * 1000)
}

import { parseJson, UnreadableInteger } from '../../../../shared/metering/json.ts'
import { usedSecrets } from '../../../platform/redact.ts'
import { scrubJson } from '../../../platform/scrubJson.ts'
import { AnswerError, TooLargeError } from './reader.ts'

/** A body that is no JSON. */
export class NotJson extends Error {
  override readonly name = 'NotJson'
}

/**
 * @param before bytes of the answer before these, for words
 * @throws NotJson, AnswerError for integers that cannot be meant
 */
export function jsonOf(body: Uint8Array, before = 0): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return scrubJson(parseJson(text, before), text, usedSecrets)
  } catch (error) {
    if (error instanceof UnreadableInteger) throw new AnswerError('', error.message)
    throw new NotJson(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** More than any list that a console needs has; parsing and checking them holds everything else up. */
export const MOST_VALUES = 250_000

/**
 * As jsonOf, for an answer that is parsed and checked at once.
 * @throws TooLargeError where it holds more values than that may take
 */
export function boundedJsonOf(body: Uint8Array): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  let values = 1
  for (let i = 0; i < bytes.length && values <= MOST_VALUES; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) i = endOfText(bytes, i)
    else if (byte === COMMA || byte === OPEN_BRACE || byte === OPEN_BRACKET) values++
  }
  if (values > MOST_VALUES)
    throw new TooLargeError(`it holds more than the ${MOST_VALUES} values that can be read at once`)
  return jsonOf(body)
}

/** An answer whose one long array is still bytes. */
export interface Pieces {
  /** The answer with this array empty. */
  readonly head: unknown
  /** Elements of the array. */
  readonly count: number
  /** The elements, some of them at a time, in their order, each time with the place of the first. Read once. @throws as jsonOf */
  batches(): Iterable<{ readonly first: number; readonly elements: readonly unknown[] }>
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b
const CLOSE_BRACE = 0x7d
const CLOSE_BRACKET = 0x5d

/** So much is looked at between two places where the work may rest, and parsed at once unless one element is longer. */
const BYTES_AT_ONCE = 64 * 1024
/** Of everything beside the array, and of each element of it. */
const MOST_BYTES_IN_ONE = 2 * 1024 * 1024
const LONGEST_KEY = 64

/** A batch of whole elements: its bytes, and how many there are. */
interface Batch {
  readonly from: number
  readonly to: number
  readonly count: number
}

/**
 * Cuts an answer into pieces that are short to parse. Looks only for what separates them; whether they are JSON is found
 * out when they are parsed, so `batches` has to be read to the end before anything of the answer is believed.
 * @param key of the long array at the top of the answer; one that is not there, or no array, stays in the head
 * @param mostInOne bytes of one element, and of what stands beside the array
 * @throws NotJson, AnswerError, TooLargeError where what cannot be cut is too long
 */
export function* pieces(
  body: Uint8Array,
  key: string,
  mostInOne = MOST_BYTES_IN_ONE,
): Generator<void, Pieces> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const batches: Batch[] = []
  let depth = 0
  /** The text that stands last at the top of the answer, and the key that it became. */
  let text = ''
  let name = ''
  let arrayFrom = -1
  let arrayTo = -1
  let inArray = false
  let from = 0
  let count = 0
  const cut = (to: number): void => {
    if (to - from > Math.max(mostInOne, 2 * BYTES_AT_ONCE))
      throw new TooLargeError(`an entry of ${key} has more than ${mostInOne} bytes`)
    batches.push({ from, to, count })
    from = to + 1
    count = 0
  }
  let resting = BYTES_AT_ONCE
  for (let i = 0; i < bytes.length; i++) {
    if (i >= resting) {
      resting = i + BYTES_AT_ONCE
      yield
    }
    switch (bytes[i]) {
      case QUOTE: {
        const end = endOfText(bytes, i)
        if (depth === 1) text = end - i <= LONGEST_KEY ? bytes.toString('latin1', i + 1, end) : ''
        i = end
        break
      }
      case COLON:
        if (depth === 1) name = text
        break
      case COMMA:
        if (!inArray || depth !== 2) break
        count++
        if (i - from >= BYTES_AT_ONCE) cut(i)
        break
      case OPEN_BRACKET:
        if (depth === 1 && name === key) {
          if (arrayFrom >= 0) throw new AnswerError(key, 'it is there twice')
          arrayFrom = i + 1
          from = arrayFrom
          inArray = true
          name = ''
        }
        depth++
        break
      case OPEN_BRACE:
        depth++
        break
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--
        if (depth !== 1 || !inArray) break
        inArray = false
        arrayTo = i
        if (batches.length > 0 || count > 0 || !isBlank(bytes, from, i)) {
          count++
          cut(i)
        }
        break
      default:
    }
  }
  const whole = arrayTo >= 0
  const head = whole ? Buffer.concat([bytes.subarray(0, arrayFrom), bytes.subarray(arrayTo)]) : bytes
  if (head.length > mostInOne)
    throw new TooLargeError(`${head.length} bytes beside its ${key} are more than can be read at once`)
  return {
    head: jsonOf(head),
    count: batches.reduce((sum, each) => sum + each.count, 0),
    *batches() {
      let first = 0
      for (const batch of batches) {
        const elements = elementsOf(bytes, batch)
        yield { first, elements }
        first += elements.length
      }
    },
  }
}

function elementsOf(bytes: Buffer, { from, to, count }: Batch): readonly unknown[] {
  const array = Buffer.allocUnsafe(to - from + 2)
  array[0] = OPEN_BRACKET
  bytes.copy(array, 1, from, to)
  array[array.length - 1] = CLOSE_BRACKET
  const elements = jsonOf(array, from - 1)
  if (!Array.isArray(elements) || elements.length !== count) {
    const error = new SyntaxError('an entry is missing between commas')
    throw new NotJson(error.message, { cause: error })
  }
  return elements
}

/** Of its closing quote; behind the body where there is none. */
function endOfText(bytes: Buffer, open: number): number {
  for (let end = bytes.indexOf(QUOTE, open + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let slashes = 0
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes++
    if (slashes % 2 === 0) return end
  }
  return bytes.length
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  return bytes.toString('latin1', from, to).trim() === ''
}

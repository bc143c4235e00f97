/** Digits of the longest integer that is read: the largest count, 10^30, has as many. */
const MOST_DIGITS = 31
/** Integers beyond 2^53 in one text; each costs about a microsecond more than another number. */
const MOST_WIDE = 100_000

/** A text that is JSON and holds integers that cannot be meant. `message` says which, and what is read. */
export class UnreadableInteger extends SyntaxError {
  override readonly name = 'UnreadableInteger'
}

/**
 * JSON without loss of digits: an integer literal beyond 2^53 becomes a bigint instead of a rounded number. Their length
 * and number are bounded before anything is made of them: digits cost the square of their number to turn into a bigint.
 * @param before what stands before this text in the whole, characters; for words
 * @throws SyntaxError as JSON.parse, UnreadableInteger for integers that are too long or too many
 */
export function parseJson(text: string, before = 0): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  // Drawn for this text alone, so no string of it is taken for an integer.
  const mark = `${Math.random()}${Math.random()} `
  const marked = withWideMarked(text, mark, before)
  return marked === null ? JSON.parse(text) : unmarked(JSON.parse(marked), mark)
}

/** The text with each integer beyond 2^53 as a string that begins with `mark`; null where there is none. */
function withWideMarked(text: string, mark: string, before: number): string | null {
  const parts: string[] = []
  const strings = new StringsOf(text)
  let copied = 0
  let wide = 0
  const run = /\d{16}/g
  for (let found = run.exec(text); found !== null; found = run.exec(text)) {
    const from = found.index
    const end = endOfDigits(text, run.lastIndex)
    run.lastIndex = end
    const start = text[from - 1] === '-' ? from - 1 : from
    if (!isInteger(text, start, from, end) || strings.holds(from)) continue
    if (end - from > MOST_DIGITS) {
      throw new UnreadableInteger(
        `at character ${before + start + 1} it holds an integer of ${end - from} digits, and at most ${MOST_DIGITS} are read`,
      )
    }
    if (Number.isSafeInteger(Number(text.slice(from, end)))) continue
    if (++wide > MOST_WIDE) {
      throw new UnreadableInteger(`it holds more than ${MOST_WIDE} integers beyond 2^53`)
    }
    parts.push(text.slice(copied, start), `"${mark}${text.slice(start, end)}"`)
    copied = end
  }
  return wide === 0 ? null : parts.join('') + text.slice(copied)
}

/** By hand: an expression that takes sixty million digits at once has no stack for it. */
function endOfDigits(text: string, from: number): number {
  let end = from
  for (let code = text.charCodeAt(end); code >= 48 && code <= 57; code = text.charCodeAt(end)) end += 1
  return end
}

/** Whether digits are a whole number of themselves: no fraction, no exponent, and as JSON allows it without a leading 0. */
function isInteger(text: string, start: number, from: number, end: number): boolean {
  return !/[.eE+\d]/.test(text[start - 1] ?? '') && !/[.eE]/.test(text[end] ?? '') && text[from] !== '0'
}

/** Which places of a JSON text lie within strings, asked for in ascending order. */
class StringsOf {
  readonly #text: string
  #next: number
  #within = false

  constructor(text: string) {
    this.#text = text
    this.#next = this.#quoteFrom(0)
  }

  holds(place: number): boolean {
    while (this.#next < place) {
      if (!this.#within || !this.#isEscaped(this.#next)) this.#within = !this.#within
      this.#next = this.#quoteFrom(this.#next + 1)
    }
    return this.#within
  }

  #quoteFrom(place: number): number {
    const quote = this.#text.indexOf('"', place)
    return quote < 0 ? Number.POSITIVE_INFINITY : quote
  }

  #isEscaped(quote: number): boolean {
    let slashes = 0
    while (this.#text[quote - 1 - slashes] === '\\') slashes += 1
    return slashes % 2 === 1
  }
}

/** Turns marked strings into bigints, in place. Without recursion: a text may nest deeper than a stack is. */
function unmarked(value: unknown, mark: string): unknown {
  const root = [value]
  const open: object[] = [root]
  const meant = (each: unknown): bigint | null => {
    if (typeof each === 'object' && each !== null) open.push(each)
    return typeof each === 'string' && each.startsWith(mark) ? BigInt(each.slice(mark.length)) : null
  }
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    if (Array.isArray(holder)) {
      for (let i = 0; i < holder.length; i++) {
        const wide = meant(holder[i])
        if (wide !== null) holder[i] = wide
      }
      continue
    }
    for (const [key, each] of Object.entries(holder)) {
      const wide = meant(each)
      if (wide !== null) Object.defineProperty(holder, key, { value: wide })
    }
  }
  return root[0]
}

/** The counterpart: bigints are written as integer literals. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? rawJson(each) : each))
}

function rawJson(value: bigint): unknown {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER))
    return Number(value)
  // JSON.rawJSON (ECMAScript 2026) is in every runtime of ours; TypeScript's lib lacks it.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString())
}

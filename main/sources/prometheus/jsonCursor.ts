import { textCaches, type TextCache, type TextCaches } from './textCache.ts'

/** An answer that is not what it should be. `offset` is the byte where reading stopped. */
export class AnswerError extends Error {
  readonly offset: number

  constructor(offset: number, expected: string) {
    super(`expected ${expected} at byte ${offset}`)
    this.name = 'AnswerError'
    this.offset = offset
  }
}

const QUOTE = 0x22
const OPENS_OBJECT = 0x7b
const OPENS_ARRAY = 0x5b
const BACKSLASH = 0x5c
const ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrtu', 'ascii'))
const MAX_DEPTH = 32
/** Of white space between two values; Go prints none. */
const MOST_SPACE = 65_536
/** No text is longer, bytes: each is taken in one step. */
const LONGEST_TEXT = 1024 * 1024
/** Of digits, bytes. */
const LONGEST_NUMBER = 4096
/** Of one value that is passed over in one step. */
const MOST_SKIPPED = 1024 * 1024
/** Of an object that is taken in one step: rows and their labels. */
const MOST_MEMBERS = 1024
const LITERALS = [ascii('true'), ascii('false'), ascii('null')]
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'ascii')
}

/**
 * Walks JSON bytes strictly and in one pass, without building what was not asked for. `JSON.parse` of a 16k-series
 * vector makes 50,000 objects that die at once; this reads the numbers out of their places.
 */
export class JsonCursor {
  readonly bytes: Buffer
  at = 0
  private readonly names: TextCache
  private readonly texts: TextCache

  /** @param caches kept by a reader that reads the like again and again */
  constructor(bytes: Uint8Array, caches: TextCaches = textCaches()) {
    this.names = caches.names
    this.texts = caches.texts
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The next byte that is no white space, not taken; -1 at the end. */
  peek(): number {
    const { bytes } = this
    const limit = this.at + MOST_SPACE
    while (this.at < limit) {
      const byte = bytes[this.at]
      if (byte === undefined) return -1
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte
      this.at++
    }
    throw this.error('less white space')
  }

  /** Takes one structural character, white space before it included. */
  expect(character: '{' | '}' | '[' | ']' | ':' | ','): void {
    if (this.peek() !== character.charCodeAt(0)) throw this.error(`"${character}"`)
    this.at++
  }

  /** Takes a structural character if it comes next. */
  take(character: '}' | ']' | ','): boolean {
    if (this.peek() !== character.charCodeAt(0)) return false
    this.at++
    return true
  }

  /** Takes exactly these bytes if they come next, with no white space. */
  takeBytes(expected: Uint8Array): boolean {
    const { bytes, at } = this
    for (let index = 0; index < expected.length; index++) {
      if (bytes[at + index] !== expected[index]) return false
    }
    this.at = at + expected.length
    return true
  }

  /** Takes the same bytes as `other[from..to)` if they come next. */
  takeSame(other: Uint8Array, from: number, to: number): boolean {
    const { bytes, at } = this
    if (at + to - from > bytes.length) return false
    for (let index = from, own = at; index < to; index++, own++) {
      if (bytes[own] !== other[index]) return false
    }
    this.at = at + to - from
    return true
  }

  /** Calls back for every member of a small object; the callback must take the value. */
  object(onMember: (key: string) => void): void {
    this.expect('{')
    if (this.take('}')) return
    let members = 0
    do {
      if (++members > MOST_MEMBERS) throw this.error(`at most ${MOST_MEMBERS} members`)
      onMember(this.key())
    } while (this.take(','))
    this.expect('}')
  }

  private key(): string {
    const key = this.string(1024, this.names)
    this.expect(':')
    return key
  }

  /** The members of an object, one after the other; whoever asks for the next must have taken the value. */
  *members(): Generator<string, void> {
    this.expect('{')
    if (this.take('}')) return
    do yield this.key()
    while (this.take(','))
    this.expect('}')
  }

  /** The elements of an array, one after the other; whoever asks for the next must have taken this one. */
  *elements(): Generator<void, void> {
    this.expect('[')
    if (this.take(']')) return
    do yield
    while (this.take(','))
    this.expect(']')
  }

  /** Calls back before every element; the callback must take it. */
  array(onElement: () => void): void {
    this.expect('[')
    if (this.take(']')) return
    do onElement()
    while (this.take(','))
    this.expect(']')
  }

  /** @param maxBytes longest text between the quotes */
  string(maxBytes: number, cache = this.texts): string {
    const { from, to, escaped } = this.stringSpan()
    if (to - from > maxBytes) throw new AnswerError(from, `a text of at most ${maxBytes} bytes`)
    if (!escaped) return cache.text(this.bytes, from, to)
    try {
      return cache.ofEscaped(JSON.parse(this.bytes.toString('utf8', from - 1, to + 1)) as string)
    } catch {
      throw new AnswerError(from, 'a text with valid escapes')
    }
  }

  /** Takes a string that is not needed. @param maxBytes longest text between the quotes */
  passText(maxBytes: number): void {
    const { from, to } = this.stringSpan()
    if (to - from > maxBytes) throw new AnswerError(from, `a text of at most ${maxBytes} bytes`)
  }

  /** Takes a string and tells where its contents lie. */
  stringSpan(): { from: number; to: number; escaped: boolean } {
    if (this.peek() !== QUOTE) throw this.error('a quoted text')
    const { bytes } = this
    const from = this.at + 1
    const limit = from + LONGEST_TEXT
    let escaped = false
    for (let position = from; position <= limit; position++) {
      const byte = bytes[position]
      if (byte === QUOTE) {
        this.at = position + 1
        return { from, to: position, escaped }
      }
      if (byte === undefined || byte < 0x20) throw new AnswerError(position, 'the end of a text')
      if (byte === BACKSLASH) {
        escaped = true
        position++
        if (!ESCAPES.has(bytes[position] ?? 0)) throw new AnswerError(position, 'a valid escape')
        // The four digits are ordinary characters here; string() has JSON.parse judge them.
      }
    }
    throw new AnswerError(from, `a text of at most ${LONGEST_TEXT} bytes`)
  }

  number(): number {
    this.peek()
    const { bytes, at } = this
    let end = at
    const limit = at + LONGEST_NUMBER
    for (let byte = bytes[end]; byte !== undefined && isNumeric(byte) && end <= limit; byte = bytes[++end]);
    if (end > limit) throw this.error('a number')
    const fast = decimal(bytes, at, end)
    // JSON allows no leading zero, which the fast way would let pass.
    const zero = bytes[at] === 0x30 || bytes[at] === 0x2d
    const text = Number.isNaN(fast) || zero ? bytes.toString('latin1', at, end) : null
    if (end === at || (text !== null && !NUMBER.test(text))) throw this.error('a number')
    this.at = end
    return text === null ? fast : Number(text)
  }

  /** Takes a value of any length without keeping it, in steps. */
  *skipped(depth = 0): Generator<void, void> {
    if (depth > MAX_DEPTH) throw this.error(`at most ${MAX_DEPTH} nested levels`)
    const byte = this.peek()
    if (byte !== OPENS_OBJECT && byte !== OPENS_ARRAY) {
      this.skip(depth)
      return
    }
    let count = 0
    for (const _ of byte === OPENS_OBJECT ? this.members() : this.elements()) {
      yield* this.skipped(depth + 1)
      if ((++count & 63) === 0) yield
    }
    yield
  }

  /** Takes a short value without keeping it. */
  skip(depth = 0, limit = this.at + MOST_SKIPPED): void {
    if (depth > MAX_DEPTH) throw this.error(`at most ${MAX_DEPTH} nested levels`)
    if (this.at > limit) throw this.error(`a value of at most ${MOST_SKIPPED} bytes`)
    const byte = this.peek()
    if (byte === OPENS_OBJECT) this.object(() => this.skip(depth + 1, limit))
    else if (byte === OPENS_ARRAY) this.array(() => this.skip(depth + 1, limit))
    else if (byte === QUOTE) this.stringSpan()
    else if (!LITERALS.some((literal) => this.takeBytes(literal))) this.number()
  }

  boolean(): boolean {
    this.peek()
    if (this.takeBytes(LITERALS[0] as Uint8Array)) return true
    if (this.takeBytes(LITERALS[1] as Uint8Array)) return false
    throw this.error('true or false')
  }

  /** Nothing but white space may be left. */
  end(): void {
    if (this.peek() !== -1) throw this.error('the end of the answer')
  }

  error(expected: string): AnswerError {
    return new AnswerError(this.at, expected)
  }
}

function isNumeric(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2e ||
    byte === 0x2d ||
    byte === 0x2b ||
    (byte | 0x20) === 0x65
  )
}

/**
 * A plain decimal of up to 15 digits, exactly as `Number` would read it: the digits fit a double and so does the power
 * of ten, so one division rounds once. NaN for anything else, which then goes the slow way.
 */
export function decimal(bytes: Uint8Array, from: number, to: number): number {
  let position = from
  const negative = bytes[position] === 0x2d
  if (negative) position++
  if (to - position > 16 || position >= to) return Number.NaN
  let digits = 0
  let mantissa = 0
  let point = -1
  for (; position < to; position++) {
    const byte = bytes[position] as number
    if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30)
      digits++
    } else if (byte === 0x2e && point < 0 && digits > 0) point = position
    else return Number.NaN
  }
  if (digits > 15 || point === to - 1) return Number.NaN
  const value = point < 0 ? mantissa : mantissa / (POWERS_OF_TEN[to - 1 - point] as number)
  return negative ? -value : value
}

const POWERS_OF_TEN = Array.from({ length: 17 }, (_, exponent) => 10 ** exponent)

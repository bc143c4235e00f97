import { errorAt } from './error.ts'

const NEWLINE = 10
const QUOTE = 34
const COMMA = 44
const EQUALS = 61
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125

/** Not fatal: bytes that are no UTF-8 become U+FFFD, as a label is text for people and never a key to anything else. */
const utf8 = new TextDecoder('utf-8')

/**
 * The end of the label block that opens at `offset`: the offset behind its `}`. Looks only for the quotes that can hide
 * a brace; what stands inside is read by {@link readLabels} once per distinct block.
 */
export function labelBlockEnd(body: Uint8Array, offset: number): number {
  let quoted = false
  for (let i = offset + 1; i < body.length; i++) {
    const byte = body[i] as number
    if (byte === NEWLINE) throw errorAt(body, i, quoted ? 'the closing quote of a label value' : '`,` or `}`')
    if (byte === QUOTE) quoted = !quoted
    else if (quoted) {
      if (byte === BACKSLASH) i++
    } else if (byte === CLOSE) return i + 1
  }
  throw errorAt(body, body.length, quoted ? 'the closing quote of a label value' : '`}`')
}

/** Reads the label block `{name="value", …}` at `offset`, which {@link labelBlockEnd} has found to be closed. */
export function readLabels(body: Uint8Array, offset: number): Map<string, string> {
  const labels = new Map<string, string>()
  if (body[offset] !== OPEN) return labels
  let i = skipBlanks(body, offset + 1)
  while (body[i] !== CLOSE) {
    const nameStart = i
    while (isNameByte(body[i])) i++
    if (i === nameStart || isDigit(body[nameStart])) throw errorAt(body, nameStart, 'a label name')
    const name = utf8.decode(body.subarray(nameStart, i))
    i = skipBlanks(body, i)
    if (body[i] !== EQUALS) throw errorAt(body, i, `\`=\` after the label name ${name}`)
    i = skipBlanks(body, i + 1)
    if (body[i] !== QUOTE) throw errorAt(body, i, `a quoted value of the label ${name}`)
    const valueStart = i + 1
    const valueEnd = closingQuote(body, valueStart)
    if (labels.has(name)) throw errorAt(body, nameStart, `each label once, ${name} stands here again`)
    labels.set(name, unescape(utf8.decode(body.subarray(valueStart, valueEnd))))
    i = skipBlanks(body, valueEnd + 1)
    if (body[i] === COMMA) i = skipBlanks(body, i + 1)
    else if (body[i] !== CLOSE) throw errorAt(body, i, '`,` or `}`')
  }
  return labels
}

function closingQuote(body: Uint8Array, offset: number): number {
  for (let i = offset; i < body.length; i++) {
    if (body[i] === BACKSLASH) i++
    else if (body[i] === QUOTE) return i
  }
  throw errorAt(body, body.length, 'the closing quote of a label value')
}

/** The three escapes of the format; any other backslash stands for itself, as Prometheus reads it. */
function unescape(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([\\n"])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : text
}

export function skipBlanks(body: Uint8Array, offset: number): number {
  let i = offset
  while (body[i] === 32 || body[i] === 9) i++
  return i
}

/** A letter, a digit, `_` or `:`; the bytes that names of series and labels are made of. */
export function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && NAME_BYTES[byte] === 1
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}

const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9_:]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

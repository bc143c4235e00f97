import { usedSecrets } from '../../platform/redact.ts'
import { LineError } from './error.ts'
import { createTextPool } from './textPool.ts'
import type { ScrapeLimits } from './types.ts'

const NEWLINE = 10
const QUOTE = 34
const COMMA = 44
const EQUALS = 61
const COLON = 58
const BACKSLASH = 92
const LOWER_N = 110
const OPEN = 123
const CLOSE = 125

/**
 * Values, shared by all targets: hosts of one floor say the same words. A server may repeat the token that it was asked
 * with, and values go to walls: cleaned when they are made, not at each sample.
 */
const pool = createTextPool((value) => usedSecrets.scrubWord(value))
/** Of their own, so that the many different values push no name out. */
const names = createTextPool()

/** The name of a series or a label. */
export function nameText(body: Uint8Array, from: number, to: number): string {
  return names.text(body, from, to)
}

/**
 * The end of the label block that opens at `offset`: the offset behind its `}`. Looks only for the quotes that can hide
 * a brace; what stands inside is read by {@link readLabels} once per distinct block.
 */
export function labelBlockEnd(body: Uint8Array, offset: number): number {
  let quoted = false
  for (let i = offset + 1; i < body.length; i++) {
    const byte = body[i] as number
    if (byte === NEWLINE) throw new LineError(i, quoted ? 'the closing quote of a label value' : '`,` or `}`')
    if (byte === QUOTE) quoted = !quoted
    else if (quoted) {
      if (byte === BACKSLASH) i++
    } else if (byte === CLOSE) return i + 1
  }
  throw new LineError(body.length, quoted ? 'the closing quote of a label value' : '`}`')
}

/** What stands between the braces. */
export interface LabelBlock {
  readonly labels: ReadonlyMap<string, string>
  /** Why series with it are not taken; null where they are. Labels over a limit are not kept. */
  readonly refusal: string | null
}

/**
 * Reads the label block `{name="value", …}` at `offset`, which {@link labelBlockEnd} has found to be closed.
 *
 * @throws LineError
 */
export function readLabels(body: Uint8Array, offset: number, limits: ScrapeLimits): LabelBlock {
  const labels = new Map<string, string>()
  if (body[offset] !== OPEN) return { labels, refusal: null }
  let refusal: string | null = null
  let count = 0
  let i = skipBlanks(body, offset + 1)
  while (body[i] !== CLOSE) {
    const nameStart = i
    while (isLabelNameByte(body[i])) i++
    if (i === nameStart || isDigit(body[nameStart])) throw new LineError(nameStart, 'a label name')
    const nameEnd = i
    i = skipBlanks(body, i)
    if (body[i] !== EQUALS) throw new LineError(i, '`=` after the label name')
    i = skipBlanks(body, i + 1)
    if (body[i] !== QUOTE) throw new LineError(i, 'a quoted label value')
    const valueStart = i + 1
    const valueEnd = closingQuote(body, valueStart)
    count++
    const longest = Math.max(nameEnd - nameStart, valueEnd - valueStart)
    if (longest > limits.maxLabelLength) {
      const start = pool.text(body, nameStart, Math.min(nameEnd, nameStart + 40))
      refusal ??= `the label ${start} has ${longest} bytes, at most ${limits.maxLabelLength} are taken`
    } else if (count <= limits.maxLabels) {
      const name = nameText(body, nameStart, nameEnd)
      if (labels.has(name)) throw new LineError(nameStart, 'each label once; this one stands here again')
      labels.set(name, valueText(body, valueStart, valueEnd))
    }
    i = skipBlanks(body, valueEnd + 1)
    if (body[i] === COMMA) i = skipBlanks(body, i + 1)
    else if (body[i] !== CLOSE) throw new LineError(i, '`,` or `}`')
  }
  if (count > limits.maxLabels) refusal = `${count} labels, at most ${limits.maxLabels} are taken`
  return { labels, refusal }
}

function closingQuote(body: Uint8Array, offset: number): number {
  for (let i = offset; i < body.length; i++) {
    if (body[i] === BACKSLASH) i++
    else if (body[i] === QUOTE) return i
  }
  throw new LineError(body.length, 'the closing quote of a label value')
}

/** Undoes the three escapes of the format; any other backslash stands for itself, as Prometheus reads it. */
function valueText(body: Uint8Array, from: number, to: number): string {
  let escape = from
  while (escape < to && body[escape] !== BACKSLASH) escape++
  if (escape === to) return pool.text(body, from, to)
  const plain = new Uint8Array(to - from)
  let length = 0
  for (let i = from; i < to; i++) {
    const byte = body[i] as number
    const next = i + 1 < to ? body[i + 1] : undefined
    const escaped = byte === BACKSLASH && (next === BACKSLASH || next === QUOTE || next === LOWER_N)
    if (escaped) i++
    plain[length++] = escaped ? (next === LOWER_N ? NEWLINE : next) : byte
  }
  return pool.text(plain, 0, length)
}

/** One text for the same labels in whatever order and spelling; an empty value is the same as no label. */
export function keyOfLabels(labels: ReadonlyMap<string, string>): string {
  const names = [...labels.keys()]
  if (!isSorted(names)) names.sort()
  let key = ''
  for (const name of names) {
    const value = labels.get(name) as string
    // The length keeps a value from imitating what follows it.
    if (value !== '') key += `${name}=${value.length}:${value}`
  }
  return key
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if ((names[i - 1] as string) > (names[i] as string)) return false
  return true
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

/** As {@link isNameByte} without the colon, which is for the names of series alone. */
function isLabelNameByte(byte: number | undefined): boolean {
  return byte !== COLON && isNameByte(byte)
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}

const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9_:]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

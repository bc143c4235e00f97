import { decodedViews, hexView, plainView, quickly, squeezedView, type TextView } from './textViews.ts'

/** How a secret may stand in a text that a server wrote. */
export interface Disguises {
  /** To be found in every view. */
  readonly exact: readonly string[]
  /** The middle of its base64, whatever stands before and after it in what was encoded. */
  readonly base64: readonly string[]
  /** Digits in small letters; '' where it is too short to be told from a number. */
  readonly hex: string
}

/** A range of a text, end exclusive. */
export type Range = readonly [from: number, to: number]

/** Shorter middles would be found in many a text by chance. */
const SHORTEST_BASE64 = 8
const SHORTEST_HEX = 12
/** Escapes inside of escapes: a server's JSON in a log line in another one's JSON. */
const MOST_LAYERS = 4
/** Texts with several encodings can be read in many orders; more of them than that is no honest server's. */
const MOST_VIEWS = 24

export function disguisesOf(secret: string): Disguises {
  const plain = [secret, squeezed(secret), new URLSearchParams([['', secret]]).toString().slice(1)]
  const headers = ['', 'Bearer ', 'bearer ', 'Basic '].map((before) =>
    base64(before + secret).replace(/=+$/, ''),
  )
  const hex = Buffer.from(secret, 'utf8').toString('hex')
  const middles = [0, 1, 2]
    .map((before) => middleOf(secret, before))
    .filter((text) => text.length >= SHORTEST_BASE64)
  const inUrls = (texts: readonly string[]) =>
    texts.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
  return {
    exact: [...new Set([...plain, ...inUrls(headers)])].filter((text) => text.length >= 4),
    base64: [...new Set(inUrls(middles))],
    hex: hex.length >= SHORTEST_HEX ? hex : '',
  }
}

/** Where any of them stands in the text, in order and without overlaps. */
export function findDisguises(text: string, secrets: Iterable<Disguises>): Range[] {
  const all = [...secrets]
  if (all.length === 0 || text === '' || !mayHold(text, all)) return []
  const layers = layersOf(plainView(text), decodedViews)
  const views = layers.flatMap((view) => [view, squeezedView(view)])
  const digits = layers.map((view) => hexView(squeezedView(view)))
  const found: Range[] = []
  for (const { exact, base64: middles, hex } of all) {
    for (const view of views) {
      for (const form of exact) find(view, form, found)
      for (const middle of middles) find(view, middle, found, text)
    }
    if (hex !== '') for (const view of digits) find(view, hex, found)
  }
  return merged(found)
}

/** Most texts hold none, and this tells it at a tenth of the cost. */
function mayHold(text: string, secrets: readonly Disguises[]): boolean {
  for (const layer of layersOf(text, quickly.decoded)) {
    const squeezed = quickly.squeezed(layer)
    const digits = quickly.hex(squeezed)
    for (const { exact, base64: middles, hex } of secrets) {
      if (exact.some((form) => layer.includes(form) || squeezed.includes(form))) return true
      if (middles.some((form) => squeezed.includes(form))) return true
      if (hex !== '' && digits.includes(hex)) return true
    }
  }
  return false
}

/** The text, and as it reads once one encoding after the other is undone. */
function layersOf<T>(text: T, decoded: (layer: T) => readonly T[]): T[] {
  const all = [text]
  let last: readonly T[] = all
  for (let layer = 0; layer < MOST_LAYERS && last.length > 0 && all.length < MOST_VIEWS; layer++) {
    last = last.flatMap(decoded)
    all.push(...last)
  }
  return all.slice(0, MOST_VIEWS)
}

/** @param original where given, the whole run of base64 around what was found belongs to it */
function find(view: TextView, form: string, found: Range[], original?: string): void {
  const { text, starts, ends } = view
  // A run is walked once, however often the form stands in it: a server may send one of 64 KiB.
  let done = 0
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, Math.max(at + form.length, done))) {
    let from = at
    let last = at + form.length - 1
    if (original !== undefined) {
      while (from > done && isOneRun(view, from - 1, original) && isBase64(text, from - 1)) from -= 1
      while (isOneRun(view, last, original) && isBase64(text, last + 1)) last += 1
    }
    found.push([starts[from] ?? 0, ends[last] ?? text.length])
    done = last + 1
  }
}

/** By their codes: this is asked for every character of a run. */
const BASE64_CODES = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/=_-]/.test(String.fromCharCode(code)) ? 1 : 0,
)

function isBase64(text: string, at: number): boolean {
  return BASE64_CODES[text.charCodeAt(at)] === 1
}

/** Longest that an end of a line is between two characters; also escaped, in JSON inside of JSON. */
const LONGEST_END = 64

/** Whether nothing but the end of a line stands between this character of a view and the next. */
function isOneRun({ starts, ends }: TextView, at: number, original: string): boolean {
  const from = ends[at] ?? 0
  const to = starts[at + 1] ?? 0
  if (to <= from) return true
  return to - from <= LONGEST_END && /^(?:[\r\n]|\\+[rn])+$/.test(original.slice(from, to))
}

function merged(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = []
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result
}

/**
 * The digits of base64 that depend on the secret alone where `before` bytes (modulo 3) stand before it: those at the
 * edges are made of its neighbours, too.
 */
function middleOf(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret, 'utf8')])
  const digits = bytes.toString('base64').replace(/=+$/, '')
  return digits.slice(Math.ceil((before * 4) / 3), bytes.length % 3 === 0 ? digits.length : -1)
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

function squeezed(text: string): string {
  return squeezedView(plainView(text)).text
}

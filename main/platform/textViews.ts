/**
 * A text as somebody else might have written it, with the way back: what is found in the view can be taken out of the
 * text. `starts[i]` and `ends[i]` are where the view's i-th character comes from.
 */
export interface TextView {
  readonly text: string
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** The text itself. */
export function plainView(text: string): TextView {
  return {
    text,
    starts: Int32Array.from({ length: text.length }, (_, i) => i),
    ends: Int32Array.from({ length: text.length }, (_, i) => i + 1),
  }
}

/** One way to write a character otherwise. `read` gives the characters that a match stands for. */
interface Encoding {
  readonly sign: string
  readonly pattern: RegExp
  readonly read: (match: readonly (string | undefined)[]) => string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' }
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
}

const ENCODINGS: readonly Encoding[] = [
  {
    // JSON, and the strings of most languages.
    sign: '\\',
    pattern: /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\(["'\\/nrtbfv0])/gi,
    read: ([, braced, unicode, byte, escaped = '']) => {
      const digits = braced ?? unicode ?? byte
      return digits === undefined ? (ESCAPES[escaped] ?? escaped) : codePoint(Number.parseInt(digits, 16))
    },
  },
  {
    // Addresses. What is no UTF-8 becomes a replacement character, and the rest of the run is still read.
    sign: '%',
    pattern: /(?:%[0-9a-f]{2})+/gi,
    read: ([run = '']) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  },
  {
    // HTML.
    sign: '&',
    pattern: /&#x([0-9a-f]{1,6});|&#(\d{1,7});|&(amp|quot|apos|lt|gt);/gi,
    read: ([, hex, decimal, named = '']) => {
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16))
      return decimal === undefined ? (ENTITIES[named.toLowerCase()] ?? '') : codePoint(Number(decimal))
    },
  },
]

const BLANKS = /[\s\p{Cc}\p{Cf}]+/gu
const BETWEEN_DIGITS = /[:,-]|0x/gi

/** The same three views without the way back, which costs the most: to see whether anything is there to be found. */
export const quickly = {
  decoded: (text: string): string[] =>
    ENCODINGS.flatMap(({ sign, pattern, read }) => {
      if (!text.includes(sign)) return []
      const decoded = text.replaceAll(pattern, (...match) => read(match))
      return decoded === text ? [] : [decoded]
    }),
  squeezed: (text: string): string => text.replaceAll(BLANKS, ''),
  hex: (text: string): string => text.replaceAll(BETWEEN_DIGITS, '').toLowerCase(),
}

/** As each of the encodings in it would be read, once. */
export function decodedViews(of: TextView): TextView[] {
  return ENCODINGS.flatMap(({ sign, pattern, read }) => {
    if (!of.text.includes(sign)) return []
    const build = new Building(of)
    let from = 0
    for (const match of of.text.matchAll(pattern)) {
      const end = match.index + match[0].length
      build.copy(from, match.index)
      build.put(read(match), match.index, end)
      from = end
    }
    if (from === 0) return []
    build.copy(from, of.text.length)
    return [build.view()]
  })
}

/** Without spaces, control and invisible characters, by which a text may be broken over lines or in two. */
export function squeezedView(of: TextView): TextView {
  const build = new Building(of)
  let from = 0
  for (const { index, 0: blank } of of.text.matchAll(BLANKS)) {
    build.copy(from, index)
    from = index + blank.length
  }
  build.copy(from, of.text.length)
  return build.view()
}

/** For hexadecimal digits: without what stands between them, in small letters. */
export function hexView(of: TextView): TextView {
  const build = new Building(of)
  let from = 0
  for (const { index, 0: between } of of.text.matchAll(BETWEEN_DIGITS)) {
    build.copy(from, index)
    from = index + between.length
  }
  build.copy(from, of.text.length)
  const view = build.view()
  return { ...view, text: view.text.replaceAll(/[A-F]/g, (digit) => digit.toLowerCase()) }
}

class Building {
  readonly #of: TextView
  readonly #parts: string[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  constructor(of: TextView) {
    this.#of = of
  }

  copy(from: number, to: number): void {
    if (to <= from) return
    this.#parts.push(this.#of.text.slice(from, to))
    for (let i = from; i < to; i++) {
      this.#starts.push(this.#of.starts[i] ?? 0)
      this.#ends.push(this.#of.ends[i] ?? 0)
    }
  }

  /** `text` stands for what lies from `from` to `to`. */
  put(text: string, from: number, to: number): void {
    this.#parts.push(text)
    for (let i = 0; i < text.length; i++) {
      this.#starts.push(this.#of.starts[from] ?? 0)
      this.#ends.push(this.#of.ends[to - 1] ?? 0)
    }
  }

  view(): TextView {
    return {
      text: this.#parts.join(''),
      starts: Int32Array.from(this.#starts),
      ends: Int32Array.from(this.#ends),
    }
  }
}

function codePoint(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : ''
}

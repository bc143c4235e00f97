/** Where an exposition stopped being one. Line and column count from 1, the column in bytes. */
export class ExpositionError extends Error {
  readonly line: number
  readonly column: number
  readonly expected: string
  /** A short excerpt, safe to print: untrusted control characters are escaped. */
  readonly found: string

  constructor(line: number, column: number, expected: string, found: string) {
    super(`line ${line}, column ${column}: expected ${expected}, found ${found}`)
    this.name = 'ExpositionError'
    this.line = line
    this.column = column
    this.expected = expected
    this.found = found
  }
}

const EXCERPT_BYTES = 40
const NEWLINE = 0x0a

/** The error for what stands at `at`. Walks the body once to name the line, which only a failure has to pay for. */
export function expositionError(
  body: Uint8Array,
  end: number,
  at: number,
  expected: string,
): ExpositionError {
  const place = Math.min(at, end)
  let line = 1
  let lineStart = 0
  for (;;) {
    const newline = body.indexOf(NEWLINE, lineStart)
    if (newline < 0 || newline >= place) break
    line++
    lineStart = newline + 1
  }
  return new ExpositionError(line, place - lineStart + 1, expected, excerpt(body, end, place))
}

function excerpt(body: Uint8Array, end: number, at: number): string {
  if (at >= end) return 'the end of the answer'
  if (body[at] === NEWLINE) return 'the end of the line'
  const newline = body.indexOf(NEWLINE, at)
  const stop = Math.min(newline < 0 ? end : newline, end)
  const cut = Math.min(stop, at + EXCERPT_BYTES)
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body.subarray(at, cut))
  return quoted(text) + (cut < stop ? ' …' : '')
}

/** Untrusted text in double quotes, with what could steer a terminal or mirror a line spelt out. */
export function quoted(text: string): string {
  const safe = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
  return `"${safe}"`
}

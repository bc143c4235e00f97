/** A body that is not a Prometheus exposition; tells where, what was expected, and what stood there. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError'
  /** From 1. */
  readonly line: number
  /** In bytes, from 1. */
  readonly column: number
  readonly expected: string

  constructor(line: number, column: number, expected: string, found: string) {
    super(`line ${line}, column ${column}: expected ${expected}, found ${found}`)
    this.line = line
    this.column = column
    this.expected = expected
  }
}

const NEWLINE = 10
const EXCERPT_BYTES = 24

/** The error for byte `offset` of `body`, with its line and column counted and a short excerpt of what stands there. */
export function errorAt(body: Uint8Array, offset: number, expected: string): ExpositionError {
  let line = 1
  let lineStart = 0
  for (let i = body.indexOf(NEWLINE); i !== -1 && i < offset; i = body.indexOf(NEWLINE, i + 1)) {
    line++
    lineStart = i + 1
  }
  return new ExpositionError(line, offset - lineStart + 1, expected, excerpt(body, offset))
}

function excerpt(body: Uint8Array, offset: number): string {
  if (offset >= body.length) return 'the end of the body'
  const newline = body.indexOf(NEWLINE, offset)
  const lineEnd = newline === -1 ? body.length : newline
  if (lineEnd === offset) return 'the end of the line'
  const end = Math.min(lineEnd, offset + EXCERPT_BYTES)
  const text = Buffer.from(body.buffer, body.byteOffset + offset, end - offset).toString('utf8')
  return `${JSON.stringify(text)}${end < lineEnd ? '…' : ''}`
}

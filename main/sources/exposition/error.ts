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
/** The error for byte `offset` of `body`, with its line and column counted and the character that stands there. */
export function errorAt(body: Uint8Array, offset: number, expected: string): ExpositionError {
  let line = 1
  let lineStart = 0
  for (let i = body.indexOf(NEWLINE); i !== -1 && i < offset; i = body.indexOf(NEWLINE, i + 1)) {
    line++
    lineStart = i + 1
  }
  return new ExpositionError(line, offset - lineStart + 1, expected, found(body, offset))
}

/**
 * One character, no more: the body may be a login page or an error that repeats a secret, and a secret cut in the middle
 * is not recognised by what takes secrets out of texts. Line and column say where to look.
 */
function found(body: Uint8Array, offset: number): string {
  if (offset >= body.length) return 'the end of the body'
  if (body[offset] === NEWLINE) return 'the end of the line'
  const [character = ''] = Buffer.from(body.subarray(offset, offset + 4)).toString('utf8')
  return JSON.stringify(character)
}

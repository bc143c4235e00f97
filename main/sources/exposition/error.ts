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

/**
 * A line that is no sample, comment or blank. One of them does not make the rest of a body untrue, so where it stands in
 * lines and columns is worked out only for those that are told, see {@link placed}.
 */
export class LineError extends Error {
  override readonly name = 'LineError'
  /** Of the byte that does not fit, in the body. */
  readonly offset: number
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(`byte ${offset}: expected ${expected}`)
    this.offset = offset
    this.expected = expected
  }
}

const NEWLINE = 10

/** Counts the lines of a body, each only once: places are asked for in ascending order. */
export class LineNumbers {
  readonly #body: Uint8Array
  #line = 1
  #next: number

  constructor(body: Uint8Array) {
    this.#body = body
    this.#next = body.indexOf(NEWLINE)
  }

  /** Of the line that byte `offset` is in, from 1. */
  of(offset: number): number {
    while (this.#next !== -1 && this.#next < offset) {
      this.#line++
      this.#next = this.#body.indexOf(NEWLINE, this.#next + 1)
    }
    return this.#line
  }
}

/** The error that makes the whole body none, with line and column counted and the character that stands there. */
export function placed(body: Uint8Array, { offset, expected }: LineError): ExpositionError {
  const line = new LineNumbers(body).of(offset)
  const start = offset === 0 ? 0 : body.lastIndexOf(NEWLINE, offset - 1) + 1
  return new ExpositionError(line, offset - start + 1, expected, found(body, offset))
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

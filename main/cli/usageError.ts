/** A slip on the command line; the text says what was meant to stand there. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

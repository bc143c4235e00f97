const NEWLINE = 10
const RETURN = 13

export function isLineEnd(byte: number | undefined): boolean {
  return byte === NEWLINE || byte === RETURN || byte === undefined
}

/** Start of the line after the one that `offset` is in. */
export function lineEnd(body: Uint8Array, offset: number): number {
  const newline = body.indexOf(NEWLINE, offset)
  return newline === -1 ? body.length : newline + 1
}

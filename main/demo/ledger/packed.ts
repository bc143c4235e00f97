/**
 * Whole numbers below 2^53 in as few bytes as they need (LEB128): the sums of an hour that was lived are kept for a
 * year, most of them are small, and none may change.
 */
export function packCounts(counts: ArrayLike<number>): Uint8Array {
  const bytes: number[] = []
  for (let i = 0; i < counts.length; i++) {
    let rest = counts[i] ?? 0
    if (!Number.isSafeInteger(rest) || rest < 0)
      throw new RangeError(`entry ${i} is not a whole number: ${rest}`)
    while (rest >= 128) {
      bytes.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
  }
  return Uint8Array.from(bytes)
}

/** Adds what `packCounts` packed to the numbers that are there. */
export function addPacked(bytes: Uint8Array, into: Float64Array): void {
  let value = 0
  let scale = 1
  let index = 0
  for (const byte of bytes) {
    value += (byte & 127) * scale
    scale *= 128
    if (byte >= 128) continue
    into[index] = (into[index] ?? 0) + value
    index++
    value = 0
    scale = 1
  }
}

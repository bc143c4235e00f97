/** Hands out one string for equal bytes, so that the labels of a whole floor hold a few thousand texts. */
export interface TextPool {
  /** UTF-8; bytes that are none become U+FFFD. */
  text(body: Uint8Array, from: number, to: number): string
}

const SLOTS = 8192
const LONGEST_KEPT = 64
const ASCII_END = 0x80

/**
 * A direct-mapped cache of fixed size: hostile labels push texts out, they cannot make it grow. Only ASCII is kept,
 * since it can be compared byte by byte.
 * @param clean what is handed out for a text that was just made; such as without secrets. What differs is made again each time
 */
export function createTextPool(clean: (made: string) => string = asIs): TextPool {
  const slots = Array.from({ length: SLOTS }, () => '')
  // Not fatal: a label is text for people. A byte order mark is part of the text.
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    text(body, from, to) {
      if (to - from > LONGEST_KEPT) return clean(utf8.decode(body.subarray(from, to)))
      let hash = to - from
      let all = 0
      for (let i = from; i < to; i++) {
        const byte = body[i] as number
        all |= byte
        hash = Math.imul(hash ^ byte, 0x01000193)
      }
      if (all >= ASCII_END) return clean(utf8.decode(body.subarray(from, to)))
      const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
      const kept = slots[slot] as string
      if (isText(kept, body, from, to)) return kept
      const made = Buffer.from(body.buffer, body.byteOffset + from, to - from).toString('latin1')
      const cleaned = clean(made)
      // Another text would not compare with these bytes, and it could with others.
      if (cleaned === made) slots[slot] = made
      return cleaned
    },
  }
}

function asIs(text: string): string {
  return text
}

function isText(text: string, body: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== body[from + i]) return false
  return true
}

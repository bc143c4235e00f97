import { usedSecrets } from '../../platform/redact.ts'

const SLOTS = 4096
const LONGEST = 64

/**
 * Texts that come again and again (label names, model names, host names) are found by their bytes instead of being
 * decoded again: faster, and one string in memory instead of one a series. Bounded: a slot keeps the last text that
 * fell into it.
 */
export class TextCache {
  private slots: (string | undefined)[] = []
  private readonly clean: (made: string) => string

  /** @param clean what is handed out for a text that was just made, such as without secrets */
  constructor(clean: (made: string) => string = asIs) {
    this.clean = clean
  }

  /** What is handed out for a text that was read elsewhere, because it holds escapes. */
  ofEscaped(text: string): string {
    return this.clean(text)
  }

  /** The text of `bytes[from..to)`, which must hold no escapes. */
  text(bytes: Buffer, from: number, to: number): string {
    const length = to - from
    if (length > LONGEST) return this.clean(bytes.toString('utf8', from, to))
    let hash = length
    let union = 0
    for (let index = from; index < to; index++) {
      const byte = bytes[index] as number
      hash = (Math.imul(hash, 31) + byte) | 0
      union |= byte
    }
    // Bytes beyond ASCII do not compare with char codes one by one.
    if (union > 0x7f) return this.clean(bytes.toString('utf8', from, to))
    if (this.slots.length === 0) this.slots = Array.from<string | undefined>({ length: SLOTS })
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1)
    const known = this.slots[slot]
    if (known !== undefined && same(known, bytes, from, length)) return known
    const text = bytes.toString('latin1', from, to)
    const cleaned = this.clean(text)
    // Another text would not compare with these bytes, and it could with others.
    if (cleaned === text) this.slots[slot] = text
    return cleaned
  }
}

function asIs(text: string): string {
  return text
}

/** Apart, so that a stream of unique values does not push the few names out. */
export interface TextCaches {
  readonly names: TextCache
  readonly texts: TextCache
}

export function textCaches(): TextCaches {
  // A server may repeat the token that it was asked with, and label values go to walls.
  return { names: new TextCache(), texts: new TextCache((value) => usedSecrets.scrubWord(value)) }
}

function same(text: string, bytes: Buffer, from: number, length: number): boolean {
  if (text.length !== length) return false
  for (let index = 0; index < length; index++) {
    if (text.charCodeAt(index) !== bytes[from + index]) return false
  }
  return true
}

/** Bytes that mean something in an exposition. */
export const TAB = 0x09
export const NEWLINE = 0x0a
export const RETURN = 0x0d
export const SPACE = 0x20
export const QUOTE = 0x22
export const HASH = 0x23
export const COMMA = 0x2c
export const MINUS = 0x2d
export const POINT = 0x2e
export const ZERO = 0x30
export const EQUALS = 0x3d
export const BACKSLASH = 0x5c
export const LOWER_N = 0x6e
export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d

/** Classes of name bytes: label names start with LETTER and go on with LETTER or DIGIT; metric names allow COLON too. */
export const LETTER = 1
export const DIGIT = 2
export const COLON = 4
export const NAME_CLASS: Uint8Array = nameClasses()

function nameClasses(): Uint8Array {
  const classes = new Uint8Array(256)
  for (let letter = 0; letter < 26; letter++) {
    classes[0x41 + letter] = LETTER
    classes[0x61 + letter] = LETTER
  }
  classes[0x5f] = LETTER
  for (let digit = 0; digit < 10; digit++) classes[ZERO + digit] = DIGIT
  classes[0x3a] = COLON
  return classes
}

export function isBlankByte(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB
}

/**
 * Whether `length` bytes of `a` from `aAt` are those of `b` from `bAt`. Both ranges must lie inside. Eight bytes at a
 * time: V8 lowers the comparison to plain 64-bit loads, which beat both a loop over bytes (5 times) and a native call
 * per line (2 times).
 */
export function equalBytes(a: DataView, aAt: number, b: DataView, bAt: number, length: number): boolean {
  let k = 0
  for (const last = length - 8; k <= last; k += 8) {
    if (a.getBigUint64(aAt + k, true) !== b.getBigUint64(bAt + k, true)) return false
  }
  for (; k < length; k++) {
    if (a.getUint8(aAt + k) !== b.getUint8(bAt + k)) return false
  }
  return true
}

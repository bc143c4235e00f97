import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Letters and digits that are not mistaken for each other (Crockford's): 60 bits in twelve of them. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 12
const GROUP = 4

/** How long a one-time code waits to be used, ms. */
export const CODE_LIFETIME_MS = 24 * 3_600_000

/** "7Q2M-K9XD-4TRA": printed or shown once, kept as a digest. */
export function newCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return letters.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? letters
}

/** As it is kept. How a person types it does not matter: case, dashes, and O for 0. */
export function codeDigest(code: string): Buffer {
  const plain = code
    .slice(0, 64)
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '')
  return createHash('sha256').update(`floorwatch one-time code\n${plain}`).digest()
}

export function matchesCode(digest: Buffer, code: string): boolean {
  const typed = codeDigest(code)
  return digest.length === typed.length && timingSafeEqual(digest, typed)
}

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export type Role = 'console' | 'wall'

/** The longest text that is compared with a token; ours have 43 characters. */
const MAX_TOKEN = 256

/** 256 random bits as text that fits an address, a cookie and a header. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** A second token that whoever holds the first can have again, and that leads back to nothing. */
export function derivedToken(token: string, purpose: string): string {
  return createHmac('sha256', token).update(purpose).digest('base64url')
}

/** What is kept of a token: reading it is not enough to use it. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token.slice(0, MAX_TOKEN)).digest()
}

export function matches(digest: Buffer, token: string): boolean {
  return timingSafeEqual(digest, digestOf(token))
}

/** Looks at every entry whatever matches, so that the time taken tells nothing. */
export function findByDigest<T>(entries: Iterable<T>, digest: (entry: T) => Buffer, token: string): T | null {
  const wanted = digestOf(token)
  let found: T | null = null
  for (const entry of entries) if (timingSafeEqual(digest(entry), wanted)) found = entry
  return found
}

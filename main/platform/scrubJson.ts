import type { SecretRegistry } from './redact.ts'

/**
 * What was read of a server's JSON without our secrets in any of its names and texts: a server may repeat the token that
 * it was asked with as the name of a tenant, a model or a key, and those go to screens and into files.
 * @param text that the value was read of: most hold no secret, and are left alone for that
 * @returns the same value, changed in place. Without recursion: a text may nest deeper than a stack is
 */
export function scrubJson(
  value: unknown,
  text: string,
  secrets: Pick<SecretRegistry, 'scrubWord' | 'standsIn'>,
) {
  // Behind an escape a secret cannot be seen before it is read.
  if (!text.includes('\\') && !secrets.standsIn(text)) return value
  const root = [value]
  const open: object[] = [root]
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const [key, each] of Object.entries(holder) as [string, unknown][]) {
      const clean = typeof each === 'string' ? secrets.scrubWord(each) : each
      const name = Array.isArray(holder) ? key : secrets.scrubWord(key)
      if (name !== key) Reflect.deleteProperty(holder, key)
      if (name !== key || clean !== each) {
        Object.defineProperty(holder, name, {
          value: clean,
          writable: true,
          enumerable: true,
          configurable: true,
        })
      }
      if (typeof clean === 'object' && clean !== null) open.push(clean)
    }
  }
  return root[0]
}

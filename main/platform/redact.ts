const HIDDEN = '[hidden]'
const SECRET_PARAMETER =
  /token|secret|passw|pwd|api[-_]?key|access[-_]?key|signature|\bsig\b|auth|credential/i

/** An address that may be shown and logged: no user info, no token in the query, no fragment. */
export function redactUrl(address: string | URL): string {
  const url = URL.canParse(String(address)) ? new URL(address) : null
  if (url === null) return String(address).replace(/\/\/[^/@\s]*@/, '//')
  url.username = ''
  url.password = ''
  url.hash = ''
  for (const name of new Set(url.searchParams.keys())) {
    if (SECRET_PARAMETER.test(name)) url.searchParams.set(name, HIDDEN)
  }
  return url.search === '' && url.pathname === '/' ? url.origin : decodeHidden(url.href)
}

/** URLSearchParams escapes the brackets; people should read the word. */
function decodeHidden(href: string): string {
  return href.replaceAll(encodeURIComponent(HIDDEN), HIDDEN)
}

/** Knows the secrets in use and takes them out of any text. */
export interface SecretRegistry {
  /** Texts shorter than four characters are not registered: they would blot out half of every line. */
  register(secret: string): void
  scrub(text: string): string
}

/** More than a site has secrets; of tokens that rotate for months only the last ones are remembered. */
const MAX_SECRETS = 256

export function createSecretRegistry(): SecretRegistry {
  const known = new Map<string, readonly string[]>()
  let longestFirst: readonly string[] = []
  return {
    register(secret) {
      if (known.has(secret)) return
      const text = secret.trim()
      if (text.length < 4) return
      const [oldest] = known.keys()
      if (known.size >= MAX_SECRETS && oldest !== undefined) known.delete(oldest)
      known.set(secret, formsOf(text))
      longestFirst = [...new Set([...known.values()].flat())].toSorted((a, b) => b.length - a.length)
    },
    scrub(text) {
      let clean = text
      for (const form of longestFirst) {
        if (clean.includes(form)) clean = clean.replaceAll(form, HIDDEN)
      }
      return clean
    },
  }
}

/**
 * Every secret that this process has used. A server may quote a token that it refuses, and its words go to screens and
 * into the log: there the token must not be read.
 */
export const usedSecrets: SecretRegistry = createSecretRegistry()

/** A secret can turn up as it is, inside JSON, inside an address, or inside a basic header. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret, 'utf8').toString('base64')
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    base64,
    base64.replace(/=+$/, ''),
  ]
}

const HEADER_PATTERNS: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${HIDDEN}`],
  [/(\/\/)[^/\s"@]*:[^/\s"@]*@/g, '$1'],
]

/** Takes out what looks like a credential even if nobody registered it. */
export function scrubPatterns(text: string): string {
  return HEADER_PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text)
}

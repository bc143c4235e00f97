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

export function createSecretRegistry(): SecretRegistry {
  const forms = new Set<string>()
  let longestFirst: readonly string[] = []
  return {
    register(secret) {
      const text = secret.trim()
      if (text.length < 4) return
      for (const form of formsOf(text)) forms.add(form)
      longestFirst = [...forms].toSorted((a, b) => b.length - a.length)
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

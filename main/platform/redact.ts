import { type Message, withTexts } from '../../shared/messages/message.ts'
import { type Disguises, disguisesOf, findDisguises } from './disguises.ts'

const HIDDEN = '[hidden]'
const SECRET_PARAMETER =
  /token|secret|passw|pwd|api[-_]?key|access[-_]?key|signature|\bsig\b|auth|credential|jwt|session|(?:^|[-_])(?:key|pat|code|sid)$/i

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
  /** @param shown only what comes of so many characters at its beginning; all, where none is given */
  scrub(text: string, shown?: number): string
  /** The same for the values of a message. */
  scrubMessage(message: Message): Message
  /**
   * A word of a server that goes to screens and stands for something: a label value, the name of a tenant. Scrubbed where
   * a known secret of {@link SHORTEST_IN_WORDS} characters or more stands in it, as it is or in base64, hexadecimal or
   * percent signs; cheap where none does.
   */
  scrubWord(word: string): string
  /** Whether {@link scrubWord} would find something in a text that is made of words. */
  standsIn(text: string): boolean
}

/** Shorter passwords are words, too: they would make two machines of the same name out of two. */
const SHORTEST_IN_WORDS = 8

/** More than a site has secrets; of tokens that rotate for months only the last ones are remembered. */
const MAX_SECRETS = 256

export function createSecretRegistry(): SecretRegistry {
  const known = new Map<string, Disguises>()
  let inWords = NOTHING

  function scrub(text: string, shown = text.length): string {
    let clean = ''
    let from = 0
    for (const [start, end] of findDisguises(text, known.values())) {
      if (start >= shown) break
      clean += text.slice(from, start) + HIDDEN
      from = end
    }
    return clean + text.slice(from, Math.max(from, shown))
  }

  return {
    register(secret) {
      if (known.has(secret)) return
      const text = secret.trim()
      if (text.length < 4) return
      const [oldest] = known.keys()
      if (known.size >= MAX_SECRETS && oldest !== undefined) known.delete(oldest)
      known.set(secret, disguisesOf(text))
      inWords = wordPattern([...known].filter(([one]) => one.trim().length >= SHORTEST_IN_WORDS))
    },
    scrub,
    scrubMessage: (message) => withTexts(message, (text) => scrub(text)),
    scrubWord: (word) => (word.length >= SHORTEST_IN_WORDS && inWords.test(word) ? scrub(word) : word),
    standsIn: (text) => inWords.test(text),
  }
}

const NOTHING = /(?!)/

/** One expression for all forms of all secrets: a text is walked once, however many there are. */
function wordPattern(secrets: readonly (readonly [string, Disguises])[]): RegExp {
  const forms = new Set(
    secrets.flatMap(([, { exact, base64, hex }]) => [...exact, ...base64, hex, hex.toUpperCase()]),
  )
  const long = [...forms].filter((form) => form.length >= SHORTEST_IN_WORDS)
  if (long.length === 0) return NOTHING
  return new RegExp(long.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'))
}

/**
 * Every secret that this process has used. A server may quote a token that it refuses, and its words go to screens and
 * into the log: there the token must not be read.
 */
export const usedSecrets: SecretRegistry = createSecretRegistry()

const HEADER_PATTERNS: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${HIDDEN}`],
  // The name ends at the first colon, so that a text full of colons is read once and not once for each of them.
  [/(\/\/)[^/\s"@:]*:[^/\s"@]*@/g, '$1'],
  // "Bearer " and "Basic " in base64, in either case.
  [/(?<![A-Za-z0-9+/_-])(?:[QY]mVhcmVyI|[QY]mFzaWMg)[A-Za-z0-9+/_=-]{4,}/g, HIDDEN],
]

/** Takes out what looks like a credential even if it was never registered. */
export function scrubPatterns(text: string): string {
  return HEADER_PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text)
}

import { usedSecrets } from './redact.ts'

/** As much of a text as is looked at: a long token in some disguise must lie in it as a whole to be recognised. */
const LOOKED_AT = 32 * 1024
/** What may be shown of it: a token that begins in here ends within what is looked at. */
const SHOWN = LOOKED_AT / 4

/** Text of a server on one line, without control characters, without our secrets, bounded. */
export function printable(text: string, maxLength = 300): string {
  // Scrubbed before it is cut: half a token is not recognised any more.
  return usedSecrets
    .scrub(text.slice(0, LOOKED_AT), Math.max(SHOWN, maxLength))
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, maxLength)
}

/** Whether a body that claims to be `contentType` and begins with `start` is a web page. */
export function isWebPage(contentType: string, start: string): boolean {
  const first = start.trimStart()
  if (/text\/html/i.test(contentType)) return !first.startsWith('{')
  return /^<(!doctype|html)/i.test(first)
}

/** The title of a web page; '' where it has none. */
export function pageTitle(start: string): string {
  return printable(/<title[^>]{0,200}>([^<]{1,200})/i.exec(start)?.[1] ?? '')
}

import { usedSecrets } from './redact.ts'

/** Text of a server on one line, without control characters, without our secrets, bounded. */
export function printable(text: string, maxLength = 300): string {
  // Before it is cut: half a token is not recognised any more.
  return usedSecrets
    .scrub(text.slice(0, Math.max(2000, maxLength * 2)))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
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
  return printable(/<title[^>]*>([^<]{1,200})/i.exec(start)?.[1] ?? '')
}

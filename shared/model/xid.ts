import { type Message, message } from '../messages/message.ts'
import type { Severity } from './figure.ts'

/** What an XID code means to the person on call. Source: NVIDIA "XID Errors" catalogue. */
export interface XidMeaning {
  readonly code: number
  readonly name: Message
  readonly severity: Severity
  readonly nextStep: Message
}

/** Names and next steps stand in the catalogue of texts, by code. */
const SEVERITIES = [
  [13, 'advisory'],
  [31, 'advisory'],
  [43, 'advisory'],
  [45, 'advisory'],
  [46, 'critical'],
  [48, 'critical'],
  [63, 'advisory'],
  [64, 'critical'],
  [74, 'critical'],
  [79, 'critical'],
  [92, 'advisory'],
  [94, 'advisory'],
  [95, 'critical'],
  [119, 'critical'],
  [120, 'critical'],
  [140, 'critical'],
  [144, 'critical'],
  [145, 'critical'],
  [146, 'critical'],
  [147, 'critical'],
  [148, 'critical'],
  [149, 'critical'],
  [154, 'advisory'],
] as const satisfies readonly (readonly [code: number, severity: Severity])[]

/** The codes of the catalogue, ascending. */
export const KNOWN_XIDS: readonly XidMeaning[] = SEVERITIES.map(([code, severity]) => ({
  code,
  name: message(`xid.name.${code}`),
  severity,
  nextStep: message(`xid.next.${code}`),
}))
const byCode = new Map(KNOWN_XIDS.map((meaning) => [meaning.code, meaning]))

/** An unlisted code is still news: it is shown with its number and treated as advisory. */
export function xidMeaning(code: number): XidMeaning {
  return (
    byCode.get(code) ?? {
      code,
      name: message('xid.name.unlisted'),
      severity: 'advisory',
      nextStep: message('xid.next.unlisted'),
    }
  )
}

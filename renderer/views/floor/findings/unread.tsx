import { textOf } from '../../../../shared/messages/format.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import type { Condition } from '../../../../shared/model/frame.ts'
import { formatClock, formatDate, formatInstant, zoneName } from '../../../../shared/model/time.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useNow } from '../../../state/now.ts'
import { useSiteZone } from '../../../ui/figure/freshness.ts'

/** "not read since 14:02 UTC"; '' for a finding whose figures are read. */
export function unreadText({ unreadSince }: Finding, zone: string, now: number): string {
  if (unreadSince === undefined) return ''
  const today = formatDate(unreadSince, zone) === formatDate(now, zone)
  const clock = `${formatClock(unreadSince, zone, 'minutes')} ${zoneName(unreadSince, zone)}`
  return say('findings.unread', { since: today ? clock : formatInstant(unreadSince, zone, now) })
}

/** What a finding says, and since when it has not been looked at. */
export function FindingWhat({ finding }: { finding: Finding }) {
  const zone = useSiteZone()
  const unread = unreadText(finding, zone, useNow())
  const what = textOf(finding.what)
  const text = unread === '' ? what : `${what} · ${unread}`
  return <span title={text}>{text}</span>
}

/** Conditions of a row whose figures are not read any more, in words. */
export function unreadConditions(
  findings: readonly Finding[],
  row: number,
  zone: string,
  now: number,
): ReadonlyMap<Condition, string> {
  const found = findings.filter((each) => each.unreadSince !== undefined && each.rows.includes(row))
  return new Map(found.map((each) => [conditionOf(each.kind), unreadText(each, zone, now)]))
}

function conditionOf(kind: Finding['kind']): Condition {
  return kind === 'power' || kind === 'limit' || kind === 'source' ? 'overLimit' : kind
}

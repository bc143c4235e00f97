import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleText } from '../../../shared/model/foreignText.ts'
import type { EntryKind, TimelineEntry } from '../../../shared/model/incident.ts'
import { formatClock, formatInstant, zoneName } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { Digits } from '../../ui/figure/Digits.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'

const GLYPHS: Readonly<Record<EntryKind, GlyphName>> = {
  opened: 'critical',
  spread: 'advisory',
  priority: 'up',
  recovered: 'steady',
  returned: 'critical',
  unknown: 'unknown',
  known: 'ok',
  acknowledged: 'ok',
  note: 'more',
  assigned: 'standby',
  resolved: 'check',
  reopened: 'critical',
  merged: 'down',
  throttle: 'throttle',
}

interface TimelineProps {
  readonly entries: readonly TimelineEntry[]
  /** How many there are, also those not sent. */
  readonly all: number
}

/** What happened, the first event on top. The time is that of the event; when it was written down stands in the tooltip. */
export function Timeline({ entries, all }: TimelineProps) {
  const zone = useSiteZone()
  const now = useNow()
  const ordered = entries.toSorted((a, b) => a.eventAt - b.eventAt || a.seq - b.seq)
  return (
    <>
      {all > entries.length && (
        <p className="secondary">{say('incidents.timeline.older', { count: all - entries.length })}</p>
      )}
      <ol className="incident-timeline">
        {ordered.map(({ seq, kind, eventAt, recordedAt, who, message, text }) => (
          <li key={seq} className="incident-entry">
            <time
              dateTime={new Date(eventAt).toISOString()}
              title={say('incidents.timeline.recorded', {
                event: formatInstant(eventAt, zone, now),
                recorded: formatInstant(recordedAt, zone, now),
              })}
            >
              {now - eventAt > 43_200_000 && (
                <span className="secondary">{new Date(eventAt).toISOString().slice(5, 10)} </span>
              )}
              <Digits text={formatClock(eventAt, zone)} />{' '}
              <span className="visually-hidden">{zoneName(eventAt, zone)}</span>
            </time>
            <Glyph name={GLYPHS[kind]} />
            <div className="incident-said">
              <span>{visibleText(textOf(message))}</span>
              {who !== null && <span className="secondary"> · {visibleText(who.name)}</span>}
              {text !== '' && <p className="incident-text">{visibleText(text)}</p>}
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}

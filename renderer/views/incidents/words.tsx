import type { IncidentRow } from '../../../shared/contract/incidents.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleText } from '../../../shared/model/foreignText.ts'
import type { Incident, IncidentState, Priority } from '../../../shared/model/incident.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'

const GLYPH_OF_PRIORITY: Readonly<Record<Priority, GlyphName>> = {
  1: 'critical',
  2: 'advisory',
  3: 'standby',
}

/** P1 ■, P2 ▲, P3 ○: by shape and word, never by colour alone. */
export function PriorityMark({ priority }: { readonly priority: Priority }) {
  return (
    <span className={`incident-priority incident-priority-${priority}`}>
      <Glyph name={GLYPH_OF_PRIORITY[priority]} />
      <strong>{say('incidents.priority', { priority })}</strong>
    </span>
  )
}

const STATE_GLYPHS: Readonly<Record<IncidentState, GlyphName>> = {
  open: 'failing',
  recovered: 'steady',
  resolved: 'check',
}

/** What is not known to last is not called open alone. */
export function StateWord({ incident }: { readonly incident: Pick<IncidentRow, 'state' | 'unknown'> }) {
  const { state, unknown } = incident
  const isUnknown = state !== 'resolved' && unknown !== null
  return (
    <span
      className={isUnknown ? 'incident-state incident-state-unknown' : 'incident-state'}
      title={isUnknown ? visibleText(textOf(unknown.why)) : undefined}
    >
      <Glyph name={isUnknown ? 'unknown' : STATE_GLYPHS[state]} />
      {say(isUnknown ? `incidents.state.unknown.${state}` : `incidents.state.${state}`)}
    </span>
  )
}

/** Who is on it. */
export function Owner({
  incident,
}: {
  readonly incident: Pick<Incident, 'acknowledged' | 'assignee' | 'state'>
}) {
  const { acknowledged, assignee, state } = incident
  if (acknowledged === null && assignee === null) {
    if (state === 'resolved') return <span className="secondary">–</span>
    return (
      <span className="incident-unacked">
        <Glyph name="standby" /> {say('incidents.unacknowledged')}
      </span>
    )
  }
  const name = visibleText(assignee ?? acknowledged?.by.name ?? '')
  return (
    <span title={acknowledged === null ? undefined : visibleText(acknowledged.reason)}>
      <Glyph name={acknowledged === null ? 'standby' : 'ok'} /> {name}
      {acknowledged === null && <span className="secondary"> {say('incidents.assignedOnly')}</span>}
    </span>
  )
}

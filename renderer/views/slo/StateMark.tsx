import { say } from '../../../shared/messages/format.ts'
import type { BurnState, BurnStateName } from '../../../shared/model/objective.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'

const GLYPH: Readonly<Record<BurnStateName, GlyphName>> = {
  page: 'critical',
  ticket: 'advisory',
  pending: 'up',
  resolved: 'check',
  ok: 'ok',
  idle: 'standby',
  unknown: 'unknown',
}

/** Shape, word, and since when: "PAGE 12 min", "resolved, 12 min ago". A frozen alert says so. */
export function StateMark({ state }: { state: BurnState }) {
  const now = useNow()
  const span = formatSpan(now - state.since)
  return (
    <span className="slo-state" data-state={state.state}>
      <Glyph name={GLYPH[state.state]} />
      <strong>{say(`slo.state.${state.state}`)}</strong>
      {(state.state === 'page' || state.state === 'ticket' || state.state === 'pending') && (
        <span className="secondary">{span}</span>
      )}
      {state.state === 'resolved' && <span className="secondary">{say('slo.state.ago', { span })}</span>}
      {state.frozenSince !== null && (
        <span className="slo-frozen">
          {say('slo.state.frozen', { span: formatSpan(now - state.frozenSince) })}
        </span>
      )}
    </span>
  )
}

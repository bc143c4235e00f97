import type { GpuDetail } from '../../../../shared/contract/fleet.ts'
import type { FigureState, Presence } from '../../../../shared/model/figure.ts'
import { say } from '../../../../shared/messages/format.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { Say } from '../../../ui/text/Say.tsx'

const STATE_WORDS: Record<FigureState, string> = {
  ok: say('gpu.state.ok'),
  zero: say('gpu.state.zero'),
  absent: say('gpu.state.absent'),
  stale: say('gpu.state.stale'),
  implausible: say('gpu.state.implausible'),
}

const PRESENCE_WORDS: Record<Presence, string> = {
  missing: say('gpu.presence.missing'),
  present: say('gpu.presence.present'),
  unexpected: say('gpu.presence.unexpected'),
  unlisted: say('gpu.presence.present'),
}

interface StateLineProps {
  readonly unit: Pick<GpuDetail['unit'], 'state' | 'severity' | 'presence'>
  readonly lastSampleAt: number | null
}

/** The one line that a person reads first: state, roll-call, age. */
export function StateLine({ unit, lastSampleAt }: StateLineProps) {
  const glyph = unit.severity !== 'normal' ? unit.severity : glyphOf(unit.state)
  return (
    <p className="state-line" data-severity={unit.severity} data-state={unit.state}>
      {glyph !== null && <Glyph name={glyph} label={say(`severity.${unit.severity}`)} />}{' '}
      {say('gpu.state.line', {
        state: lastSampleAt === null ? say('gpu.state.never') : STATE_WORDS[unit.state],
        presence: PRESENCE_WORDS[unit.presence],
      })}
      <span className="state-line-age">
        <Say id="gpu.lastSample" values={{ age: <Age at={lastSampleAt} /> }} />
      </span>
    </p>
  )
}

function glyphOf(state: FigureState): 'stale' | 'implausible' | 'absent' | null {
  return state === 'stale' || state === 'implausible' || state === 'absent' ? state : null
}

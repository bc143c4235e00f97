import type { GpuDetail } from '../../../../shared/contract/fleet.ts'
import type { FigureState, Presence } from '../../../../shared/model/figure.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'

const STATE_WORDS: Record<FigureState, string> = {
  ok: 'Working',
  zero: 'Idle',
  absent: 'Activity not known',
  stale: 'Last known',
  implausible: 'Figures refused',
}

const PRESENCE_WORDS: Record<Presence, string> = {
  missing: 'missing from the roll-call',
  present: 'present',
  unexpected: 'not in the inventory',
  unlisted: 'present',
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
      {glyph !== null && <Glyph name={glyph} label={unit.severity} />}{' '}
      {lastSampleAt === null ? 'Never seen' : STATE_WORDS[unit.state]}, {PRESENCE_WORDS[unit.presence]}
      <span className="state-line-age">
        last sample <Age at={lastSampleAt} />
      </span>
    </p>
  )
}

function glyphOf(state: FigureState): 'stale' | 'implausible' | 'absent' | null {
  return state === 'stale' || state === 'implausible' || state === 'absent' ? state : null
}

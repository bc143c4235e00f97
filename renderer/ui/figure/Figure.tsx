import type { ReactNode } from 'react'
import type { FigureState } from '../../../shared/model/figure.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { formatFigure } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { Glyph } from '../glyph/Glyph.tsx'
import { useExplanation } from '../tooltip/registry.ts'
import { Digits } from './Digits.tsx'
import { useStaleSince } from './freshness.ts'
import type { FigureProps } from './figureProps.ts'
import { Provenance } from './Provenance.tsx'
import { shownFigure } from './shownFigure.ts'
import './figure.css'

const SPOKEN: Record<FigureState, string> = {
  ok: '',
  zero: '',
  absent: say('figure.spoken.absent'),
  stale: say('figure.spoken.stale'),
  implausible: say('figure.spoken.implausible'),
}

/**
 * The only way to print a measured number: value · unit · state · trend. Hovering, or `i` on the keyboard, shows the exact
 * value, its age and where it comes from.
 */
export function Figure(props: FigureProps) {
  const { size = 'small', align = 'start', severity = 'normal', trend = null } = props
  const staleSince = useStaleSince()
  // Without a connection all of a strip, list or picture is of one time, which it says once: see LastGood.
  const quiet = props.quiet === true || staleSince !== null
  const { state, figure } = shownFigure(props, staleSince !== null)
  const ref = useExplanation(() => <Provenance {...props} shown={state} connectionLostAt={staleSince} />)

  return (
    <span
      ref={ref}
      className={`figure figure-${size} figure-${align}`}
      data-state={state}
      data-severity={severity}
      data-inspect=""
      tabIndex={-1}
    >
      <span className="visually-hidden">{props.label}: </span>
      {severity !== 'normal' && state !== 'absent' && (
        <Glyph name={severity} label={say(`severity.${severity}`)} />
      )}
      {state === 'stale' && !quiet && <Glyph name="stale" />}
      {state === 'implausible' && <Glyph name="implausible" />}
      <Value state={state} digits={figure?.digits ?? null} unit={figure?.unit ?? ''} />
      {state === 'stale' && !quiet && <StaleAge at={props.at ?? null} />}
      {SPOKEN[state] !== '' && <span className="visually-hidden"> ({spoken(state, props.reason)})</span>}
      {trend !== null && figure !== null && state !== 'stale' && <TrendArrow change={trend} of={props} />}
    </span>
  )
}

/** A dash is heard with its reason: "not there: not exported by this exporter: DCGM_FI_DEV_XID_ERRORS". */
function spoken(state: FigureState, reason = ''): string {
  return state === 'absent' && reason !== '' ? `${SPOKEN.absent}: ${reason}` : SPOKEN[state]
}

function Value({
  state,
  digits,
  unit,
}: {
  state: FigureState
  digits: string | null
  unit: string
}): ReactNode {
  if (state === 'absent') return <span className="figure-digits">{'\u2014'}</span>
  if (digits === null) return null
  return (
    <>
      <span className="figure-digits">
        <Digits text={digits} />
      </span>
      {unit !== '' && (
        <span className="figure-unit">
          {unit === '×' ? '' : '\u2009'}
          {unit}
        </span>
      )}
    </>
  )
}

/** Its own component, so that only stale figures tick. */
function StaleAge({ at }: { at: number | null }) {
  const now = useNow()
  if (at === null) return null
  return <span className="figure-age">{formatSpan(now - at)}</span>
}

function TrendArrow({ change, of }: { change: number; of: FigureProps }) {
  if (!Number.isFinite(change)) return null
  const { digits, unit } = formatFigure(Math.abs(change), of)
  const flat = !/[1-9]/.test(digits)
  const words = flat ? 'steady' : `${change > 0 ? 'up' : 'down'} ${digits} ${unit}`
  return (
    <span className="figure-trend">
      <Glyph name={flat ? 'steady' : change > 0 ? 'up' : 'down'} label={words.trim()} />
    </span>
  )
}

import type { FigureState } from '../../../shared/model/figure.ts'
import { formatAge, formatClock, formatInstant, zoneName } from '../../../shared/model/time.ts'
import { allDigits } from '../../../shared/model/units.ts'
import { engineNow } from '../../transport/engineClock.ts'
import type { FigureProps } from './figureProps.ts'
import { useSiteZone } from './freshness.ts'

interface ProvenanceProps extends FigureProps {
  readonly shown: FigureState
  readonly connectionLostAt: number | null
  /** Instead of the exact value, where it is no number: money. */
  readonly exactText?: string | undefined
}

const STATE_WORDS: Record<FigureState, string> = {
  ok: 'measured',
  zero: 'measured, and it is zero',
  absent: 'not there',
  stale: 'last known, no longer current',
  implausible: 'refused as implausible',
}

/** Exact value, state with its reason, age and source of one figure. */
export function Provenance(props: ProvenanceProps) {
  const {
    label,
    value,
    unit = '',
    shown,
    at = null,
    source,
    reason,
    refused = null,
    connectionLostAt,
  } = props
  const zone = useSiteZone()
  const now = engineNow()
  const exact = shown === 'implausible' ? (refused ?? value) : shown === 'absent' ? null : value
  const digits = typeof exact === 'bigint' ? allDigits(exact) : exact
  const doubted = shown !== 'ok' && shown !== 'zero'
  const lost =
    connectionLostAt !== null && shown === 'stale'
      ? `Lost connection to the engine; last good ${formatClock(connectionLostAt, zone)} ${zoneName(connectionLostAt, zone)}.`
      : ''
  const why = doubted ? (reason ?? lost) : ''
  return (
    <dl>
      <dt>{label}</dt>
      <dd>
        {props.exactText !== undefined
          ? props.exactText
          : digits === null
            ? '\u2014'
            : `${shown === 'implausible' ? 'refused: ' : ''}${digits}${unit === '' ? '' : ` ${unit}`}`}
      </dd>
      {props.meaning !== undefined && (
        <>
          <dt>Meaning</dt>
          <dd>{props.meaning}</dd>
        </>
      )}
      <dt>State</dt>
      <dd>{STATE_WORDS[shown]}</dd>
      {why !== '' && (
        <>
          <dt>Why</dt>
          <dd>{why}</dd>
        </>
      )}
      {at !== null && (
        <>
          <dt>Sampled</dt>
          <dd>
            {formatAge(at, now, zone)} ({formatInstant(at, zone, now)})
          </dd>
        </>
      )}
      {source !== undefined && (
        <>
          <dt>Source</dt>
          <dd>{source}</dd>
        </>
      )}
    </dl>
  )
}

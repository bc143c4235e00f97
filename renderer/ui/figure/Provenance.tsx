import type { FigureState } from '../../../shared/model/figure.ts'
import { formatAge, formatClock, formatInstant, zoneName } from '../../../shared/model/time.ts'
import { allDigits } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'
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
  ok: say('figure.state.ok'),
  zero: say('figure.state.zero'),
  absent: say('figure.state.absent'),
  stale: say('figure.state.stale'),
  implausible: say('figure.state.implausible'),
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
      ? say('figure.connectionLost', {
          time: formatClock(connectionLostAt, zone),
          zone: zoneName(connectionLostAt, zone),
        })
      : ''
  const why = doubted ? (reason ?? lost) : ''
  const withUnit = unit === '' ? `${digits}` : `${digits} ${unit}`
  return (
    <dl>
      <dt>{label}</dt>
      <dd>
        {props.exactText !== undefined
          ? props.exactText
          : digits === null
            ? '\u2014'
            : shown === 'implausible'
              ? say('figure.refused', { value: withUnit })
              : withUnit}
      </dd>
      {props.meaning !== undefined && (
        <>
          <dt>{say('figure.meaning')}</dt>
          <dd>{props.meaning}</dd>
        </>
      )}
      <dt>{say('figure.state')}</dt>
      <dd>{STATE_WORDS[shown]}</dd>
      {why !== '' && (
        <>
          <dt>{say('figure.why')}</dt>
          <dd>{why}</dd>
        </>
      )}
      {at !== null && (
        <>
          <dt>{say('figure.sampled')}</dt>
          <dd>
            {formatAge(at, now, zone)} ({formatInstant(at, zone, now)})
          </dd>
        </>
      )}
      {source !== undefined && (
        <>
          <dt>{say('figure.source')}</dt>
          <dd>{source}</dd>
        </>
      )}
    </dl>
  )
}

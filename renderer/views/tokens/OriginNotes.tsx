import { visibleName } from '../../../shared/model/foreignText.ts'
import type { TokenOrigin } from '../../../shared/contract/tokens.ts'
import { formatDuration, formatInstant } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { navigate } from '../../state/navigation.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

const STATE_WORDS = {
  lagging: 'The metering lags.',
  partial: 'The newest answer of the metering is not complete.',
  failing: 'The metering does not answer.',
  waiting: 'The metering has not answered yet.',
  none: 'No metering is configured.',
} as const

interface OriginBannerProps {
  readonly origin: TokenOrigin
  /** Served tokens are shown in the place of some figures. */
  readonly stoodInFor?: boolean
}

/** One line above everything where token figures cannot be taken as they are; nothing where they can. */
export function OriginBanner({ origin, stoodInFor = false }: OriginBannerProps) {
  const { state, text, nextStep } = origin
  if (state === 'ok') return null
  // Nothing is wrong where nothing was asked for; it is only missing.
  const severe = state === 'failing'
  return (
    <div className={`notice notice-${severe ? 'critical' : 'advisory'} tokens-banner`} role="status">
      <Glyph name={severe ? 'critical' : 'advisory'} />
      <p>
        <strong>{STATE_WORDS[state]}</strong> {text}{' '}
        {severe &&
          stoodInFor &&
          'What is named as served is of now, from the inference servers; the rest is last known.'}{' '}
        {nextStep}{' '}
        <Button kind="quiet" onClick={() => navigate('sources')}>
          Source health (g h)
        </Button>
      </p>
    </div>
  )
}

/** Where token figures come from, how far they reach, what the back end cannot say, and what late events changed. */
export function OriginNotes({ origin }: { origin: TokenOrigin }) {
  const zone = useSiteZone()
  const now = useNow()
  const { dataAsOf, missing, lacks, corrections, lagAllowedMs } = origin
  const name = visibleName(origin.name)
  const notes = missing.length + lacks.length + corrections.length
  return (
    <details className="tokens-origin">
      <summary>
        <span className="secondary">{name}</span> <Age at={dataAsOf} never="no data yet" />
        {notes > 0 && (
          <>
            {' · '}
            <Figure label="Notes on what is metered" value={notes} kind="count" quiet size="tiny" />
            {notes === 1 ? ' note' : ' notes'}
          </>
        )}
      </summary>
      <div className="tokens-origin-panel">
        <p className="secondary">
          Usage comes from {name}. It may lag by up to {formatDuration(lagAllowedMs)} before it is called
          lagging.
        </p>
        {missing.length > 0 && (
          <>
            <h3>What is missing from its newest answer</h3>
            <ul>
              {missing.map((what) => (
                <li key={what}>{what}</li>
              ))}
            </ul>
          </>
        )}
        <h3>What it cannot say</h3>
        {lacks.length === 0 ? (
          <p className="secondary">Nothing: it declares everything that this view shows.</p>
        ) : (
          <ul>
            {lacks.map(({ what, text }) => (
              <li key={what}>{text}</li>
            ))}
          </ul>
        )}
        <h3>What late events changed</h3>
        {corrections.length === 0 ? (
          <p className="secondary">No total that was shown has changed since.</p>
        ) : (
          <ul>
            {corrections.map(({ at, fromMs, tokens, text }) => (
              <li key={`${at} ${fromMs}`}>
                <Figure label="Correction" value={BigInt(tokens)} unit="tok" at={at} source={name} /> from{' '}
                {formatInstant(fromMs, zone, now)}: {text}
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  )
}

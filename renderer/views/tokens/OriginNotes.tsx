import { visibleName } from '../../../shared/model/foreignText.ts'
import type { TokenOrigin } from '../../../shared/contract/tokens.ts'
import { formatDuration, formatInstant } from '../../../shared/model/time.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { navigate } from '../../state/navigation.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { originNextStep, originText } from '../../state/tokens/originWords.ts'

const STATE_WORDS = {
  lagging: say('tokens.origin.lagging'),
  partial: say('tokens.origin.partial'),
  failing: say('tokens.origin.failing'),
  waiting: say('tokens.origin.waiting'),
  none: say('tokens.origin.none'),
} as const

interface OriginBannerProps {
  readonly origin: TokenOrigin
  /** Served tokens are shown in the place of some figures. */
  readonly stoodInFor?: boolean
}

/** One line above everything where token figures cannot be taken as they are; nothing where they can. */
export function OriginBanner({ origin, stoodInFor = false }: OriginBannerProps) {
  const { state } = origin
  if (state === 'ok') return null
  // Nothing is wrong where nothing was asked for; it is only missing.
  const severe = state === 'failing'
  return (
    <div className={`notice notice-${severe ? 'critical' : 'advisory'} tokens-banner`} role="status">
      <Glyph name={severe ? 'critical' : 'advisory'} />
      <p>
        <strong>{STATE_WORDS[state]}</strong> {originText(origin)}{' '}
        {severe && stoodInFor && say('tokens.origin.served')} {originNextStep(origin)}{' '}
        <Button kind="quiet" onClick={() => navigate('sources')}>
          {say('tokens.sources')}
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
        <span className="secondary">{name}</span> <Age at={dataAsOf} never={say('tokens.origin.never')} />
        {notes > 0 && (
          <>
            {' · '}
            <Say
              id="tokens.origin.notes"
              values={{
                n: notes,
                count: (
                  <Figure
                    label={say('tokens.origin.notes.label')}
                    value={notes}
                    kind="count"
                    quiet
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        )}
      </summary>
      <div className="tokens-origin-panel">
        <p className="secondary">{say('tokens.origin.from', { name, lag: formatDuration(lagAllowedMs) })}</p>
        {missing.length > 0 && (
          <>
            <h3>{say('tokens.origin.missing')}</h3>
            <ul>
              {missing.map((what) => (
                <li key={what}>{what}</li>
              ))}
            </ul>
          </>
        )}
        <h3>{say('tokens.origin.lacks')}</h3>
        {lacks.length === 0 ? (
          <p className="secondary">{say('tokens.origin.lacks.none')}</p>
        ) : (
          <ul>
            {lacks.map(({ what, text }) => (
              <li key={what}>{textOf(text)}</li>
            ))}
          </ul>
        )}
        <h3>{say('tokens.origin.corrections')}</h3>
        {corrections.length === 0 ? (
          <p className="secondary">{say('tokens.origin.corrections.none')}</p>
        ) : (
          <ul>
            {corrections.map(({ at, fromMs, tokens, text }) => (
              <li key={`${at} ${fromMs}`}>
                <Say
                  id="tokens.origin.correction"
                  values={{
                    tokens: (
                      <Figure
                        label={say('tokens.origin.correction.label')}
                        value={BigInt(tokens)}
                        unit="tok"
                        at={at}
                        source={name}
                      />
                    ),
                    from: formatInstant(fromMs, zone, now),
                    text: textOf(text),
                  }}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  )
}

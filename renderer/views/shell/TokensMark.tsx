import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'
import { Explained } from '../../ui/tooltip/Explained.tsx'

type Tokens = NonNullable<ConsoleStatus['tokens']>

const ORIGIN_WORDS: Record<Tokens['origin'], string> = {
  ok: '',
  lagging: 'The metering lags: this is the last rate that is known.',
  partial: 'The newest answer of the metering is not complete.',
  failing: 'The metering does not answer: this is the last rate that is known.',
  waiting: 'The metering has not answered yet.',
}

type DriftOfAll = Tokens['drift']

const DRIFT: Record<DriftOfAll['state'], { glyph: GlyphName; word: string }> = {
  agrees: { glyph: 'check', word: '' },
  drifts: { glyph: 'advisory', word: 'drift' },
  learning: { glyph: 'standby', word: '' },
  unknown: { glyph: 'unknown', word: 'drift unknown' },
}

/** Tokens beside watts, and whether they are believed: what was served against what was metered. */
export function TokensMark({ tokens }: { tokens: ConsoleStatus['tokens'] }) {
  if (tokens === null) return null
  const { perSecond, at, origin, drift } = tokens
  const old = perSecond !== null && (origin === 'lagging' || origin === 'failing')
  return (
    <span className="status-item status-tokens">
      <a href="#/tokens" aria-label="Tokens" className="status-link">
        <Figure
          label="Tokens per second"
          value={perSecond}
          unit="tok/s"
          at={at}
          source="input and output of the whole factory, from the metering"
          reason={ORIGIN_WORDS[origin] === '' ? 'No rate is known yet.' : ORIGIN_WORDS[origin]}
          {...(old ? { state: 'stale' as const } : {})}
          {...(origin === 'partial' ? { severity: 'advisory' as const } : {})}
        />
      </a>
      <DriftMark drift={drift} />
    </span>
  )
}

/** Leads to the drift, which says what drifts, since when and by how much. */
function DriftMark({ drift }: { drift: DriftOfAll }) {
  const { state, severity, text } = drift
  const critical = state === 'drifts' && severity === 'critical'
  const { glyph, word } = critical ? { glyph: 'critical' as const, word: 'critical drift' } : DRIFT[state]
  const badge = state === 'drifts' ? `status-badge status-badge-${critical ? 'critical' : 'advisory'}` : ''
  return (
    <Explained by={<>{text} The yield view (g y) has the drift.</>}>
      <a
        href="#/yield"
        className={`status-drift status-link ${badge}`}
        aria-label={`Served against metered: ${word === '' ? state : word}`}
      >
        <Glyph name={glyph} />
        {word !== '' && <span className="status-word">{word}</span>}
      </a>
    </Explained>
  )
}

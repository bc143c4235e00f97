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

const DRIFT: Record<Tokens['drift'], { glyph: GlyphName; word: string; meaning: string }> = {
  agrees: {
    glyph: 'check',
    word: '',
    meaning: 'What the inference servers served and what was metered agree.',
  },
  drifts: {
    glyph: 'advisory',
    word: 'drift',
    meaning: 'Served and metered tokens differ beyond the threshold: yield (g y) says for which models.',
  },
  learning: {
    glyph: 'standby',
    word: '',
    meaning: 'Served and metered tokens are being compared; there is no verdict yet.',
  },
  unknown: {
    glyph: 'unknown',
    word: 'drift unknown',
    meaning: 'Served and metered tokens cannot be compared: one side is missing. Yield (g y) says which.',
  },
}

/** Tokens beside watts, and whether they are believed: what was served against what was metered. */
export function TokensMark({ tokens }: { tokens: ConsoleStatus['tokens'] }) {
  if (tokens === null) return null
  const { perSecond, at, origin, drift } = tokens
  const { glyph, word, meaning } = DRIFT[drift]
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
      <Explained by={meaning} className="status-drift">
        <Glyph name={glyph} {...(word === '' ? { label: drift } : {})} />
        {word !== '' && <span className="status-word">{word}</span>}
      </Explained>
    </span>
  )
}

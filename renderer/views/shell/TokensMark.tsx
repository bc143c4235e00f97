import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { say } from '../../../shared/messages/format.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'
import { Explained } from '../../ui/tooltip/Explained.tsx'

type Tokens = NonNullable<ConsoleStatus['tokens']>

const ORIGIN_WORDS: Record<Tokens['origin'], string> = {
  ok: '',
  lagging: say('shell.tokens.lagging'),
  partial: say('shell.tokens.partial'),
  failing: say('shell.tokens.failing'),
  waiting: say('shell.tokens.waiting'),
}

type DriftOfAll = Tokens['drift']

const DRIFT: Record<DriftOfAll['state'], { glyph: GlyphName; word: string }> = {
  agrees: { glyph: 'check', word: '' },
  drifts: { glyph: 'advisory', word: say('shell.drift.drifts') },
  learning: { glyph: 'standby', word: '' },
  unknown: { glyph: 'unknown', word: say('shell.drift.unknown') },
}

/** Tokens beside watts, and whether they are believed: what was served against what was metered. */
export function TokensMark({ tokens }: { tokens: ConsoleStatus['tokens'] }) {
  if (tokens === null) return null
  const { perSecond, at, origin, drift } = tokens
  const old = perSecond !== null && (origin === 'lagging' || origin === 'failing')
  return (
    <span className="status-item status-tokens">
      <a href="#/tokens" aria-label={say('shell.tokens')} className="status-link">
        <Figure
          label={say('shell.tokens.perSecond')}
          value={perSecond}
          unit="tok/s"
          at={at}
          source={say('shell.tokens.source')}
          reason={ORIGIN_WORDS[origin] === '' ? say('shell.tokens.none') : ORIGIN_WORDS[origin]}
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
  const { glyph, word } = critical
    ? { glyph: 'critical' as const, word: say('shell.drift.critical') }
    : DRIFT[state]
  const badge = state === 'drifts' ? `status-badge status-badge-${critical ? 'critical' : 'advisory'}` : ''
  return (
    <Explained by={say('shell.drift.explained', { text })}>
      <a
        href="#/yield"
        className={`status-drift status-link ${badge}`}
        aria-label={say('shell.drift.label', { state: word === '' ? say(`drift.state.${state}`) : word })}
      >
        <Glyph name={glyph} />
        {word !== '' && <span className="status-word">{word}</span>}
      </a>
    </Explained>
  )
}

import { type SourceState, SOURCE_STATES } from '../../../shared/model/source.ts'
import { say } from '../../../shared/messages/format.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useExplanation } from '../../ui/tooltip/registry.ts'
import { SOURCE_WORDS } from '../sources/stateNames.ts'

/** A shape and a count per state that occurs, and the way to the source view. */
export function SourcesSummary({ sources }: { sources: Readonly<Partial<Record<SourceState, number>>> }) {
  const present = SOURCE_STATES.filter((state) => (sources[state] ?? 0) > 0)
  const words = present.map((state) => `${sources[state]} ${SOURCE_WORDS[state].word}`).join(', ')
  const explain = useExplanation(() =>
    words === '' ? say('shell.sources.none') : say('shell.sources.counts', { counts: words }),
  )
  return (
    <a ref={explain} className="status-item status-sources" href="#/sources">
      <span className="secondary status-word">{say('shell.sources')}</span>
      {present.length === 0 && <span>{say('shell.sources.zero')}</span>}
      {present.map((state) => (
        <span key={state} className="status-source">
          <Glyph name={state} />
          <Figure label={SOURCE_WORDS[state].word} value={sources[state] ?? null} kind="count" quiet />
        </span>
      ))}
    </a>
  )
}

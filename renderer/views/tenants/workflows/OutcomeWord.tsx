import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import type { OutcomeWords } from '../../../state/workflows/outcomes.ts'

/** How something ended, in a word, with a shape where it did not end well. */
export function OutcomeWord({ words: { word, glyph, meaning } }: { words: OutcomeWords }) {
  return (
    <span className="outcome" data-glyph={glyph ?? 'none'} title={meaning}>
      {glyph !== null && <Glyph name={glyph} />} {word}
    </span>
  )
}

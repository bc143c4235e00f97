import type { StandIn, TokensOverview } from '../../../../shared/contract/tokens.ts'
import type { Charted, Dimension } from '../../../../shared/model/tokens.ts'
import { formatDuration } from '../../../../shared/model/time.ts'
import { inSentence, say, textOf } from '../../../../shared/messages/format.ts'
import { MEASURE_WORDS, nameWords } from '../../../state/tokens/measures.ts'

type Told = Pick<TokensOverview, 'standIn' | 'unanswered'>

/** What stands for the GPU type of a server that is not mapped to a GPU. */
export const UNJOINED = say('tokens.unmapped')

/** The inference servers, where they stand in for this dimension, or for rates and trend where none is given. */
export function standInFor({ standIn }: Told, dimension: Dimension | null): StandIn | null {
  if (standIn === null) return null
  const stands = dimension === null ? standIn.whole : standIn.dimensions.includes(dimension)
  return stands ? standIn : null
}

/** Why neither side can say it; null where one can. */
export function unansweredOf({ unanswered }: Told, dimension: Dimension | null): string | null {
  const text = unanswered.find(({ what }) => what === (dimension ?? 'rates'))?.text
  return text === undefined ? null : textOf(text)
}

/** Age, origin and reason of a served figure. */
export function servedFrom(standIn: StandIn, what: Charted, windowMs: number) {
  return {
    at: standIn.at,
    source: say('tokens.source.served', {
      source: standIn.source,
      span: formatDuration(windowMs),
      why: textOf(standIn.why),
    }),
    reason:
      COUNTED.has(what) && standIn.notes.length > 0
        ? standIn.notes.map((note) => textOf(note)).join(' ')
        : say('tokens.served.notCounted', {
            measure: inSentence(MEASURE_WORDS[what].title),
            why: textOf(standIn.why),
          }),
  }
}

/** What inference servers count at all: where it is missing, a note says why. */
const COUNTED: ReadonlySet<Charted> = new Set(['tokens', 'input', 'output', 'requests'])

/** An empty name of a GPU type means two things: the metering left it open, or a server is not mapped to a GPU. */
export function namedBy(standIn: StandIn | null, dimension: Dimension, name: string): string {
  return name === '' && dimension === 'gpuType' && standIn !== null ? UNJOINED : nameWords(name)
}

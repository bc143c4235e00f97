import type { RankedRow, TokensOverview } from '../../../shared/contract/tokens.ts'
import { type Charted, type Dimension, DIMENSION_TITLES } from '../../../shared/model/tokens.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { message } from '../../../shared/messages/message.ts'
import { inSentence, say } from '../../../shared/messages/format.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import { rangeOf } from '../../state/tokens/ranges.ts'
import { isFiltered } from '../../state/tokens/filters.ts'
import {
  chartedRate,
  DIMENSION_ORDER,
  dimensionWords,
  lackOf,
  MEASURE_WORDS,
  saidLack,
} from '../../state/tokens/measures.ts'
import { type RankedBar, RankedBars } from '../../ui/chart/RankedBars.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { LastGood } from '../../ui/figure/LastGood.tsx'
import { useFinder } from '../../ui/keys/actions.ts'
import { useColours } from '../../ui/theme/colours.ts'
import { Say } from '../../ui/text/Say.tsx'
import { RangedRanking } from './RangedRanking.tsx'
import { roleOf } from './layers.ts'
import { provenance } from './provenance.ts'
import { StandInNote } from './served/StandInNote.tsx'
import { namedBy, standInFor, unansweredOf } from './served/servedTexts.ts'
import { toggleFilter } from './usePlace.ts'
import { slotColour, useSlotsOf } from './useSlots.ts'
import { firstNote, originNextStep } from '../../state/tokens/originWords.ts'

/** The few above the many. Their places are fixed: a filter that shortens one list must not move the next one. */
const COLUMNS = [DIMENSION_ORDER.slice(0, 2), DIMENSION_ORDER.slice(2)] as const

/** As many names as the palette can show at once. */
const MOST_FOUND = 24

interface RankingsProps {
  readonly overview: TokensOverview
  readonly place: TokensPlace
}

/** Who uses how much, in each dimension; choosing in one narrows the others. */
export function Rankings({ overview, place }: RankingsProps) {
  useNameFinder(overview)
  return (
    <div className="tokens-rankings">
      {COLUMNS.map((column) => (
        <div key={column.join(' ')} className="ranking-column">
          {column.map((dimension) =>
            // What is counted live comes as one stream; another range is a question of its own.
            place.range === 'live' ? (
              <Ranking key={dimension} dimension={dimension} overview={overview} place={place} />
            ) : (
              <RangedRanking
                key={dimension}
                dimension={dimension}
                place={place}
                range={rangeOf(place.range)}
              />
            ),
          )}
        </div>
      ))}
    </div>
  )
}

function Ranking({ dimension, overview, place }: RankingsProps & { dimension: Dimension }) {
  const colours = useColours()
  const slots = useSlotsOf(dimension)
  const { rows, others, total } = overview.dimensions[dimension]
  const { one, many } = DIMENSION_TITLES[dimension]
  const { measure, filters } = place
  const { title, rateUnit } = MEASURE_WORDS[measure]
  const standIn = standInFor(overview, dimension)
  const bars = rankBy(rows, others?.rates ?? null, measure).map(
    (row): RankedBar => ({
      ...row,
      title: namedBy(standIn, dimension, row.name),
      role: roleOf(filters, dimension, row.name),
      colour: place.by === dimension && slots.size > 0 ? slotColour(slots, row.name, colours) : null,
    }),
  )
  const figure = { ...provenance(overview, measure, bars[0]?.value ?? null, dimension), unit: rateUnit }
  const beyond = others !== null && others.count > 0
  return (
    <section
      className="ranking"
      aria-label={say('ranking.label.rate', { what: many, measure: inSentence(title) })}
    >
      <header className="ranking-head">
        <h3>{total === 1 ? one : many}</h3>
        <Figure
          label={say('ranking.total', { what: many })}
          // What never answered has not said that there are none.
          value={total === 0 && overview.origin.dataAsOf === null && standIn === null ? null : total}
          reason={lackOf(overview.origin, dimension)}
          kind="count"
          quiet
          size="tiny"
        />
        <LastGood />
        <span className="secondary" title={MEASURE_WORDS[measure].meaning}>
          {say('ranking.of', {
            measure: inSentence(title),
            range: message('tokens.mean', { range: formatDuration(overview.windowMs) }),
          })}
          {standIn !== null && <span className="served-mark">{say('ranking.served')}</span>}
        </span>
      </header>
      {rows.length === 0 ? (
        <EmptyState reason={emptyReason(overview, dimension)} nextStep={emptyNextStep(overview, place)} />
      ) : (
        <RankedBars
          label={many}
          rows={bars}
          figure={figure}
          onToggle={(name) => toggleFilter(dimension, name)}
          {...(beyond
            ? {
                beyond: (
                  <>
                    <Say
                      id={measure === 'tokens' ? 'ranking.others' : 'ranking.others.byTokens'}
                      values={{
                        n: others.count,
                        count: (
                          <Figure
                            label={say('ranking.others.label')}
                            value={others.count}
                            kind="count"
                            quiet
                            size="tiny"
                          />
                        ),
                        value: (
                          <Figure
                            {...figure}
                            label={say('ranking.rest.label', { measure: title })}
                            value={chartedRate(others.rates, measure)}
                            size="tiny"
                          />
                        ),
                      }}
                    />
                  </>
                ),
              }
            : {})}
        />
      )}
      {standIn !== null && dimension === 'gpuType' && <StandInNote standIn={standIn} />}
    </section>
  )
}

function emptyReason(overview: TokensOverview, dimension: Dimension): string {
  const { origin } = overview
  const unanswered = unansweredOf(overview, dimension)
  if (unanswered !== null) return unanswered
  const standIn = standInFor(overview, dimension)
  if (standIn !== null) return firstNote(standIn.notes) ?? say('ranking.none.served')
  if (saidLack(origin, dimension) !== null || origin.state !== 'ok') return lackOf(origin, dimension)
  return say('ranking.none', { dimension: dimensionWords(dimension) })
}

function emptyNextStep({ origin, unanswered }: TokensOverview, { filters }: TokensPlace): string {
  if (isFiltered(filters)) return say('ranking.next.filtered')
  if (origin.state === 'none') return originNextStep(origin)
  if (unanswered.length > 0) return say('ranking.next.served')
  return origin.lacks.length > 0 ? say('ranking.next.lacks') : say('ranking.next.sources')
}

/** In the order of the chosen measure, with its share; rows come in the order of tokens and stay so for tokens. */
export function rankBy(
  rows: readonly RankedRow[],
  others: RankedRow['rates'] | null,
  measure: Charted,
): { name: string; value: number | null; share: number | null; spark: RankedRow['spark'] | null }[] {
  const values = rows.map(({ rates }) => chartedRate(rates, measure))
  if (measure === 'tokens') {
    return rows.map(({ name, share, spark }, at) => ({ name, value: values[at] ?? null, share, spark }))
  }
  const beyond = others === null ? 0 : chartedRate(others, measure)
  const sum = values.reduce<number | null>(
    (all, value) => (all === null || value === null ? null : all + value),
    beyond,
  )
  return rows
    .map(({ name }, at) => {
      const value = values[at] ?? null
      return {
        name,
        value,
        share: value === null || sum === null || sum === 0 ? null : value / sum,
        spark: null,
      }
    })
    .toSorted((a, b) => (b.value ?? -1) - (a.value ?? -1))
}

/** Lets the palette find anything that is listed, and filter by it. */
function useNameFinder(overview: TokensOverview): void {
  useFinder({
    id: 'tokens.names',
    group: say('palette.group.filterTokens'),
    find: (query) => {
      const wanted = query.trim().toLowerCase()
      return DIMENSION_ORDER.flatMap((dimension) =>
        overview.dimensions[dimension].rows
          .filter(({ name }) => name !== '' && name.toLowerCase().includes(wanted))
          .map(({ name }) => ({
            id: `tokens.filter.${dimension}.${name}`,
            title: `${DIMENSION_TITLES[dimension].one}: ${name}`,
            group: say('palette.group.filterTokens'),
            run: () => toggleFilter(dimension, name),
          })),
      ).slice(0, MOST_FOUND)
    },
  })
}

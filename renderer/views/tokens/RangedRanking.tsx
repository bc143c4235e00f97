import type { StandIn, TokenOrigin } from '../../../shared/contract/tokens.ts'
import {
  type Charted,
  type Dimension,
  DIMENSION_TITLES,
  type TokenFilters,
} from '../../../shared/model/tokens.ts'
import { inSentence, say } from '../../../shared/messages/format.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import { isFiltered, withNames } from '../../state/tokens/filters.ts'
import { chartedTotal, dimensionWords, lackOf, MEASURE_WORDS } from '../../state/tokens/measures.ts'
import { type RangedRow, rankRates, rankTotals } from '../../state/tokens/rangeRanking.ts'
import type { Range } from '../../state/tokens/ranges.ts'
import { RankedBars } from '../../ui/chart/RankedBars.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { LastGood } from '../../ui/figure/LastGood.tsx'
import { useColours } from '../../ui/theme/colours.ts'
import { Say } from '../../ui/text/Say.tsx'
import { roleOf } from './layers.ts'
import { PicturePlace } from './PicturePlace.tsx'
import { namedBy } from './served/servedTexts.ts'
import { type Ask, useAsked } from './useAsked.ts'
import { toggleFilter } from './usePlace.ts'
import { slotColour, useSlotsOf } from './useSlots.ts'

/** Rows of a ranking; who lies beyond is summed up under them. */
const RANKED = 40
/** Enough for a shape beside a name. */
const SPARK_POINTS = 30

interface Question {
  readonly measure: Charted
  readonly by: Dimension
  readonly filters: TokenFilters
  readonly range: Range
}

interface Ranked {
  readonly rows: readonly RangedRow[]
  readonly origin: TokenOrigin
  readonly standIn: StandIn | null
}

let turn: Promise<unknown> = Promise.resolve()

/** One ranking after the other: the picture of the same range is asked for beside them, and is looked at first. */
const askRanking: Ask<Question, Ranked> = (client, question, now, signal) => {
  const mine = turn.then(() => {
    signal.throwIfAborted()
    return askOne(client, question, now, signal)
  })
  turn = mine.catch(() => undefined)
  return mine
}

/** Under the filters of the other dimensions, so that what is chosen is seen beside the rest. */
const askOne: Ask<Question, Ranked> = async (client, { measure, by, filters, range }, now, signal) => {
  const asked = { groupBy: by, filters: withNames(filters, by, []), top: RANKED }
  if (range.kind === 'span') {
    const span = { fromMs: now - range.spanMs, toMs: now, maxPoints: SPARK_POINTS, measure }
    const { series, origin, standIn } = await client.call('tokens.history', { ...asked, ...span }, { signal })
    return { rows: rankRates(series), origin, standIn }
  }
  const { bucket, buckets } = range
  const { groups, origin } = await client.call('tokens.totals', { ...asked, bucket, buckets }, { signal })
  const totals = groups.map(({ name, rest, sum }) => ({ name, rest, total: chartedTotal(sum, measure) }))
  return { rows: rankTotals(totals), origin, standIn: null }
}

interface RangedRankingProps {
  readonly dimension: Dimension
  readonly place: TokensPlace
  readonly range: Range
}

/** Who used how much over the chosen range; the ranking of now is for the live one. */
export function RangedRanking({ dimension, place, range }: RangedRankingProps) {
  const { filters, by } = place
  const { many } = DIMENSION_TITLES[dimension]
  const colours = useColours()
  const slots = useSlotsOf(dimension)
  const asked = useAsked<Question, Ranked>(
    { measure: place.measure, by: dimension, filters, range },
    range.everyMs,
    askRanking,
  )
  const { answer, failure } = asked
  // While another question is under way its answer is not there: what is shown is named as what it is.
  const of = answer?.of ?? { measure: place.measure, range }
  const { measure } = of
  const { title, rateUnit, totalUnit } = MEASURE_WORDS[measure]
  const perSecond = of.range.kind === 'span'
  const words = perSecond ? say('tokens.mean', { range: of.range.words }) : of.range.words
  const standIn = answer?.output.standIn ?? null
  const rows = answer?.output.rows ?? []
  const rest = rows.find((row) => row.rest)
  const named = rows.filter((row) => !row.rest)
  const figure = {
    unit: perSecond ? rateUnit : totalUnit,
    at: standIn?.at ?? answer?.output.origin.dataAsOf ?? null,
    source: `${standIn?.source ?? answer?.output.origin.name ?? ''}, ${words}`,
    reason: answer === null ? '' : lackOf(answer.output.origin, measure),
    ...(failure === null ? {} : { state: 'stale' as const, quiet: true, reason: failure.text }),
  }
  return (
    <section
      className="ranking"
      aria-label={say('ranking.label', { what: many, measure: inSentence(title), range: words })}
    >
      <header className="ranking-head">
        <h3>{many}</h3>
        <Figure
          label={say('ranking.total', { what: many })}
          value={answer === null || rest !== undefined ? null : named.length}
          reason={answer === null ? say('ranking.noAnswer') : say('ranking.more', { most: RANKED })}
          kind="count"
          quiet
          size="tiny"
        />
        {failure !== null && answer !== null ? <LastGood at={answer.at} /> : <LastGood />}
        <span className="secondary" title={MEASURE_WORDS[measure].meaning}>
          {say('ranking.of', { measure: inSentence(title), range: words })}
          {standIn !== null && <span className="served-mark">{say('ranking.served')}</span>}
        </span>
      </header>
      <PicturePlace asked={asked} asking={say('ranking.asking', { what: inSentence(many) })}>
        {named.length === 0 ? (
          <EmptyState
            reason={say('ranking.none', { dimension: dimensionWords(dimension) })}
            nextStep={isFiltered(filters) ? say('ranking.next.filtered') : say('ranking.next')}
          />
        ) : (
          <RankedBars
            label={many}
            rows={named.map((row) => ({
              ...row,
              title: namedBy(standIn, dimension, row.name),
              role: roleOf(filters, dimension, row.name),
              colour: by === dimension && slots.size > 0 ? slotColour(slots, row.name, colours) : null,
            }))}
            figure={figure}
            onToggle={(name) => toggleFilter(dimension, name)}
            {...(rest === undefined
              ? {}
              : {
                  beyond: (
                    <>
                      <Say
                        id="ranking.rest"
                        values={{
                          value: (
                            <Figure
                              {...figure}
                              label={say('ranking.rest.label', { measure: title })}
                              value={rest.value}
                              size="tiny"
                            />
                          ),
                        }}
                      />
                    </>
                  ),
                })}
          />
        )}
      </PicturePlace>
    </section>
  )
}

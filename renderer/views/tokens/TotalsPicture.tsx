import { useMemo } from 'react'
import type { BucketTotals } from '../../../shared/contract/tokens.ts'
import { inSentence, say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import type { Range } from '../../state/tokens/ranges.ts'
import { stackLayers } from '../../ui/chart/stacked/stack.ts'
import { chartedTotal, dimensionWords, lackOf, MEASURE_WORDS } from '../../state/tokens/measures.ts'
import { ChartFrame } from '../../ui/chart/ChartFrame.tsx'
import { StackedChart } from '../../ui/chart/stacked/StackedChart.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useColours } from '../../ui/theme/colours.ts'
import { bucketName, bucketNotes, bucketSum, drawnLayers, exactColumns } from './buckets.ts'
import { colouredNames, layerStyles } from './layers.ts'
import { PicturePlace } from './PicturePlace.tsx'
import { askTotals, type TotalsQuestion } from './questions.ts'
import { TotalsTable } from './TotalsTable.tsx'
import { useAsked } from './useAsked.ts'
import { toggleFilter } from './usePlace.ts'
import { useSlots } from './useSlots.ts'

interface TotalsPictureProps {
  readonly place: TokensPlace
  readonly range: Extract<Range, { kind: 'buckets' }>
}

/** Exact totals of the site's hours, days or months: as bars, and every digit in the table below. */
export function TotalsPicture({ place, range }: TotalsPictureProps) {
  const { by, filters, measure } = place
  const { bucket, buckets } = range
  const asked = useAsked<TotalsQuestion, BucketTotals>(
    { bucket, buckets, by, filters },
    range.everyMs,
    askTotals,
  )
  const { answer, failure } = asked
  const { title, totalUnit } = MEASURE_WORDS[measure]
  const what = say('tokens.totals.title', { measure: title, dimension: dimensionWords(by) })
  const notes = [
    ...(answer === null
      ? []
      : [
          say(`tokens.totals.source.${range.bucket}`, {
            source: answer.output.origin.name,
            zone: answer.output.timezone,
          }),
          ...answer.output.warnings,
        ]),
    ...(failure !== null && answer !== null ? [say('tokens.notRenewed', { problem: failure.text })] : []),
  ].join(' · ')
  return (
    <div className="tokens-totals">
      <ChartFrame
        title={
          answer === null
            ? say('tokens.totals.range', { what, range: range.words })
            : say('tokens.totals.range.zone', { what, range: range.words, zone: answer.output.timezone })
        }
        figure={
          answer && (
            <span className="totals-all">
              <span className="secondary">{say('tokens.totals.all')} </span>
              <Figure
                label={say('tokens.totals.all.label', { measure: title, range: range.words })}
                value={chartedTotal(answer.output.sum, measure)}
                unit={totalUnit}
                at={answer.output.origin.dataAsOf}
                source={answer.output.origin.name}
                reason={lackOf(answer.output.origin, measure)}
              />
            </span>
          )
        }
        goodAt={answer !== null && failure !== null ? answer.at : null}
        note={notes === '' ? undefined : <span title={notes}>{notes}</span>}
      >
        <PicturePlace
          asked={asked}
          asking={say('tokens.picture.asking', { picture: inSentence(what), range: range.words })}
        >
          {answer !== null && <Bars of={answer.of} totals={answer.output} measure={measure} />}
        </PicturePlace>
      </ChartFrame>
      {answer !== null && <TotalsTable size={answer.of.bucket} totals={answer.output} measure={measure} />}
    </div>
  )
}

interface BarsProps {
  readonly of: TotalsQuestion
  readonly totals: BucketTotals
  readonly measure: TokensPlace['measure']
}

function Bars({ of, totals, measure }: BarsProps) {
  const colours = useColours()
  const now = useNow()
  const slots = useSlots(of.by, colouredNames(totals.groups))
  const columns = useMemo(() => exactColumns(totals, measure), [totals, measure])
  const stack = useMemo(
    () => stackLayers(drawnLayers(totals, columns), totals.buckets.length),
    [totals, columns],
  )
  const times = useMemo(() => totals.buckets.map(({ fromMs, toMs }) => (fromMs + toMs) / 2), [totals])
  const { title, totalUnit } = MEASURE_WORDS[measure]
  const first = totals.buckets[0]
  const last = totals.buckets.at(-1)
  if (
    first === undefined ||
    last === undefined ||
    !columns.some((column) => column.some((one) => one !== null))
  ) {
    return (
      <EmptyState
        reason={
          totals.groups.length === 0
            ? say('tokens.totals.none')
            : say('tokens.totals.unknown', { measure: title, reason: lackOf(totals.origin, measure) })
        }
        nextStep={say('tokens.totals.next')}
      />
    )
  }
  const instant = (at: number): string => {
    const bucket = totals.buckets.find(({ fromMs, toMs }) => at >= fromMs && at < toMs)
    if (bucket === undefined) return ''
    const notes = bucketNotes(bucket, of.bucket, now)
    return `${bucketName(bucket, of.bucket, totals.timezone)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
  }
  return (
    <StackedChart
      label={say(`tokens.totals.per.${of.bucket}`, { measure: title })}
      times={times}
      fromMs={first.fromMs}
      toMs={last.toMs}
      stack={stack}
      layers={layerStyles(stack.layers, of.by, of.filters, slots, colours)}
      bars={totals.buckets}
      unit={totalUnit}
      instant={instant}
      onToggle={(name) => toggleFilter(of.by, name)}
      source={totals.origin.name}
      exact={(layer, at) => (layer === 'total' ? bucketSum(columns, at) : (columns[layer]?.[at] ?? null))}
    />
  )
}

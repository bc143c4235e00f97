import { useMemo, useState } from 'react'
import { formatClock, formatDate, formatDuration, zoneName } from '../../../shared/model/time.ts'
import { inSentence, say, textOf } from '../../../shared/messages/format.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import { isFiltered } from '../../state/tokens/filters.ts'
import { useNow } from '../../state/now.ts'
import { inOrderOf } from '../../state/tokens/layerOrder.ts'
import { knownUntil } from '../../state/tokens/continued.ts'
import type { Range } from '../../state/tokens/ranges.ts'
import { stackLayers } from '../../ui/chart/stacked/stack.ts'
import { dimensionWords, lackOf, MEASURE_WORDS, saidLack } from '../../state/tokens/measures.ts'
import { ChartFrame } from '../../ui/chart/ChartFrame.tsx'
import { StackedChart } from '../../ui/chart/stacked/StackedChart.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { useColours } from '../../ui/theme/colours.ts'
import { CHART_GUTTER } from './gutter.ts'
import { colouredNames, layerStyles } from './layers.ts'
import { PicturePlace, usePoints } from './PicturePlace.tsx'
import { askHistory, type HistoryPicture as Answer, type HistoryQuestion } from './questions.ts'
import { type Asked, useAsked } from './useAsked.ts'
import { toggleFilter } from './usePlace.ts'
import { useSlots } from './useSlots.ts'
import { firstNote, originNextStep, originText } from '../../state/tokens/originWords.ts'

interface HistoryPictureProps {
  readonly place: TokensPlace
  readonly range: Extract<Range, { kind: 'span' }>
}

/** The chosen measure per second over the range, in layers of the chosen dimension. */
export function HistoryPicture({ place, range }: HistoryPictureProps) {
  const { measure, by, filters } = place
  const { ref, points } = usePoints()
  const asked = useAsked<HistoryQuestion, Answer>(
    { measure, by, filters, spanMs: range.spanMs, maxPoints: points },
    range.everyMs,
    askHistory,
  )
  const what = titleOf(measure, by)
  return (
    <div ref={ref} className="tokens-picture">
      <ChartFrame
        title={`${what}, ${range.words}`}
        goodAt={goodAt(asked)}
        note={asked.answer && <Note asked={asked} />}
      >
        <PicturePlace
          asked={asked}
          asking={say('tokens.picture.asking', { picture: inSentence(what), range: range.words })}
        >
          {asked.answer !== null && <Layers {...asked.answer} heldFor={asked.failure?.text ?? null} />}
        </PicturePlace>
      </ChartFrame>
    </div>
  )
}

function titleOf(measure: HistoryQuestion['measure'], by: HistoryQuestion['by']): string {
  return say('tokens.picture.rate', { measure: MEASURE_WORDS[measure].title, dimension: dimensionWords(by) })
}

/** Series in the places that they had in the answer before to the same question. */
function useSteadyOrder(question: string, series: Answer['series']): Answer['series'] {
  const [read, setRead] = useState({ question, series, ordered: series })
  if (read.question === question && read.series === series) return read.ordered
  const before = read.question === question ? read.ordered.filter(({ rest }) => !rest) : []
  const ordered = inOrderOf(
    before.map(({ name }) => name),
    series,
  )
  setRead({ question, series, ordered })
  return ordered
}

/** When the picture was good, where it could not be renewed; null while it is current. */
function goodAt({ answer, failure }: Asked<HistoryQuestion, Answer>): number | null {
  return answer === null || failure === null ? null : (knownUntil(answer.output) ?? answer.at)
}

/** Time that has passed since a picture was good takes at most this much of it: the picture itself stays. */
const MOST_SINCE = 0.25

interface LayersProps {
  readonly of: HistoryQuestion
  readonly output: Answer
  /** Why it could not be renewed: time goes on, and nothing is known of it; null where it could. */
  readonly heldFor: string | null
}

function Layers({ of, output, heldFor }: LayersProps) {
  const held = heldFor !== null
  const { by, filters, measure } = of
  const zone = useSiteZone()
  const colours = useColours()
  const slots = useSlots(by, colouredNames(output.series))
  const ordered = useSteadyOrder(JSON.stringify({ by, measure, filters, span: of.spanMs }), output.series)
  const stack = useMemo(() => stackLayers(ordered, output.times.length), [ordered, output])
  const layers = layerStyles(stack.layers, by, filters, slots, colours, output.standIn)
  const { rateUnit } = MEASURE_WORDS[measure]
  const now = useNow()
  const span = output.toMs - output.fromMs
  const toMs = held ? Math.min(Math.max(now, output.toMs), output.toMs + MOST_SINCE * span) : output.toMs
  const hatchedFromMs = held ? knownUntil(output) : output.meteredUntil
  if (!stack.layers.some(({ values }) => values.some((value) => value !== null))) {
    return <NothingKnown of={of} output={output} />
  }
  return (
    <StackedChart
      label={titleOf(measure, by)}
      times={output.times}
      fromMs={output.fromMs}
      toMs={toMs}
      dueMs={dueMs(output)}
      {...(heldFor === null ? {} : { old: heldFor })}
      {...(hatchedFromMs === null ? {} : { hatchedFromMs })}
      gutter={CHART_GUTTER}
      stack={stack}
      layers={layers}
      unit={rateUnit}
      instant={(at) => instantOf(at, output.toMs - output.fromMs, zone)}
      onToggle={(name) => toggleFilter(by, name)}
      source={
        output.stepMs === null
          ? sourceWordsOf(output)
          : say('tokens.source.mean', { source: sourceWordsOf(output), span: formatDuration(output.stepMs) })
      }
    />
  )
}

/** Who says it: the inference servers where they stand in for the metering. */
function sourceWordsOf({ standIn, origin }: Answer): string {
  return standIn?.source ?? origin.name
}

/** The allowed lag and the step that is not over yet: what is missing before is missing. */
function dueMs({ toMs, stepMs, origin }: Answer): number {
  return toMs - origin.lagAllowedMs - 1.5 * (stepMs ?? 0)
}

/** A clock within a day; beyond, the day too. */
function instantOf(at: number, spanMs: number, zone: string): string {
  const clock = `${formatClock(at, zone, spanMs > 2 * 3_600_000 ? 'minutes' : 'seconds')} ${zoneName(at, zone)}`
  return spanMs >= 20 * 3_600_000 ? `${formatDate(at, zone).replace(/ \d{4}$/, '')} ${clock}` : clock
}

function NothingKnown({ of, output }: { of: HistoryQuestion; output: Answer }) {
  const { title } = MEASURE_WORDS[of.measure]
  const { origin, standIn } = output
  if (standIn !== null) {
    return (
      <EmptyState
        reason={firstNote(standIn.notes) ?? say('tokens.picture.served.short')}
        nextStep={say('tokens.picture.served.next')}
      />
    )
  }
  if (origin.state === 'waiting' || origin.state === 'failing' || origin.state === 'none') {
    return <EmptyState reason={originText(origin)} nextStep={originNextStep(origin)} />
  }
  const filtered = isFiltered(of.filters)
  const undivided = saidLack(origin, of.by)
  return (
    <EmptyState
      reason={
        undivided !== null
          ? undivided
          : output.series.length === 0
            ? say(filtered ? 'tokens.picture.none.filtered' : 'tokens.picture.none')
            : say('tokens.picture.unknown', {
                measure: title,
                dimension: dimensionWords(of.by),
                reason: lackOf(origin, of.measure),
              })
      }
      nextStep={filtered ? say('tokens.picture.next.filtered') : say('tokens.picture.next')}
    />
  )
}

function Note({ asked }: { asked: { answer: { output: Answer } | null; failure: { text: string } | null } }) {
  const zone = useSiteZone()
  const { answer, failure } = asked
  if (answer === null) return null
  const { stepMs, standIn, warnings, meteredUntil } = answer.output
  const source = sourceWordsOf(answer.output)
  const points =
    stepMs === null ? source : say('tokens.source.points', { source, step: formatDuration(stepMs) })
  const parts = [
    meteredUntil === null
      ? points
      : say('tokens.picture.servedFrom', {
          time: `${formatClock(meteredUntil, zone)} ${zoneName(meteredUntil, zone)}`,
          source: points,
        }),
    ...(standIn === null ? [] : [standIn.why, ...standIn.notes].map((told) => textOf(told))),
    ...warnings,
    ...(failure === null ? [] : [say('tokens.notRenewed', { problem: failure.text })]),
  ]
  return <span title={parts.join(' · ')}>{parts.join(' · ')}</span>
}

import { formatDuration } from '../../../shared/model/time.ts'
import { figureText } from '../../../shared/model/units.ts'
import type { LatencyFigures } from '../../../shared/contract/tokens.ts'
import { inSentence, say } from '../../../shared/messages/format.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import type { Range } from '../../state/tokens/ranges.ts'
import { latencyScale, LATENCY_ORDER, LATENCY_WORDS } from '../../state/tokens/measures.ts'
import { knownSpan } from '../../state/tokens/latencySpan.ts'
import { ChartFrame } from '../../ui/chart/ChartFrame.tsx'
import { TimeChart } from '../../ui/chart/TimeChart.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { CHART_GUTTER } from './gutter.ts'
import { PicturePlace, usePoints } from './PicturePlace.tsx'
import { askLatency, type LatencyPicture as Answer, type LatencyQuestion } from './questions.ts'
import { Segments } from './Segments.tsx'
import { useAsked } from './useAsked.ts'
import { showPart } from './usePlace.ts'

const KINDS = LATENCY_ORDER.map((value) => ({
  value,
  title: LATENCY_WORDS[value].short,
  hint: say('latency.hint', { title: LATENCY_WORDS[value].title, meaning: LATENCY_WORDS[value].meaning }),
}))
/** Each point is the sum of every server's buckets over several scrapes: costly, and no use to ask for more often. */
const MOST_POINTS = 90
const LEAST_EVERY_MS = 15_000
/** Height of the drawing, rem; it gives the room to the layers above. */
const HEIGHT = 8

interface LatencyPictureProps {
  readonly place: TokensPlace
  readonly range: Extract<Range, { kind: 'span' }>
  /** The tile's: what is observed now. */
  readonly present: LatencyFigures
}

/** Four quantiles of one latency over the same range as the layers above. */
export function LatencyPicture({ place, range, present }: LatencyPictureProps) {
  const { latency: kind, filters } = place
  const { ref, points } = usePoints()
  const asked = useAsked<LatencyQuestion, Answer>(
    { kind, filters, spanMs: range.spanMs, maxPoints: Math.min(points, MOST_POINTS) },
    Math.max(range.everyMs, LEAST_EVERY_MS),
    askLatency,
  )
  const { answer, failure } = asked
  return (
    <div ref={ref} className="tokens-latency">
      <ChartFrame
        title={LATENCY_WORDS[kind].title}
        controls={
          <Segments
            label={say('latency.title')}
            value={kind}
            options={KINDS}
            onChange={(latency) => showPart({ latency })}
          />
        }
        goodAt={answer !== null && failure !== null ? answer.at : null}
        note={
          answer &&
          [
            noteOf(answer.output),
            failure === null ? '' : say('tokens.notRenewed', { problem: failure.text }),
          ].join(' ')
        }
      >
        <PicturePlace
          asked={asked}
          asking={say('tokens.picture.asking', {
            picture: inSentence(LATENCY_WORDS[kind].title),
            range: range.words,
          })}
        >
          {answer !== null && <Quantiles output={answer.output} present={present} />}
        </PicturePlace>
      </ChartFrame>
    </div>
  )
}

/** Of all quantiles, s. */
function highest({ p50, p90, p95, p99 }: Answer): number | null {
  return [p50, p90, p95, p99]
    .flat()
    .reduce((most, value) => (value === null ? most : Math.max(most ?? value, value)), null)
}

function noteOf({ source, stepMs, warnings }: Answer): string {
  return [say('tokens.source.points', { source, step: formatDuration(stepMs) }), ...warnings].join(' · ')
}

/** Requests were observed, and every quantile of them lies where the histograms see no more. */
function Beyond({ bound }: { bound: number }) {
  return (
    <EmptyState
      reason={say('latency.beyond', { bound: figureText(bound, { unit: 's' }) })}
      nextStep={say('latency.beyond.next', { bound: figureText(bound, { unit: 's' }) })}
    />
  )
}

function Quantiles({ output, present }: { output: Answer; present: LatencyFigures }) {
  const { unit, factor } = latencyScale(highest(output))
  const series = (['p50', 'p90', 'p95', 'p99'] as const).map((label) => ({
    label,
    values: output[label].map((value) => (value === null ? null : value * factor)),
  }))
  if (!series.some(({ values }) => values.some((value) => value !== null))) {
    if (output.beyond !== null) return <Beyond bound={output.beyond} />
    // The tile knows sums of now; a course needs what they grew by in steps that are over.
    if ((present[output.kind]?.count ?? 0) > 0) {
      return (
        <EmptyState
          reason={say('latency.noStep', {
            title: LATENCY_WORDS[output.kind].title,
            step: formatDuration(output.stepMs),
          })}
          nextStep={say('latency.noStep.next')}
        />
      )
    }
    return (
      <EmptyState
        reason={say('latency.none', { title: inSentence(LATENCY_WORDS[output.kind].title) })}
        nextStep={say('latency.none.next')}
      />
    )
  }
  const { ms, little } = knownSpan(
    output,
    series.map(({ values }) => values),
  )
  if (little) {
    return (
      <EmptyState
        reason={say('latency.little', {
          title: LATENCY_WORDS[output.kind].title,
          known: formatDuration(ms),
          span: formatDuration(output.toMs - output.fromMs),
        })}
        nextStep={say('latency.little.next')}
      />
    )
  }
  return (
    <TimeChart
      label={LATENCY_WORDS[output.kind].title}
      times={output.times}
      series={series}
      unit={unit}
      height={HEIGHT}
      range={[0, null]}
      gutter={CHART_GUTTER}
      span={[output.fromMs, output.toMs]}
    />
  )
}

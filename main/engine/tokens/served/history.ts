import type { CommandOutput, CommandParsed } from '../../../../shared/contract/contract.ts'
import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import { SERVED_MEASURED } from '../../../core/tokens/served/parts.ts'
import { passing, perSecond, rankServed, SERVED_MEASURES } from '../../../core/tokens/served/flows.ts'
import { fitStep } from '../../../core/tokens/usage/totals.ts'
import { Refusal } from '../../session/refusal.ts'
import { checkRange, filtersOf } from '../answers/asking.ts'
import { NO_RATES, NO_SHARES } from '../answers/blank.ts'
import { forgotten, type ServedFigures } from './figures.ts'
import { servedLack } from '../answers/lacks.ts'
import { type Message, message } from '../../../../shared/messages/message.ts'

type Question = CommandParsed<'tokens.history'>
type Answer = CommandOutput<'tokens.history'>

/** Between two scrapes nothing is known but their mean, ms. */
const FINEST_STEP_MS = 15_000

export interface ServedHistoryParts {
  /** Null without inference servers. */
  readonly figures: ServedFigures | null
  readonly origin: () => TokenOrigin
  readonly now: () => number
}

/**
 * A range in the place of a metering that cannot tell it, from the engine's own memory of served tokens.
 * @param why the metering cannot, a sentence
 * @throws Refusal where the inference servers cannot either
 */
export function servedHistory(
  { figures, origin, now }: ServedHistoryParts,
  question: Question,
  why: Message,
): Answer {
  checkRange(question)
  const { fromMs, maxPoints, measure, groupBy, filters, top } = question
  if (figures === null) {
    throw new Refusal('failed', why, message('refusal.served.next'))
  }
  const counted = SERVED_MEASURES.find((one) => one === measure)
  if (counted === undefined) {
    throw new Refusal(
      'failed',
      message('refusal.served.measure', { reason: why }),
      message('refusal.served.measure.next'),
    )
  }
  const flows = figures.flows()
  const lack = servedLack(flows, groupBy, filters)
  if (lack !== null || groupBy === 'tenant') {
    throw new Refusal('failed', lack ?? why, message('refusal.served.filter.next'))
  }
  const toMs = Math.min(question.toMs, now())
  const since = figures.since()
  // In steps for the part that is known: a month in steps of hours would have no point in it.
  const step = fitStep(Math.max(fromMs, Math.min(since ?? fromMs, toMs - 1)), toMs, maxPoints, FINEST_STEP_MS)
  const { times, stepMs, curves } = figures.course({ fromMs, toMs }, step, maxPoints, SERVED_MEASURED)
  const left = passing(curves, filtersOf(filters))
  const ranked =
    groupBy === null
      ? []
      : rankServed(groupBy, passing(flows, filtersOf(filters)), [], stepMs, top).rows.map(({ name }) => name)
  return {
    origin: origin(),
    stepMs,
    times: [...times],
    toMs: times.length === 0 ? question.toMs : (times.at(-1) as number) + stepMs,
    series: seriesOf(left, groupBy, ranked, (group) => perSecond(group, counted, stepMs)),
    whole: wholeOf(left, stepMs),
    standIn: figures.standIn(passing(flows, filtersOf(filters)), why),
    warnings: since !== null && since > fromMs ? [forgotten(since, now())] : [],
  }
}

type Curves = Parameters<typeof perSecond>[0]

/** Means of what the servers count; a step of which nothing is known counts for none. */
function wholeOf(curves: Curves, stepMs: number): Answer['whole'] {
  if (curves.length === 0) return null
  const mean = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null)
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
  }
  const [input, output, requests] = (['input', 'output', 'requests'] as const).map((measure) =>
    perSecond(curves, measure, stepMs),
  ) as [(number | null)[], (number | null)[], (number | null)[]]
  const rates = { ...NO_RATES, input: mean(input), output: mean(output), requests: mean(requests) }
  return { rates, errorShare: NO_SHARES, input, output }
}

/** The largest groups of now, and the rest: whoever has no layer, and who served before and does no more. */
function seriesOf(
  curves: Curves,
  groupBy: Exclude<Question['groupBy'], 'tenant'>,
  ranked: readonly string[],
  sum: (group: Curves) => (number | null)[],
): Answer['series'] {
  if (curves.length === 0) return []
  if (groupBy === null) return [{ name: '', rest: false, values: sum(curves) }]
  const groups = Map.groupBy(curves, (curve) => curve[groupBy])
  const rest = curves.filter((curve) => !ranked.includes(curve[groupBy]))
  return [
    ...ranked.flatMap((name) => {
      const group = groups.get(name)
      return group === undefined ? [] : [{ name, rest: false, values: sum(group) }]
    }),
    ...(rest.length === 0 ? [] : [{ name: '', rest: true, values: sum(rest) }]),
  ]
}

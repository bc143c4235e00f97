import { Temporal } from 'temporal-polyfill'
import type { Bucket } from '../../../../shared/metering/capabilities.ts'
import { CELL_MS, DAY_MS } from '../../ledger/measures.ts'
import { invalid } from '../reading/context.ts'

/** The steps of an answer: starts in ms, ascending, and where the last one ends. */
export interface Steps {
  readonly starts: readonly number[]
  readonly endMs: number
  /** Null: calendar buckets. */
  readonly seconds: number | null
}

export interface StepQuestion {
  readonly fromMs: number
  readonly toMs: number
  readonly step?: number | undefined
  readonly bucket?: Bucket | undefined
  readonly timezone?: string | undefined
}

/** What one answer may hold at most, over all series. */
export const MAX_POINTS = 20_000
/** Points of an answer that was asked for without a step. */
const USUAL_POINTS = 500
/** Sums of one step stay below 2^53 even on the largest floor. */
const LONGEST_STEP_SECONDS = (31 * DAY_MS) / 1000

/** Steps that people expect. Seconds. */
const NICE = [
  10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000,
]

/**
 * The whole steps that cover a question; those at its ends may reach beyond it.
 * @throws ProblemError naming the parameter
 */
export function stepsOf(question: StepQuestion): Steps {
  const { fromMs, toMs, step, bucket, timezone } = question
  if (bucket !== undefined) {
    if (step !== undefined)
      throw invalid('Ask for a step or for calendar buckets, not for both.', 'query.step')
    return calendarSteps(fromMs, toMs, bucket, timezone ?? 'UTC')
  }
  if (timezone !== undefined) {
    throw invalid(
      'A zone belongs to calendar buckets; steps start at multiples of theirs since 1970.',
      'query.timezone',
    )
  }
  const seconds = step ?? niceStep(fromMs, toMs, 1, USUAL_POINTS)
  if ((seconds * 1000) % CELL_MS !== 0) {
    throw invalid(
      `${seconds} s is not a multiple of minStepSeconds, which is ${CELL_MS / 1000}; ${Math.ceil(seconds / 10) * 10} is.`,
      'query.step',
    )
  }
  if (seconds > LONGEST_STEP_SECONDS) {
    throw invalid(`A step has at most ${LONGEST_STEP_SECONDS} s; ask for bucket=month instead.`, 'query.step')
  }
  const ms = seconds * 1000
  const first = Math.floor(fromMs / ms) * ms
  const count = Math.ceil((toMs - first) / ms)
  checkPoints(1, count, question)
  return {
    starts: Array.from({ length: count }, (_, i) => first + i * ms),
    endMs: first + count * ms,
    seconds,
  }
}

/** @throws ProblemError with the step that fits */
export function checkPoints(series: number, steps: number, question: StepQuestion): void {
  if (series * steps <= MAX_POINTS) return
  const asked = `${series} series of ${steps} steps are ${series * steps} points; an answer holds ${MAX_POINTS}.`
  if (question.bucket !== undefined) {
    throw invalid(
      `${asked} Ask for fewer groups or for a shorter time, or name how many in top.`,
      'query.bucket',
    )
  }
  const fits = niceStep(question.fromMs, question.toMs, series, MAX_POINTS)
  throw invalid(`${asked} A step of ${fits} s fits.`, 'query.step')
}

function niceStep(fromMs: number, toMs: number, series: number, points: number): number {
  const seconds = (toMs - fromMs) / 1000
  const fits = (step: number) => (Math.ceil(seconds / step) + 1) * Math.max(1, series) <= points
  return NICE.find(fits) ?? NICE.at(-1) ?? 86_400
}

function calendarSteps(fromMs: number, toMs: number, bucket: Bucket, timezone: string): Steps {
  const starts: number[] = []
  let at = startOf(zoned(fromMs, timezone), bucket)
  while (at.epochMilliseconds < toMs) {
    starts.push(at.epochMilliseconds)
    if (starts.length > MAX_POINTS) {
      throw invalid(
        `More than ${MAX_POINTS} buckets; ask for a shorter time or for longer buckets.`,
        'query.bucket',
      )
    }
    at = nextOf(at, bucket)
  }
  return { starts, endMs: at.epochMilliseconds, seconds: null }
}

function zoned(ms: number, timezone: string): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone)
  } catch {
    throw invalid(`"${timezone}" is not an IANA zone such as Europe/Berlin.`, 'query.timezone')
  }
}

function startOf(at: Temporal.ZonedDateTime, bucket: Bucket): Temporal.ZonedDateTime {
  if (bucket === 'hour') {
    let start = fullHour(at) ?? fullHour(at.subtract({ hours: 1 })) ?? at
    // Of two hours with one name, the clock may have shown the later one too.
    for (let next = nextOf(start, bucket); next.epochMilliseconds <= at.epochMilliseconds; ) {
      start = next
      next = nextOf(start, bucket)
    }
    return start
  }
  return (bucket === 'day' ? at : at.with({ day: 1 })).startOfDay()
}

/** The full hour that the clock showed last; null where a change by half an hour left it out. */
function fullHour(at: Temporal.ZonedDateTime): Temporal.ZonedDateTime | null {
  const hour = at.round({ smallestUnit: 'hour', roundingMode: 'floor' })
  return hour.minute === 0 ? hour : null
}

/** Days and months are as long as the zone makes them: 23 or 25 hours where the clocks change. */
function nextOf(at: Temporal.ZonedDateTime, bucket: Bucket): Temporal.ZonedDateTime {
  if (bucket === 'hour') {
    const [one, two] = [1, 2].map((hours) => fullHour(at.add({ hours })))
    return one && one.epochMilliseconds > at.epochMilliseconds ? one : (two ?? at.add({ hours: 2 }))
  }
  return at.add(bucket === 'day' ? { days: 1 } : { months: 1 }).startOfDay()
}

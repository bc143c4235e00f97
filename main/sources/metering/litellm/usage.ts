import type { UsageTable } from '../../../core/tokens/types.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { dimensionsOf, isLive } from '../queries.ts'
import { AbilityMissing, type MeteringAbilities, type MeteringSource, type UsageQuestion } from '../types.ts'
import { withTop } from '../usage/builder.ts'
import { joinInTime } from '../usage/join.ts'
import { stepsOf, type UsageSteps } from '../usage/steps.ts'
import { type DailyAsking, dailyUsage } from './daily.ts'
import { areWholeDays, DAY_MS } from './days.ts'
import type { Metrics } from './metrics.ts'
import { type LogsAsking, logsUsage } from './spendLogs.ts'

/** A question that ends before this is about the past, ms. */
const NEWEST_MS = 5 * 60_000

export interface UsageParts {
  /** Null where none are configured. */
  readonly metrics: Metrics | null
  readonly daily: DailyAsking
  readonly logs: LogsAsking
  /** The proxy's clock minus this machine's, steady, ms. */
  readonly offsetMs: () => number
  /** On the proxy's clock, ms. */
  readonly now: () => number
  readonly abilities: (signal: AbortSignal) => Promise<MeteringAbilities>
  readonly requireDatabase: (signal: AbortSignal) => Promise<void>
}

/**
 * Three ways to usage, and which one answers: whole days of UTC come from LiteLLM's own totals; the newest usage of
 * everything by its groups, which the engine asks for all the time, from the counters alone, as far back as they were
 * read; all other steps from the counters as well, and what was before from single requests, where there are few enough.
 */
export function usageOf(parts: UsageParts): MeteringSource['usage'] {
  const { metrics, offsetMs, now } = parts

  /** Counters as they are; what was not read yet is left out. @throws AbilityMissing */
  async function live(question: UsageQuestion, steps: UsageSteps, signal: AbortSignal): Promise<UsageTable> {
    await metrics?.refresh(signal)
    const { lacks } = await parts.abilities(signal)
    const text = lacks.get('liveUsage')
    if (metrics === null || text !== undefined) throw new AbilityMissing('liveUsage', text ?? '')
    return metrics.recent.table(question, steps, offsetMs(), true)
  }

  /** From where on the counters answer a question, ms, and from where on in their course; infinite where they cannot. */
  async function countersFrom(
    question: UsageQuestion,
    steps: UsageSteps,
    signal: AbortSignal,
  ): Promise<{ readonly any: number; readonly steady: number }> {
    const nowhere = { any: Number.POSITIVE_INFINITY, steady: Number.POSITIVE_INFINITY }
    if (metrics === null) return nowhere
    try {
      if (steps.toMs > now() - NEWEST_MS) await metrics.refresh(signal)
    } catch (error) {
      // What was read before stands, with its age; the rest is asked elsewhere.
      if (!(error instanceof SourceFailure) || signal.aborted) throw error
    }
    const { recent } = metrics
    const since = recent.since()
    const tells = recent.hasTokens === true && (!question.groupBy.includes('key') || recent.labels.has('key'))
    if (since === null || metrics.trouble() !== null || !tells) return nowhere
    const steady = recent.steadySince() ?? recent.at() ?? since
    return { any: since + offsetMs(), steady: steady + offsetMs() }
  }

  async function between(
    question: UsageQuestion,
    steps: UsageSteps,
    signal: AbortSignal,
  ): Promise<UsageTable> {
    const from = await countersFrom(question, steps, signal)
    const first = steps.times.findIndex((time) => time >= from.any)
    const steady = steps.times.findIndex((time) => time >= from.steady)
    if (metrics === null || first < 0) {
      await parts.requireDatabase(signal)
      return await logsUsage(parts.logs, question, steps, signal)
    }
    if (steady === 0) return metrics.recent.table(question, steps, offsetMs())
    // Single requests say when in a gap something was used, and the counters only how much in all of it.
    const cutAt = steady < 0 ? steps.times.length : steady
    const earlier = await orWhy(async () => {
      await parts.requireDatabase(signal)
      return await logsUsage(parts.logs, { ...question, top: null }, cut(steps, 0, cutAt), signal)
    }, steps)
    return typeof earlier === 'string'
      ? byCounters(metrics, question, steps, { first, fromMs: from.any, earlier })
      : joinedTo(earlier, metrics, question, cut(steps, cutAt, steps.times.length))
  }

  /** Nothing but the counters can tell: as far back as they were read, gaps included. */
  function byCounters(
    { recent }: Metrics,
    question: UsageQuestion,
    steps: UsageSteps,
    why: { readonly first: number; readonly fromMs: number; readonly earlier: string },
  ): UsageTable {
    const later = recent.table(
      { ...question, top: null },
      cut(steps, why.first, steps.times.length),
      offsetMs(),
    )
    if (why.first === 0) return withTop(later, question.top)
    const since = timeOf(steps.times[why.first] ?? why.fromMs)
    const missing = [...later.missing, `usage before ${since} UTC. ${why.earlier}`]
    return withTop({ ...later, complete: false, missing }, question.top)
  }

  function joinedTo(
    earlier: UsageTable,
    { recent }: Metrics,
    question: UsageQuestion,
    steps: UsageSteps,
  ): UsageTable {
    if (steps.times.length === 0) return withTop(earlier, question.top)
    const later = recent.table({ ...question, top: null }, steps, offsetMs())
    const joined = joinInTime([earlier, later], question.groupBy)
    // Logs that lag leave open what was just before the counters begin.
    const dataAsOf = earlier.dataAsOf < earlier.toMs ? earlier.dataAsOf : later.dataAsOf
    return withTop({ ...joined, dataAsOf }, question.top)
  }

  return async (question, signal) => {
    const { lacks, groups } = await parts.abilities(signal)
    for (const dimension of dimensionsOf(question)) {
      if ((groups as ReadonlySet<string>).has(dimension)) continue
      throw new AbilityMissing(dimension, lacks.get(dimension) ?? `LiteLLM does not tell ${dimension}.`)
    }
    const steps = stepsOf(question)
    if (areWholeDays(steps)) {
      await parts.requireDatabase(signal)
      return await dailyUsage(parts.daily, question, steps, signal)
    }
    const { step } = question
    if ('bucket' in step && step.bucket !== 'hour') {
      throw new AbilityMissing(
        'calendarBuckets',
        `LiteLLM adds up days of UTC and not of ${step.timezone}; site.timezone: UTC makes both the same.`,
      )
    }
    if (
      metrics !== null &&
      isLive(question) &&
      question.groupBy.length > 0 &&
      steps.toMs > now() - NEWEST_MS
    ) {
      return await live(question, steps, signal)
    }
    return await between(question, steps, signal)
  }
}

/** What cannot be told of a few hours, in words, because what is newer can; of days it is a reason to ask otherwise. */
async function orWhy(
  ask: () => Promise<UsageTable>,
  { times, toMs }: UsageSteps,
): Promise<UsageTable | string> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof AbilityMissing) || toMs - (times[0] ?? toMs) >= DAY_MS) throw error
    return error.message.replace(/\.$/, '')
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19)
}

/** Some of the steps, from one on and up to another. */
function cut(steps: UsageSteps, first: number, end: number): UsageSteps {
  const times = steps.times.slice(first, end)
  return {
    times,
    toMs: steps.times[end] ?? steps.toMs,
    indexOf: (ms) => times.indexOf(ms),
  }
}

import type { CommandOutput, CommandParsed } from '../../../../shared/contract/contract.ts'
import type { Totals } from '../../../../shared/model/tokens.ts'
import { calendarBuckets, intoBuckets } from '../../../core/tokens/usage/calendar.ts'
import { addTotals, sumTotals, UNKNOWN_TOTALS, zeroTotals } from '../../../core/tokens/usage/totals.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import { AbilityMissing, type MeteringAbilities, type Range } from '../../../sources/metering/types.ts'
import { Refusal } from '../../session/refusal.ts'
import { askOnce, type Asking, checkDimensions, filtersOf } from '../answers/asking.ts'
import { byRank, remarksOn } from './history.ts'
import { message } from '../../../../shared/messages/message.ts'

type Question = CommandParsed<'tokens.totals'>
type Answer = CommandOutput<'tokens.totals'>

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Steps that days and months of every zone can be summed from, the coarsest first. */
const WHOLE_STEPS = [24 * HOUR, 12 * HOUR, 6 * HOUR, HOUR, 30 * MINUTE, 15 * MINUTE, 5 * MINUTE, MINUTE]
/** More than this is no small question any more. */
const MOST_STEPS = 10_000

/**
 * Exact totals per hour, day or month of the site's calendar. A day begins when it does on the back end's own clock,
 * because that is the day that is billed; so these times are not moved by the difference of the clocks.
 * @throws Refusal
 */
export async function tokenTotals(asking: Asking, question: Question, signal: AbortSignal): Promise<Answer> {
  return askOnce(asking, 'totals', question, signal, (shared) => ask(asking, question, shared))
}

async function ask(asking: Asking, question: Question, signal: AbortSignal): Promise<Answer> {
  const { source, backendClock, clock, timezone, origin } = asking
  const { bucket, groupBy, filters } = question
  const abilities = await source.abilities(signal)
  checkDimensions(abilities, groupBy, filters)
  const now = backendClock.toRemote(clock.now())
  const buckets = calendarBuckets(bucket, question.buckets, timezone, now)
  const table = await usageBy(asking, question, abilities, buckets, signal)
  const place = new Map(table.times.map((time, step) => [time, step]))
  const steps = buckets.map(({ fromMs }) => place.get(fromMs) ?? -1)
  const kept = now - abilities.retentionMs
  const known = (index: number) => (buckets[index]?.toMs ?? 0) > kept && (steps[index] ?? -1) >= 0
  const groups = byRank(table, groupBy).map(({ row, name, rest }) => {
    const totals = steps.map((step, index) => (known(index) ? sumTotals(table, row, step) : null))
    return { name, rest, totals, sum: sumOf(totals) }
  })
  return {
    origin: origin(),
    timezone,
    buckets: buckets.map(({ fromMs, toMs }) => ({
      fromMs,
      toMs,
      partial: toMs > table.dataAsOf || fromMs < kept || !table.complete,
      doubtful: (table.doubts ?? []).length > 0,
    })),
    groups,
    sum:
      groups.length === 0 && buckets.some((_, index) => known(index))
        ? zeroTotals(table)
        : sumOf(groups.map((group) => group.sum)),
    warnings: [
      ...remarksOn(table),
      ...(buckets.some(({ fromMs }) => fromMs < kept)
        ? [
            `${source.name} does not keep usage for that long; the oldest totals are partly or wholly unknown.`,
          ]
        : []),
    ],
  }
}

/** Of the back end's own calendar where it has one, else of finer steps that are summed here. */
async function usageBy(
  { source, timezone }: Asking,
  { bucket, groupBy, filters, top }: Question,
  abilities: MeteringAbilities,
  buckets: readonly Range[],
  signal: AbortSignal,
): Promise<UsageTable> {
  const first = buckets[0]
  const last = buckets.at(-1)
  if (first === undefined || last === undefined) throw new Error('a calendar has at least one bucket')
  const range = { fromMs: first.fromMs, toMs: last.toMs }
  const common = {
    groupBy: groupBy === null ? [] : [groupBy],
    filters: filtersOf(filters),
    top: groupBy === null ? null : top,
  }
  if (!abilities.lacks.has('calendarBuckets')) {
    try {
      return await source.usage({ ...range, ...common, step: { bucket, timezone } }, signal)
    } catch (error) {
      // It may have hours and days and no months, or only its own zone.
      if (!(error instanceof AbilityMissing) || error.ability !== 'calendarBuckets') throw error
    }
  }
  const stepMs = stepForBuckets(buckets, abilities.minStepMs)
  if (stepMs === null || (range.toMs - range.fromMs) / stepMs > MOST_STEPS) {
    throw new Refusal(
      'failed',
      message(`refusal.calendar.${bucket}`, { source: source.name, timezone }),
      message('refusal.calendar.next'),
    )
  }
  return intoBuckets(await source.usage({ ...range, ...common, step: { ms: stepMs } }, signal), buckets)
}

/** The coarsest step that every bucket begins and ends with; null where the back end has none so fine. */
export function stepForBuckets(buckets: readonly Range[], minStepMs: number): number | null {
  const fits = WHOLE_STEPS.find(
    (step) =>
      step % minStepMs === 0 && buckets.every(({ fromMs, toMs }) => fromMs % step === 0 && toMs % step === 0),
  )
  return fits ?? null
}

function sumOf(totals: readonly (Totals | null)[]): Totals {
  const known = totals.filter((each) => each !== null)
  const [first, ...others] = known
  return first === undefined ? UNKNOWN_TOTALS : others.reduce((sum, each) => addTotals(sum, each), first)
}

import type { CommandOutput, CommandParsed } from '../../../../shared/contract/contract.ts'
import type { Statement } from '../../../../shared/metering/tenants.ts'
import { type CalendarBucket, datesBetween, daysBetween } from '../../../core/tokens/usage/calendar.ts'
import { evidenceOf } from '../../../core/tokens/evidence/evidence.ts'
import { dailySpans, evidenceSpans, type EvidenceSpan } from '../../../core/tokens/evidence/spans.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import { AbilityMissing } from '../../../sources/metering/types.ts'
import { joinInTime } from '../../../sources/metering/usage/join.ts'
import { Refusal } from '../../session/refusal.ts'
import { askOnce, type Asking, checkRange } from '../answers/asking.ts'
import { csvOf } from './file.ts'
import { message } from '../../../../shared/messages/message.ts'

type Question = CommandParsed<'tokens.evidence'>
type Answer = CommandOutput<'tokens.evidence'>

/** More than this is no evidence for one bill any more. */
const MOST_STEPS = 10_000
/** Lines by day are not worth more steps than a month has in quarters of an hour, nor more questions than this. */
const MOST_DAILY_STEPS = 3_000
const MOST_DAILY_SPANS = 120

/**
 * What one tenant used in a period, priced, beside what the billing system says. The period is on the back end's clock,
 * because that is the one that is billed by.
 * @throws Refusal
 */
export async function tenantEvidence(
  asking: Asking & { readonly currency: string; readonly siteName: string },
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const { first, last, daysOf } = question
  const timezone = daysOf === 'utc' ? 'UTC' : asking.timezone
  const range = daysBetween(first, last, timezone)
  checkRange(range)
  // The same dates in two zones are two periods.
  const suffix = timezone === asking.timezone ? '' : '-utc'
  return askOnce(asking, 'evidence', question, signal, (shared) =>
    ask({ ...asking, timezone, suffix }, question, range, shared),
  )
}

async function ask(
  asking: Asking & { readonly currency: string; readonly siteName: string; readonly suffix: string },
  { tenant, first, last, format }: Question,
  range: CalendarBucket,
  signal: AbortSignal,
): Promise<Answer> {
  const { source, clock, backendClock, timezone } = asking
  const abilities = await source.abilities(signal)
  const { fromMs, toMs } = range
  const [rates, statement] = await Promise.all([
    orLacking(() => source.rates(signal)),
    orLacking(() => source.statement(tenant, range, signal)),
  ])
  const days = datesBetween(first, last).map((date) => ({ date, ...daysBetween(date, date, timezone) }))
  const { usage, byDay } = await usageIn(
    asking,
    tenant,
    range,
    days,
    typeof rates === 'string' ? [] : rates.rates.map(({ effectiveFrom }) => Date.parse(effectiveFrom)),
    signal,
  )
  const evidence = evidenceOf({
    site: asking.siteName,
    backend: abilities.backend,
    tenant,
    fromMs,
    toMs,
    timezone,
    preparedAt: backendClock.toRemote(clock.now()),
    currency: asking.currency,
    usage,
    rates: typeof rates === 'string' ? null : rates.rates,
    statement: typeof statement === 'string' ? null : (statement satisfies Statement),
    ...(byDay ? { days } : {}),
    notes: [
      ...[rates, statement].filter((each) => typeof each === 'string'),
      ...(byDay
        ? []
        : [
            'No lines by day: a shorter period, or days of UTC, has them. The lines are of the whole period.',
          ]),
    ],
  })
  const stem = `tokens-${fileName(tenant)}-${first}-${last}${asking.suffix}`
  return {
    filename: `${stem}.${format}`,
    mediaType: format === 'csv' ? 'text/csv' : 'application/json',
    text:
      format === 'csv'
        ? csvOf(evidence.header, evidence.rows)
        : `${JSON.stringify(evidence.document, null, 2)}\n`,
    reconciles: evidence.reconciles,
    notes: evidence.notes,
  }
}

/** What a tenant used in a period, in steps of which each has one price. @throws Refusal */
async function usageIn(
  { source }: Asking,
  tenant: string,
  range: CalendarBucket,
  days: readonly CalendarBucket[],
  priceChanges: readonly number[],
  signal: AbortSignal,
): Promise<{ readonly usage: UsageTable; readonly byDay: boolean }> {
  const { groups, minStepMs } = await source.abilities(signal)
  const groupBy = (['model', 'gpuType'] as const).filter((group) => groups.has(group))
  const daily = dailySpans(days, priceChanges, minStepMs)
  const byDay = daily !== null && stepsOf(daily) <= MOST_DAILY_STEPS && daily.length <= MOST_DAILY_SPANS
  const spans = byDay ? daily : evidenceSpans(range, priceChanges, minStepMs)
  if (spans === null || stepsOf(spans) > MOST_STEPS) {
    throw new Refusal(
      'invalid',
      message('refusal.evidence.steps', { source: source.name, seconds: minStepMs / 1000 }),
      message('refusal.evidence.steps.next'),
    )
  }
  const parts: UsageTable[] = []
  // One after the other: each may be dear to answer, and there are few.
  for (const { fromMs, toMs, stepMs } of spans) {
    const question = { fromMs, toMs, step: { ms: stepMs }, groupBy, filters: { tenant: [tenant] }, top: null }
    parts.push(await source.usage(question, signal))
  }
  // Later parts say nothing of a time that an earlier one does not know yet.
  const open = parts.find((part) => part.dataAsOf < part.toMs) ?? parts.at(-1)
  const joined = joinInTime(parts, groupBy)
  return { usage: { ...joined, dataAsOf: open?.dataAsOf ?? joined.dataAsOf }, byDay }
}

function stepsOf(spans: readonly EvidenceSpan[]): number {
  return spans.reduce((sum, { fromMs, toMs, stepMs }) => sum + (toMs - fromMs) / stepMs, 0)
}

/** Why a back end cannot say it, in words; everything else that fails is thrown. */
async function orLacking<T>(ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof AbilityMissing) return error.message
    throw error
  }
}

function fileName(tenant: string): string {
  return tenant.replace(/[^\w.-]+/g, '_').slice(0, 60)
}

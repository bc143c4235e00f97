import type { CommandOutput, CommandParsed } from '../../../shared/contract/contract.ts'
import type { Statement } from '../../../shared/metering/tenants.ts'
import { type CalendarBucket, daysBetween } from '../../core/tokens/calendar.ts'
import { evidenceOf } from '../../core/tokens/evidence.ts'
import { AbilityMissing } from '../../sources/metering/types.ts'
import { Refusal } from '../session/refusal.ts'
import { askOnce, type Asking, checkRange } from './asking.ts'
import { csvOf } from './evidenceFile.ts'
import { stepForBuckets } from './totals.ts'

type Question = CommandParsed<'tokens.evidence'>
type Answer = CommandOutput<'tokens.evidence'>

/** More than this is no evidence for one bill any more. */
const MOST_STEPS = 10_000

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
  const stepMs = stepForBuckets([range], abilities.minStepMs)
  if (stepMs === null || (toMs - fromMs) / stepMs > MOST_STEPS) {
    throw new Refusal(
      'invalid',
      `${source.name} counts in steps of ${abilities.minStepMs / 1000} s, and the period does not begin and end with one.`,
      'Choose a period of whole hours or days.',
    )
  }
  const groupBy = (['model', 'gpuType'] as const).filter((group) => abilities.groups.has(group))
  const [usage, rates, statement] = await Promise.all([
    source.usage(
      { ...range, step: { ms: stepMs }, groupBy, filters: { tenant: [tenant] }, top: null },
      signal,
    ),
    orLacking(() => source.rates(signal)),
    orLacking(() => source.statement(tenant, range, signal)),
  ])
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
    notes: [rates, statement].filter((each) => typeof each === 'string'),
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

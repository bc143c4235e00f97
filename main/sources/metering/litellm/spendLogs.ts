import type { UsageTable } from '../../../core/tokens/types.ts'
import { grouped } from '../../../../shared/model/phrases.ts'
import { StepTooFine, type UsageQuestion } from '../types.ts'
import type { UsageSteps } from '../usage/steps.ts'
import { DAY_MS } from './days.ts'
import { logInstant, tableOfLogs } from './logs.ts'
import { LONG_REQUEST_MS, longRequests, type LongRequestsAsking } from './longRequests.ts'
import type { NumberedPages } from './numbered.ts'
import type { Day, SpendLogs } from './schema.ts'

/** The most that LiteLLM gives at once. */
export const LOGS_PAGE = 100
/** Single requests that one question may read; they are the dearest way to a sum. */
export const MOST_LOGS = 3_000
/** LiteLLM writes them in batches every ten seconds or so. */
export const LOGS_LAG_MS = 30_000
/** Days without a single log that are looked at more closely. */
const MOST_DOUBTS = 3

export interface LogsAsking extends LongRequestsAsking {
  /** All pages between two instants, both belonging to it; `check` sees how many logs there are before they are read. */
  pages(
    query: Readonly<Record<string, string>>,
    check: (total: number) => void,
    signal: AbortSignal,
  ): Promise<NumberedPages<SpendLogs>>
  /** How many logs there are between two instants. */
  count(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number>
  /** Totals of everything, day by day. */
  days(start: string, end: string, signal: AbortSignal): Promise<readonly Day[]>
  /** On the proxy's clock, ms. */
  now(): number
}

/**
 * Usage of any steps from single requests, where there are few enough of them.
 * @throws StepTooFine where there are too many or LiteLLM does not keep them
 */
export async function logsUsage(
  asking: LogsAsking,
  question: Pick<UsageQuestion, 'groupBy' | 'filters' | 'top'>,
  steps: UsageSteps,
  signal: AbortSignal,
): Promise<UsageTable> {
  const [first = steps.toMs] = steps.times
  const until = Math.min(steps.toMs, asking.now())
  const { tenant } = question.filters
  const team = tenant?.length === 1 && tenant[0] !== '' ? { team_id: tenant[0] as string } : {}
  const range = { start_date: logInstant(first - LONG_REQUEST_MS), end_date: logInstant(until + 1000) }
  const { pages, isCut } = await asking.pages(
    { ...range, ...team },
    (total) => {
      if (total > MOST_LOGS) throw tooMany(total)
    },
    signal,
  )
  const long = await longRequests(asking, team, first, signal)
  const logs = [...pages.flatMap(({ data }) => data), ...long.logs]
  const missing = [
    ...(isCut ? [`requests beyond the first ${grouped(MOST_LOGS)}`] : []),
    ...(long.all ? [] : ['requests that ran longer than 10 minutes']),
  ]
  await refuseLost(asking, new Set(logs.map(({ startTime }) => dayOf(startTime))), first, until, signal)
  return tableOfLogs(question, steps, logs, Math.min(until, asking.now() - LOGS_LAG_MS), missing)
}

/**
 * No logs may mean no requests, or that they are not written (disable_spend_logs) or were deleted. The totals by day
 * know; a day that used something and has no logs at all is not zero but unknown.
 * @throws StepTooFine
 */
async function refuseLost(
  asking: LogsAsking,
  seen: ReadonlySet<string>,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<void> {
  const touched: string[] = []
  for (let ms = fromMs - (fromMs % DAY_MS); ms < toMs; ms += DAY_MS) touched.push(dayOf(ms))
  const doubted = touched.filter((day) => !seen.has(day))
  const [start] = doubted
  const end = doubted.at(-1)
  if (start === undefined || end === undefined) return
  const days = await asking.days(start, end, signal)
  const used = days
    .filter(
      ({ date, metrics }) => doubted.includes(date) && metrics.prompt_tokens + metrics.completion_tokens > 0n,
    )
    .map(({ date }) => date)
  // What is deleted is the oldest.
  for (const day of [...new Set(used)].toSorted().slice(0, MOST_DOUBTS)) {
    const at = Date.parse(day)
    const range = { start_date: logInstant(at), end_date: logInstant(at + DAY_MS - 1000) }
    if ((await asking.count(range, signal)) === 0) throw notKept(day)
  }
}

function tooMany(total: number): StepTooFine {
  return new StepTooFine(
    `LiteLLM adds up whole days of UTC; anything finer is summed here from single requests, and there are ${grouped(total)} or more of them, of which at most ${grouped(MOST_LOGS)} are read. Ask for a shorter time or for whole days (site.timezone: UTC).`,
    DAY_MS,
  )
}

function notKept(day: string): StepTooFine {
  return new StepTooFine(
    `LiteLLM has totals of ${day} but no spend logs of it: they are switched off (disable_spend_logs) or were deleted. Ask for whole days (site.timezone: UTC).`,
    DAY_MS,
  )
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

import { MeteringRefusal } from '../transport/refusal.ts'
import { logInstant } from './logs.ts'
import type { SpendLog, SpendLogs } from './schema.ts'

/** Requests that ran longer than this are looked for by themselves, ms. */
export const LONG_REQUEST_MS = 10 * 60_000
/** So long before the time that is asked for they may have begun, ms: longer ones are not looked for. */
const LONGEST_REQUEST_MS = 6 * 3_600_000
/** Pages that are read for them. */
const MOST_PAGES = 5

export interface LongRequestsAsking {
  /** One page between two instants, both belonging to it. @throws MeteringRefusal */
  readonly page: (
    query: Readonly<Record<string, string>>,
    page: number,
    signal: AbortSignal,
  ) => Promise<SpendLogs>
  /** Whether this proxy sorts as it is asked to. */
  sorts(signal: AbortSignal): Promise<boolean>
}

export interface LongRequests {
  readonly logs: readonly SpendLog[]
  /** False where some may have been left out. */
  readonly all: boolean
}

/**
 * Requests that began more than {@link LONG_REQUEST_MS} before a time and ended in it. LiteLLM searches by the start
 * alone, and there may be a great many that began in those hours and ended long ago. Newer versions sort by the end,
 * newest first, so that the first pages hold those that are looked for; older ones ignore that they are asked to.
 * @param fromMs the time begins
 */
export async function longRequests(
  asking: LongRequestsAsking,
  query: Readonly<Record<string, string>>,
  fromMs: number,
  signal: AbortSignal,
): Promise<LongRequests> {
  const range = {
    ...query,
    start_date: logInstant(fromMs - LONGEST_REQUEST_MS),
    end_date: logInstant(fromMs - LONG_REQUEST_MS - 1000),
  }
  const ask = await askingSorted(asking.page, range, signal)
  const logs: SpendLog[] = []
  let newest = Number.POSITIVE_INFINITY
  let started = Number.POSITIVE_INFINITY
  let byEnd = true
  let byStart = true
  for (let number = 1; number <= MOST_PAGES; number++) {
    const { data, total_pages: pages } = await ask(number)
    for (const log of data) {
      byEnd &&= log.endTime <= newest
      byStart &&= log.startTime <= started
      newest = log.endTime
      started = log.startTime
      if (log.endTime >= fromMs) logs.push(log)
    }
    if (number >= pages || data.length === 0) return { logs, all: true }
    if (!byEnd || newest >= fromMs) continue
    // Requests of like length end in the order in which they began, so the order alone may prove nothing.
    if (!byStart || (await asking.sorts(signal))) return { logs, all: true }
  }
  return { logs, all: false }
}

/** Whether a proxy sorts at all: one that does refuses to sort by a column that there is not. */
export async function sortsLogs(
  page: LongRequestsAsking['page'],
  nowMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const range = { start_date: logInstant(nowMs - 1000), end_date: logInstant(nowMs) }
  try {
    await page({ ...range, sort_by: 'no_such_column' }, 1, signal)
    return false
  } catch (error) {
    if (!(error instanceof MeteringRefusal) || ![400, 422].includes(error.status)) throw error
    return true
  }
}

/** Sorted by the end where this version takes that; versions that do not either ignore or refuse it. */
async function askingSorted(
  page: LongRequestsAsking['page'],
  range: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<(number: number) => Promise<SpendLogs>> {
  const sorted = { ...range, sort_by: 'endTime', sort_order: 'desc' }
  try {
    const first = await page(sorted, 1, signal)
    return async (number) => (number === 1 ? first : await page(sorted, number, signal))
  } catch (error) {
    if (!(error instanceof MeteringRefusal) || ![400, 422].includes(error.status)) throw error
    return (number) => page(range, number, signal)
  }
}

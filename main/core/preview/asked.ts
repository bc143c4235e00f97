import type { Range, ReliefMinute } from './types.ts'

/**
 * How much is asked for, by how much is done: requests that wait at the end of a minute and did not at its start are asked
 * for as well. 1 where no queue changes, more while one grows. NaN where it is not measured.
 * @param requests that ended in the minute
 */
export function askedRatio(waitingBefore: number, waiting: number, requests: number): number {
  if (!(requests > 0)) return waiting > waitingBefore ? Number.NaN : 1
  return Math.max(0, 1 + (waiting - waitingBefore) / requests)
}

/** Requests are not taken as larger than those that have ended by more than this factor. */
const MOST_LARGER = 1.5

/**
 * Tokens that were asked for, by those that were metered: requests that failed have few or none, those in the queue have
 * none yet, and of what has only just begun the small ones end first. Null where it is not measured, or all failed.
 * @param metered of one route in one minute; `errors` null where they are not known
 * @param queue as of {@link askedRatio}
 * @param usualSize tokens per request of this route as usual; null where it had none
 */
export function askedTokens(
  metered: { readonly tokens: number; readonly requests: number; readonly errors: number | null },
  queue: number,
  usualSize: number | null,
): number | null {
  const { tokens, requests, errors } = metered
  if (Number.isNaN(tokens + requests + queue)) return null
  if (requests === 0) return tokens
  const answered = requests - Math.min(requests, errors ?? 0)
  if (!(answered > 0)) return null
  const size = tokens / answered
  return requests * queue * Math.max(size, Math.min(usualSize ?? 0, MOST_LARGER * size))
}

/** Series of minutes of servers, with what was asked for worked out of their queue. NaN: not measured. */
export function reliefMinutes(series: {
  readonly fromMs: number
  readonly done: Float64Array
  readonly servers: Float64Array
  readonly waiting: Float64Array
  readonly bad: Float64Array
  readonly total: Float64Array
}): ReliefMinute[] {
  const { fromMs, done, servers, waiting, bad, total } = series
  const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)
  return Array.from(done, (amount, minute): ReliefMinute => {
    const before = minute > 0 ? (waiting[minute - 1] as number) : Number.NaN
    const ratio = askedRatio(before, waiting[minute] as number, total[minute] as number)
    return {
      at: fromMs + minute * 60_000,
      work: known(amount * ratio),
      done: known(amount),
      servers: known(servers[minute]),
      waiting: known(waiting[minute]),
      bad: known(bad[minute]),
      total: known(total[minute]),
    }
  })
}

/** Growth from which on one of the others is taken as it is now, not as it was. */
const GROWN = 1.3

/**
 * Work per minute that is asked of servers once a limit is in force: what all others ask as usual, and what the limit lets
 * through. Others are served less than they ask while a queue grows, so the time before the burn counts for them, unless
 * they are served more now.
 * @param others work per minute of each tenant outside the limit, NaN where it is not measured
 * @param before how many of these minutes lie before the burn; all where nothing burns
 * @param admitted work per minute that the limit lets through
 * @returns null where too little is measured
 */
export function workAfter(others: readonly Float64Array[], before: number, admitted: Range): Range | null {
  const [usual, now] = others.reduce(
    (sums, series) => {
      const then = meanOf(series.subarray(Math.max(0, before - 15), before))
      // What still rises is taken as it is in the newest minutes.
      const since = Math.max(known(meanOf(series.subarray(before))), known(meanOf(series.subarray(-3))))
      const grew = since > GROWN * known(then)
      return [sums[0] + (grew ? 0 : known(then)), sums[1] + (grew ? since : 0)] as const
    },
    [0, 0] as readonly [number, number],
  )
  const recent = added(others)
    .subarray(Math.max(0, before - 15), before)
    .filter((value) => value === value)
  if (recent.length < 3) return null
  const mean = meanOf(recent)
  const spread = Math.sqrt(
    recent.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, recent.length - 1),
  )
  // Load wanders on for some minutes: the mean of five of them.
  const margin = (1.65 * spread) / Math.sqrt(Math.min(5, recent.length))
  return {
    low: Math.max(0, usual + now - margin) + admitted.low,
    mid: usual + now + admitted.mid,
    high: usual + now + margin + admitted.high,
  }
}

const known = (value: number) => (value === value ? value : 0)

/** Of the measured ones; NaN where none is. */
function meanOf(values: Float64Array): number {
  const measured = values.filter((value) => value === value)
  return measured.reduce((sum, value) => sum + value, 0) / measured.length
}

function added(all: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(all[0]?.length ?? 0)
  for (const series of all)
    for (const [minute, value] of series.entries()) sum[minute] = (sum[minute] as number) + value
  return sum
}

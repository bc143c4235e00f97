import { message, type Message } from '../../../shared/messages/message.ts'
import { admitEach, admitMinutes } from './bucket.ts'
import type { Cap, Range, Replay, ReplayMinute, ReplayQuestion, ReplayRequest } from './types.ts'

const MINUTE_MS = 60_000

/** What was let through of a measured minute. */
interface Passed {
  readonly tokens: number
  readonly requests: number
}

/**
 * What a limit would have rejected of recent load. Only what is measured counts; where nothing is, nothing is told. Pure.
 */
export function replay({ cap, minutes, requests }: ReplayQuestion): Replay {
  const measured = minutes.filter(isMeasured)
  const blank: Replay = {
    fromMs: minutes[0]?.at ?? 0,
    toMs: (minutes.at(-1)?.at ?? -MINUTE_MS) + MINUTE_MS,
    measuredMinutes: measured.length,
    unmeasuredMinutes: minutes.length - measured.length,
    tokensPerMin: null,
    requestsPerMin: null,
    rejectedTokensPerMin: null,
    rejectedRequestsPerMin: null,
    admittedTokensPerMin: null,
    of: 'nothing',
    notes: [message('preview.replay.nothing', { minutes: minutes.length })],
  }
  if (measured.length === 0) return blank
  const mean = (of: (minute: Measured) => number) =>
    measured.reduce((sum, minute) => sum + of(minute), 0) / measured.length
  const asked = { tokens: mean(({ tokens }) => tokens), requests: mean((minute) => minute.requests) }
  const byRequest = requests !== undefined
  const ways = byRequest ? waysOfRequests(requests, cap, measured) : waysOfMinutes(minutes, cap)
  const rejected = (of: keyof Passed) => ways.map((way) => Math.max(0, asked[of] - way[of]))
  const tokens = rangeOf(rejected('tokens'))
  const count = rangeOf(rejected('requests'))
  return {
    ...blank,
    tokensPerMin: asked.tokens,
    requestsPerMin: asked.requests,
    rejectedTokensPerMin: tokens,
    rejectedRequestsPerMin: byRequest
      ? count
      : widened(count, sizeSpread(measured), asked.requests, measured),
    admittedTokensPerMin: {
      low: asked.tokens - tokens.high,
      mid: asked.tokens - tokens.mid,
      high: asked.tokens - tokens.low,
    },
    of: byRequest ? 'requests' : 'minutes',
    notes: notesOf(cap, minutes.length, measured.length, byRequest),
  }
}

type Measured = ReplayMinute & { readonly requests: number; readonly tokens: number }

function isMeasured(minute: ReplayMinute): minute is Measured {
  return minute.requests !== null && minute.tokens !== null
}

/** The ends of what can be, then what is expected: means per measured minute. */
function waysOfMinutes(minutes: readonly ReplayMinute[], cap: Cap): Passed[] {
  const one = (within: 'spread' | 'burst'): Passed => {
    const tokens = admitted(minutes, 'tokens', cap.tokensPerMin, within)
    const requests = admitted(minutes, 'requests', cap.requestsPerMin, within)
    let [sumTokens, sumRequests, count] = [0, 0, 0]
    for (const [index, minute] of minutes.entries()) {
      if (!isMeasured(minute)) continue
      // The tighter of the two limits decides; which requests it takes does not depend on their size.
      const share = Math.min(part(tokens[index], minute.tokens), part(requests[index], minute.requests))
      sumTokens += minute.tokens * share
      sumRequests += minute.requests * share
      count += 1
    }
    return { tokens: sumTokens / count, requests: sumRequests / count }
  }
  const [spread, burst] = [one('spread'), one('burst')]
  // Requests of many clients lie close to evenly; the other end is all of them at once.
  const mid = {
    tokens: spread.tokens * 0.75 + burst.tokens * 0.25,
    requests: spread.requests * 0.75 + burst.requests * 0.25,
  }
  return [spread, mid, burst]
}

function admitted(
  minutes: readonly ReplayMinute[],
  of: 'tokens' | 'requests',
  perMin: number | null,
  within: 'spread' | 'burst',
): (number | null)[] {
  const amounts = minutes.map((minute) => (isMeasured(minute) ? minute[of] : null))
  return perMin === null ? amounts : admitMinutes(amounts, perMin, within)
}

function part(passed: number | null | undefined, of: number): number {
  return of > 0 ? Math.min(1, (passed ?? of) / of) : 1
}

/** Both ways in which gateways charge, whole at the start or what was used at the end. */
function waysOfRequests(
  requests: readonly ReplayRequest[],
  cap: Cap,
  measured: readonly Measured[],
): Passed[] {
  const starts = new Set(measured.map(({ at }) => at))
  const counted = requests.filter(({ at }) => starts.has(Math.floor(at / MINUTE_MS) * MINUTE_MS))
  const one = (charged: 'whole' | 'after'): Passed => {
    const byTokens =
      cap.tokensPerMin === null
        ? null
        : admitEach(
            counted.map(({ at, tokens }) => ({ at, amount: tokens })),
            cap.tokensPerMin,
            charged,
          )
    const byCount =
      cap.requestsPerMin === null
        ? null
        : admitEach(
            counted.map(({ at }) => ({ at, amount: 1 })),
            cap.requestsPerMin,
            'whole',
          )
    let [tokens, passed] = [0, 0]
    for (const [index, request] of counted.entries()) {
      if (byTokens?.[index] === false || byCount?.[index] === false) continue
      tokens += request.tokens
      passed += 1
    }
    return { tokens: tokens / measured.length, requests: passed / measured.length }
  }
  const [whole, after] = [one('whole'), one('after')]
  const mid = {
    tokens: (whole.tokens + after.tokens) / 2,
    requests: (whole.requests + after.requests) / 2,
  }
  return [whole, mid, after]
}

/** @param values expected one in the middle place */
function rangeOf(values: readonly number[]): Range {
  return { low: Math.min(...values), mid: values[1] ?? 0, high: Math.max(...values) }
}

/**
 * How unequal requests are in size: the coefficient of variation of tokens per request, from how minutes differ (a sum of
 * n independent sizes varies by √n less). Load that comes in bursts looks more unequal than it is, which widens.
 */
function sizeSpread(measured: readonly Measured[]): number {
  const busy = measured.filter(({ requests }) => requests > 0)
  if (busy.length < 3) return 2
  const sizes = busy.map(({ tokens, requests }) => tokens / requests)
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  if (!(mean > 0)) return 0
  const weighted = busy.reduce(
    (sum, { requests }, index) => sum + requests * ((sizes[index] as number) - mean) ** 2,
    0,
  )
  return Math.sqrt(weighted / (busy.length - 1)) / mean
}

/** A few large requests more or less among the rejected ones: 90 % of a normal spread around what is expected. */
function widened(count: Range, spread: number, askedPerMin: number, measured: readonly Measured[]): Range {
  if (count.high <= 0) return count
  const rejected = Math.max(1, count.mid * measured.length)
  const margin = (1.65 * spread * count.mid) / Math.sqrt(rejected)
  return {
    low: Math.max(0, count.low - margin),
    mid: count.mid,
    high: Math.min(askedPerMin, count.high + margin),
  }
}

function notesOf(cap: Cap, minutes: number, measured: number, byRequest: boolean): Message[] {
  const limits = cap.tokensPerMin !== null || cap.requestsPerMin !== null
  const concurrent = (cap.maxConcurrent ?? null) !== null
  return [
    byRequest ? message('preview.replay.requests') : message('preview.replay.minutes'),
    ...(measured < minutes
      ? [message('preview.replay.unmeasured', { unmeasured: minutes - measured, minutes })]
      : []),
    ...(limits ? [message('preview.replay.bucket'), message('preview.replay.retries')] : []),
    ...(concurrent ? [message('preview.replay.concurrency')] : []),
    ...(!limits && !concurrent ? [message('preview.replay.noLimit')] : []),
  ]
}

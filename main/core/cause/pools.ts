import { meanOf, measuredIn, type Span, sumOf } from './series.ts'
import type { PoolSeries } from './types.ts'
import { workOf } from './work.ts'

/** Nobody's load is taken as seen this much too late, minutes. */
const LONGEST_LAG = 5

/** What the servers concerned say about themselves, then and now. All null where they are not measured. */
export interface PoolState {
  /** Servers that answer now, against before, 0–1 and more. */
  readonly serversRatio: number | null
  readonly serversNow: number | null
  readonly serversUsual: number | null
  /** Work done per minute now, against before. */
  readonly workRatio: number | null
  readonly workNow: number | null
  readonly workUsual: number | null
  /** Tokens written per running request, against before: falls as batches fill, and where servers are slow. */
  readonly paceRatio: number | null
  readonly waiting: number | null
  readonly waitingUsual: number | null
}

export function poolState(pools: readonly PoolSeries[], usual: Span, burning: Span): PoolState {
  const newest = { from: Math.max(burning.from, burning.to - 5), to: burning.to }
  const total = (of: (pool: PoolSeries) => Float64Array, span: Span): number | null => {
    if (pools.length === 0 || pools.some((pool) => measuredIn(of(pool), span) === 0)) return null
    return pools.reduce((sum, pool) => sum + meanOf(of(pool), span), 0)
  }
  const work = ({ input, output }: PoolSeries) =>
    input.map((value, minute) => workOf(value, output[minute] as number))
  const both = (of: (pool: PoolSeries) => Float64Array, now: Span) => ({
    now: total(of, now),
    usual: total(of, usual),
  })
  const servers = both((pool) => pool.servers, newest)
  const done = both(work, burning)
  const running = both((pool) => pool.running, burning)
  const waiting = both((pool) => pool.waiting, newest)
  const pace = (at: 'now' | 'usual') => divided(done[at], running[at])
  return {
    serversRatio: divided(servers.now, servers.usual),
    serversNow: servers.now,
    serversUsual: servers.usual,
    workRatio: divided(done.now, done.usual),
    workNow: done.now,
    workUsual: done.usual,
    paceRatio: divided(pace('now'), pace('usual')),
    waiting: waiting.now,
    waitingUsual: waiting.usual,
  }
}

/**
 * How long requests take, queue included, minutes: as many as are there, by how many end a minute (Little's law). 0 where
 * it is not measured.
 */
export function lagOf(pools: readonly PoolSeries[], requests: Float64Array): (minute: number) => number {
  return (minute) => {
    const there = pools.reduce(
      (sum, { running, waiting }) => sum + (running[minute] as number) + (waiting[minute] as number),
      0,
    )
    const lag = there / (requests[minute] as number)
    return Number.isFinite(lag) ? Math.min(LONGEST_LAG, Math.ceil(lag)) : 0
  }
}

/** Tokens that servers counted and the metering did not, per minute; null where either is not measured. */
export function unaccounted(pools: readonly PoolSeries[], metered: Float64Array, span: Span): number | null {
  let [served, counted, minutes] = [0, 0, 0]
  for (let minute = span.from; minute < span.to; minute++) {
    const one = { from: minute, to: minute + 1 }
    const known = pools.length > 0 && pools.every((pool) => measuredIn(pool.output, one) === 1)
    if (!known || measuredIn(metered, one) === 0) continue
    served += pools.reduce((sum, { input, output }) => sum + workOf(sumOf(input, one), sumOf(output, one)), 0)
    counted += sumOf(metered, one)
    minutes += 1
  }
  return minutes === 0 ? null : (served - counted) / minutes
}

function divided(now: number | null, usual: number | null): number | null {
  return now === null || usual === null || !(usual > 0) ? null : now / usual
}

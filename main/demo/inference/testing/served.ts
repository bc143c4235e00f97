import type { ServedCounters } from '../../ledger/types.ts'
import { FIRST_TOKEN_SECONDS, REQUEST_SECONDS, TOKEN_SECONDS } from '../bounds.ts'

const STARTED = Date.UTC(2026, 10, 23, 9)

/** Counters of servers that have done nothing yet. */
export function createServed(pods: number): ServedCounters {
  const column = () => new Float64Array(pods)
  const latency = (bounds: readonly number[]) => ({
    bounds,
    counts: new Float64Array(pods * (bounds.length + 1)),
    sums: column(),
  })
  return {
    input: column(),
    output: column(),
    cachedInput: column(),
    requests: column(),
    errors: column(),
    running: column(),
    waiting: column(),
    kvCache: column(),
    latency: {
      duration: latency(REQUEST_SECONDS),
      timeToFirstToken: latency(FIRST_TOKEN_SECONDS),
      interToken: latency(TOKEN_SECONDS),
    },
    startedAt: column().fill(STARTED),
  }
}

interface Work {
  readonly requests: number
  readonly errors: number
  readonly input: number
  readonly cachedInput: number
  readonly output: number
  readonly running: number
}

/** A server has done this much more. */
export function serve(served: ServedCounters, pod: number, work: Work): void {
  const add = (column: Float64Array, index: number, amount: number) => {
    column[index] = (column[index] ?? 0) + amount
  }
  for (const name of ['requests', 'errors', 'input', 'cachedInput', 'output'] as const)
    add(served[name], pod, work[name])
  served.running[pod] = work.running
  served.waiting[pod] = Math.max(0, work.running - 20)
  served.kvCache[pod] = 0.42
  const observe = (kind: keyof ServedCounters['latency'], count: number, seconds: number) => {
    const { bounds, counts, sums } = served.latency[kind]
    const bucket = bounds.findIndex((bound) => seconds <= bound)
    add(counts, pod * (bounds.length + 1) + (bucket < 0 ? bounds.length : bucket), count)
    add(sums, pod, count * seconds)
  }
  observe('duration', work.requests, 6.2)
  observe('timeToFirstToken', work.requests, 0.3)
  observe('interToken', Math.max(0, work.output - work.requests), 0.021)
}

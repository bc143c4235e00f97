import type { ServedCounters } from '../ledger/types.ts'
import { REQUEST_SECONDS, STEP_TOKENS, TOKEN_SECONDS, TOKEN_SIZES } from './bounds.ts'
import { createSpread, printed, type PrintedHistogram, type SpreadHistogram } from './histograms.ts'

/** What one inference server can say of itself at one moment. Counters are whole and count from its start. */
export interface ServerView {
  /** Seconds since the epoch, simulated. */
  readonly startedAt: number
  readonly uptime: number
  readonly input: number
  readonly output: number
  readonly cachedInput: number
  readonly requests: number
  readonly errors: number
  readonly running: number
  readonly waiting: number
  readonly kvCache: number
  readonly duration: PrintedHistogram
  readonly timeToFirstToken: PrintedHistogram
  readonly interToken: PrintedHistogram
  readonly derived: Readonly<Record<Derived, PrintedHistogram>>
}

/** Histograms that the ledger does not keep, made of what it does keep. */
const DERIVED = {
  promptSizes: { bounds: TOKEN_SIZES, sigma: 0.9 },
  outputSizes: { bounds: TOKEN_SIZES, sigma: 0.9 },
  computedSizes: { bounds: TOKEN_SIZES, sigma: 1.1 },
  stepTokens: { bounds: STEP_TOKENS, sigma: 0.8 },
  perOutputToken: { bounds: TOKEN_SECONDS, sigma: 0.35 },
  queued: { bounds: REQUEST_SECONDS, sigma: 1.2 },
  inferring: { bounds: REQUEST_SECONDS, sigma: 0.7 },
  prefilling: { bounds: REQUEST_SECONDS, sigma: 0.8 },
  decoding: { bounds: REQUEST_SECONDS, sigma: 0.7 },
} as const
type Derived = keyof typeof DERIVED

/** Nothing waits less long than the scheduler needs to look. */
const LEAST_WAIT = 0.002

interface Past {
  readonly startedAt: number
  readonly at: number
  readonly input: number
  readonly output: number
  readonly cachedInput: number
  readonly requests: number
  readonly durations: number
  readonly firstTokens: number
  readonly tokenSeconds: number
  readonly intervals: number
}

/**
 * The views of all servers. What the ledger does not keep is derived from what it has counted since the last look, so
 * that all figures of a server agree with each other and none ever goes back while it runs.
 */
export function createViews(served: ServedCounters, now: () => number): (pod: number) => ServerView {
  const pasts = new Map<number, { past: Past; spreads: Record<Derived, SpreadHistogram> }>()

  function derive(pod: number, current: Past): Record<Derived, SpreadHistogram> {
    const known = pasts.get(pod)
    const same = known !== undefined && known.past.startedAt === current.startedAt
    const spreads = same ? known.spreads : createSpreads()
    addSince(
      spreads,
      same ? known.past : zero(current),
      current,
      served.waiting[pod] ?? 0,
      served.running[pod] ?? 0,
    )
    pasts.set(pod, { past: current, spreads })
    return spreads
  }

  return (pod) => {
    const whole = (column: Float64Array) => Math.floor(column[pod] ?? 0)
    const duration = printed(served.latency.duration, pod)
    const timeToFirstToken = printed(served.latency.timeToFirstToken, pod)
    const interToken = printed(served.latency.interToken, pod)
    const startedAt = (served.startedAt[pod] ?? 0) / 1000
    const input = whole(served.input)
    const output = whole(served.output)
    const cachedInput = Math.min(input, whole(served.cachedInput))
    const requests = whole(served.requests)
    const current: Past = {
      startedAt,
      at: now() / 1000,
      input,
      output,
      cachedInput,
      requests,
      durations: duration.sum,
      firstTokens: timeToFirstToken.sum,
      tokenSeconds: interToken.sum,
      intervals: interToken.count,
    }
    return {
      startedAt,
      uptime: Math.max(0, current.at - startedAt),
      input,
      output,
      cachedInput,
      requests,
      errors: Math.min(requests, whole(served.errors)),
      running: whole(served.running),
      waiting: whole(served.waiting),
      kvCache: served.kvCache[pod] ?? 0,
      duration,
      timeToFirstToken,
      interToken,
      derived: derive(pod, current),
    }
  }
}

function createSpreads(): Record<Derived, SpreadHistogram> {
  const spread = (name: Derived) => createSpread(DERIVED[name].bounds, DERIVED[name].sigma)
  return Object.fromEntries(
    (Object.keys(DERIVED) as Derived[]).map((name) => [name, spread(name)]),
  ) as Record<Derived, SpreadHistogram>
}

function zero({ startedAt }: Past): Past {
  return {
    startedAt,
    at: startedAt,
    input: 0,
    output: 0,
    cachedInput: 0,
    requests: 0,
    durations: 0,
    firstTokens: 0,
    tokenSeconds: 0,
    intervals: 0,
  }
}

function addSince(
  spreads: Record<Derived, SpreadHistogram>,
  past: Past,
  current: Past,
  waiting: number,
  running: number,
): void {
  const grown = (name: Exclude<keyof Past, 'at' | 'startedAt'>) => Math.max(0, current[name] - past[name])
  const requests = grown('requests')
  const output = grown('output')
  const computed = Math.max(0, grown('input') - grown('cachedInput'))
  const seconds = Math.max(1e-3, current.at - past.at)
  // Little's law: who waits, over those who leave per second.
  const wait = requests === 0 ? 0 : Math.max(LEAST_WAIT, (waiting * seconds) / requests)
  const queued = Math.min(grown('firstTokens'), wait * requests)
  const steps = output / Math.max(1, running)
  const intervals = grown('intervals')
  spreads.promptSizes.add(requests, grown('input'))
  spreads.outputSizes.add(requests, output)
  spreads.computedSizes.add(requests, computed)
  spreads.stepTokens.add(steps, computed + output)
  spreads.perOutputToken.add(requests, intervals === 0 ? 0 : (grown('tokenSeconds') / intervals) * requests)
  spreads.queued.add(requests, queued)
  spreads.inferring.add(requests, grown('durations') - queued)
  spreads.prefilling.add(requests, grown('firstTokens') - queued)
  spreads.decoding.add(requests, grown('durations') - grown('firstTokens'))
}

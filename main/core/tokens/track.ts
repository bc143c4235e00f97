import { increase, type IncreaseKind, type IncreaseLimits, type Reading } from './increase.ts'
import type { TypeShare } from './join.ts'
import { RecentRate, type RateLimits } from './recentRate.ts'
import type { ServerIdentity, ServerSample } from './types.ts'

/** What is followed of a server over time. */
export const FOLLOWED = ['input', 'output', 'requests'] as const
export type Followed = (typeof FOLLOWED)[number]

/** A whole rack that reads prompts from its cache stays below the most; a node of eight GPUs below what begins at once. */
const LIMITS: Readonly<Record<Followed, RateLimits>> = {
  input: { most: 20_000_000, atOnce: 100_000, least: 1000 },
  output: { most: 5_000_000, atOnce: 25_000, least: 250 },
  requests: { most: 200_000, atOnce: 1000, least: 10 },
}
/** Weight of the newest pause in the learnt one. */
const LEARNING = 0.2
/** This many pauses without a figure are a gap. */
const PAUSES_IN_GAP = 4

/** A stretch of time in which what was counted is known only in part. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
  /** The total is right, only its course inside the span is not known. */
  readonly exact: boolean
  /** In plain words, without the server's name. */
  readonly why: string
}

/** What one server served of one model, as a curve that never falls, and where the curve is not to be trusted. */
export class Track {
  server: ServerIdentity
  /** Where it runs; the last answer that was one, because a pod that has ended leads nowhere any more. */
  types: readonly TypeShare[] = []
  gauges: ServerSample['gauges']
  /** The newest round still names it. */
  listed = true
  /** When a round left it out for the first time. */
  lostAt = Number.NaN
  readonly firstAt: number
  /** Whether the engine counts tokens at all. */
  countsTokens = false
  readonly spans: Span[] = []
  readonly #sliceMs: number
  readonly #gapMs: number
  readonly #before: Record<Followed, Reading | null> = { input: null, output: null, requests: null }
  readonly #times: number[] = []
  readonly #sums: Record<Followed, number[]> = { input: [], output: [], requests: [] }
  #pauseMs = Number.NaN

  /** @param sliceMs points closer than this are not kept apart */
  constructor(sample: ServerSample, sliceMs: number, gapMs: number) {
    this.server = sample.server
    this.gauges = sample.gauges
    this.firstAt = sample.at
    this.#sliceMs = sliceMs
    this.#gapMs = gapMs
  }

  get lastAt(): number {
    return this.#times.at(-1) ?? this.firstAt
  }

  /** From this long without a figure on the server counts as silent, ms. */
  get gapMs(): number {
    return Math.max(this.#gapMs, Number.isNaN(this.#pauseMs) ? 0 : this.#pauseMs * PAUSES_IN_GAP)
  }

  /** Takes a sample; false where it is not newer than the last. */
  take(sample: ServerSample): boolean {
    const { at, counters } = sample
    const fresh = this.#times.length === 0 || at > this.lastAt
    if (!fresh) return false
    const pause = at - this.lastAt
    this.server = sample.server
    this.gauges = sample.gauges
    this.countsTokens ||= counters.input !== null || counters.output !== null
    const worst = this.#count(at, counters)
    if (worst !== null && this.#times.length > 0) {
      this.spans.push({ fromMs: this.lastAt, toMs: at, exact: worst.exact, why: worst.why(pause) })
    }
    if (pause > 0 && pause <= this.gapMs) {
      this.#pauseMs = Number.isNaN(this.#pauseMs) ? pause : this.#pauseMs + LEARNING * (pause - this.#pauseMs)
    }
    this.#push(at)
    return true
  }

  /** What was counted from its first sample up to a time; 0 before, all after the last sample. */
  upTo(time: number, what: Followed): number {
    const times = this.#times
    const sums = this.#sums[what]
    const end = times.length - 1
    if (end < 0 || time <= (times[0] as number)) return sums[0] ?? 0
    if (time >= (times[end] as number)) return sums[end] as number
    let low = 0
    let high = end
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((times[middle] as number) <= time) low = middle
      else high = middle
    }
    const from = times[low] as number
    const share = (time - from) / ((times[high] as number) - from)
    return (sums[low] as number) + share * ((sums[high] as number) - (sums[low] as number))
  }

  /** Oldest time that the curve still has. */
  get keptFrom(): number {
    return this.#times[0] ?? this.firstAt
  }

  /** Why what it served between two times is not wholly known, in plain words; null where it is. */
  doubt(fromMs: number, toMs: number, firstRoundAt: number): string | null {
    if (!this.countsTokens) return null
    if (
      this.firstAt > fromMs &&
      this.firstAt <= toMs &&
      this.firstAt > firstRoundAt &&
      this.#startedWithCounts
    ) {
      return 'first seen in this time, with tokens served before'
    }
    for (const span of this.spans) {
      const inside = span.fromMs >= fromMs && span.toMs <= toMs
      if (span.toMs > fromMs && span.fromMs < toMs && !(span.exact && inside)) return span.why
    }
    if (toMs <= this.lastAt) return null
    if (this.listed) return 'silent at the end of this time'
    return this.lastAt >= fromMs || this.lostAt > fromMs ? 'ended in this time' : null
  }

  /** Forgets what lies wholly before a time. */
  trim(before: number): void {
    const times = this.#times
    let cut = 0
    while (cut + 1 < times.length && (times[cut + 1] as number) <= before) cut++
    // In larger pieces, so that a busy floor does not move its arrays with every sample.
    if (cut >= 64 || cut > times.length / 2) {
      times.splice(0, cut)
      for (const what of FOLLOWED) this.#sums[what].splice(0, cut)
    }
    while (this.spans.length > 0 && (this.spans[0] as Span).toMs <= before) this.spans.shift()
  }

  #startedWithCounts = false

  #count(at: number, counters: ServerSample['counters']): Doubt | null {
    let worst: Doubt | null = null
    for (const what of FOLLOWED) {
      const value = counters[what]
      if (value === null) continue
      const before = this.#before[what]
      const recent = this.#recent[what]
      const elapsed = before === null ? 0 : at - before.at
      const limits: IncreaseLimits = {
        maxPerSecond: recent.believable(at, elapsed),
        maxPerSecondAfterFall: recent.believableAfterFall(at, elapsed),
        gapMs: this.gapMs,
      }
      const { kind, by } = increase(before, { at, value }, limits)
      if (kind === 'stale') continue
      if (before !== null) learn(recent, kind, (1000 * (value - before.value)) / elapsed, at)
      this.#before[what] = { at, value }
      if (kind === 'first' && what !== 'requests' && value > 0) this.#startedWithCounts = true
      this.#growing[what] += by
      if (kind !== 'counted' && kind !== 'first' && (worst === null || worst.exact)) worst = DOUBTS[kind]
    }
    return worst
  }

  readonly #recent: Record<Followed, RecentRate> = {
    input: new RecentRate(LIMITS.input),
    output: new RecentRate(LIMITS.output),
    requests: new RecentRate(LIMITS.requests),
  }

  /** The sums so far, kept apart because points are thinned out. */
  readonly #growing: Record<Followed, number> = { input: 0, output: 0, requests: 0 }

  #push(at: number): void {
    const times = this.#times
    const beforeLast = times.at(-2)
    if (beforeLast !== undefined && at - beforeLast < this.#sliceMs) {
      times.pop()
      for (const what of FOLLOWED) this.#sums[what].pop()
    }
    times.push(at)
    for (const what of FOLLOWED) this.#sums[what].push(this.#growing[what])
  }
}

function learn(recent: RecentRate, kind: IncreaseKind, perSecond: number, at: number): void {
  if (perSecond < 0) recent.fell(at)
  else if (kind === 'implausible') recent.refused(perSecond, at)
  else recent.grew(perSecond, at)
}

interface Doubt {
  readonly exact: boolean
  readonly why: (pauseMs: number) => string
}

const DOUBTS: Readonly<Record<'gap' | 'restarted' | 'implausible', Doubt>> = {
  gap: { exact: true, why: (pause) => `no figures for ${Math.round(pause / 1000)} s` },
  restarted: { exact: false, why: () => 'started anew; what it served just before is not known' },
  implausible: {
    exact: false,
    why: () => 'its counters jumped far from what it served until then; left out',
  },
}

import { Cadence } from '../../cadence.ts'
import { Counter, type Step } from './counter.ts'
import { GaugeCheck } from './gaugeCheck.ts'
import type { TypeShare } from './join.ts'
import type { RateLimits } from './recentRate.ts'
import type { ServerIdentity, ServerSample } from '../types.ts'
import type { MessageValue } from '../../../../shared/messages/message.ts'

/** What is followed of a server over time. */
export const FOLLOWED = ['input', 'output', 'requests', 'transferredInput'] as const
export type Followed = (typeof FOLLOWED)[number]

/** A whole rack that reads prompts from its cache stays below the most; a node of eight GPUs below what begins at once. */
const LIMITS: Readonly<Record<Followed, RateLimits>> = {
  input: { most: 20_000_000, atOnce: 100_000, least: 1000 },
  output: { most: 5_000_000, atOnce: 25_000, least: 250 },
  requests: { most: 200_000, atOnce: 1000, least: 10 },
  transferredInput: { most: 20_000_000, atOnce: 100_000, least: 1000 },
}
/** Engines that count the tokens of a request once it has ended. */
const COUNTS_AT_END: ReadonlySet<string> = new Set(['SGLang', 'TGI', 'Dynamo', 'vLLM router', 'configured'])
/** Taken for the pause between two samples until it is learnt, ms: Prometheus' own default. */
const USUAL_PAUSE_MS = 60_000
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
  /** As it said last. */
  counters: ServerSample['counters']
  /** The newest round still names it. */
  listed = true
  /** When a round left it out for the first time. */
  lostAt = Number.NaN
  readonly firstAt: number
  /** Whether the engine counts tokens at all. */
  countsTokens = false
  /** Its requests have ended with one token each, see roles.ts. */
  answersOneToken = false
  readonly spans: Span[] = []
  /** End of its last silence, ms. */
  silentUntil = Number.NEGATIVE_INFINITY
  /** When its counters last stepped back to an earlier reading, and when they last jumped; ms. */
  steppedBackAt = Number.NEGATIVE_INFINITY
  jumpedAt = Number.NEGATIVE_INFINITY
  readonly #sliceMs: number
  readonly #gapMs: number
  readonly #times: number[] = []
  readonly #sums: Record<Followed, number[]> = { input: [], output: [], requests: [], transferredInput: [] }
  readonly #cadence = new Cadence()
  readonly #gaugeCheck: GaugeCheck
  #implausible: string | null = null

  /** @param sliceMs points closer than this are not kept apart */
  constructor(sample: ServerSample, sliceMs: number, gapMs: number) {
    this.server = sample.server
    this.gauges = sample.gauges
    this.counters = sample.counters
    this.firstAt = sample.at
    this.#sliceMs = sliceMs
    this.#gapMs = gapMs
    this.#gaugeCheck = new GaugeCheck(COUNTS_AT_END.has(sample.server.engine))
  }

  get lastAt(): number {
    return this.#times.at(-1) ?? this.firstAt
  }

  /** From this long without a figure on the server counts as silent, ms. */
  get gapMs(): number {
    return Math.max(this.#gapMs, (this.#cadence.ms ?? 0) * PAUSES_IN_GAP)
  }

  /** A pause longer than this between two samples was an outage, ms: one that is not learnt yet may be a long one. */
  get #outageMs(): number {
    return Math.max(this.#gapMs, (this.#cadence.ms ?? USUAL_PAUSE_MS) * PAUSES_IN_GAP)
  }

  /** Takes a sample; false where it is not newer than the last. */
  take(sample: ServerSample): boolean {
    const { at, counters } = sample
    const fresh = this.#times.length === 0 || at > this.lastAt
    if (!fresh) return false
    const pause = at - this.lastAt
    const isOutage = pause > this.#outageMs && this.#times.length > 0
    if (isOutage) this.silentUntil = at
    this.server = sample.server
    this.gauges = sample.gauges
    this.counters = counters
    this.#implausible = sample.implausible ?? null
    this.countsTokens ||= counters.input !== null || counters.output !== null
    const counted = { input: this.#growing.input, output: this.#growing.output }
    const worst = this.#count(at, counters)
    const isKnown = this.countsTokens && this.#times.length > 0 && worst === null && this.behindSince === null
    const grown = {
      input: this.#growing.input - counted.input,
      output: this.#growing.output - counted.output,
    }
    this.#gaugeCheck.take(at, sample.gauges, isKnown ? grown : null)
    if (worst !== null && this.#times.length > 0) {
      const fromMs = Math.min(this.lastAt, worst.since)
      this.spans.push({ fromMs, toMs: at, exact: worst.doubt.exact, why: worst.doubt.why(pause) })
    }
    // A single outage among short pauses changes nothing of what is learnt.
    this.#cadence.note(at)
    this.#push(at)
    return true
  }

  /** Whether it has ever counted it. */
  counts(what: Followed): boolean {
    return this.#counters[what].known
  }

  /** How its queue and its counters contradict each other, behind its name; null where they do not. */
  contradiction(): MessageValue | null {
    return this.#implausible ?? this.#gaugeCheck.contradiction()
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
    const behindSince = this.behindSince
    if (behindSince !== null && toMs > behindSince) return DOUBTS.behind.why(0)
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

  /** The doubt that says least, with the time since which it holds. */
  #count(at: number, counters: ServerSample['counters']): { doubt: Doubt; since: number } | null {
    let worst: { doubt: Doubt; since: number } | null = null
    const steps = FOLLOWED.flatMap((what) => {
      const value = counters[what]
      if (value === null) return []
      return [{ what, value, step: this.#counters[what].take(at, value, this.#outageMs, this.#cadence.ms) }]
    })
    // Where one counter jumps, another process answers, and what the others seem to have counted is that of neither.
    const isAnother = steps.some(({ step }) => step.kind === 'implausible')
    for (const { what, value, step: taken } of steps) {
      const step = isAnother ? { ...taken, by: 0 } : taken
      if (step.kind === 'behind') this.steppedBackAt = at
      if (step.kind === 'implausible') this.jumpedAt = at
      if (step.kind === 'stale' || step.kind === 'behind') continue
      if (step.kind === 'first' && isTokens(what) && value > 0) this.#startedWithCounts = true
      if (step.by > 0) this.#book(what, at, step)
      const doubt = doubtOf(step)
      if (doubt !== null && (worst === null || worst.doubt.exact)) worst = { doubt, since: step.since }
    }
    return worst
  }

  /** What was counted while nothing was told (a replica that lay behind, a series that was away) is no burst at its end. */
  #book(what: Followed, at: number, { by, since }: Step): void {
    const times = this.#times
    const sums = this.#sums[what]
    for (let i = times.length - 1; i >= 0 && (times[i] as number) > since; i--) {
      sums[i] = (sums[i] as number) + (by * ((times[i] as number) - since)) / (at - since)
    }
    this.#growing[what] += by
  }

  /** Since when one of its token counters lies behind its highest reading, ms; null where none does. */
  get behindSince(): number | null {
    const all = FOLLOWED.filter(isTokens).flatMap((what) => this.#counters[what].behindSince ?? [])
    return all.length === 0 ? null : Math.min(...all)
  }

  readonly #counters: Record<Followed, Counter> = {
    input: new Counter(LIMITS.input),
    output: new Counter(LIMITS.output),
    requests: new Counter(LIMITS.requests),
    transferredInput: new Counter(LIMITS.transferredInput),
  }

  /** The sums so far, kept apart because points are thinned out. */
  readonly #growing: Record<Followed, number> = { input: 0, output: 0, requests: 0, transferredInput: 0 }

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

const isTokens = (what: Followed): boolean => what === 'input' || what === 'output'

interface Doubt {
  readonly exact: boolean
  readonly why: (pauseMs: number) => string
}

const DOUBTS: Readonly<Record<'gap' | 'restarted' | 'implausible' | 'behind', Doubt>> = {
  gap: { exact: true, why: (pause) => `no figures for ${Math.round(pause / 1000)} s` },
  restarted: { exact: false, why: () => 'restarted; what it served just before is not known' },
  implausible: {
    exact: false,
    why: () => 'its counters jumped far from what it served until then; left out',
  },
  behind: {
    exact: true,
    why: () =>
      'its counters step back and forth, as where a query takes one replica of Prometheus and then the other; counted is what lies above their highest reading',
  },
}

function doubtOf({ kind, caughtUp }: Step): Doubt | null {
  if (caughtUp) return DOUBTS.behind
  return kind === 'gap' || kind === 'restarted' || kind === 'implausible' ? DOUBTS[kind] : null
}

import type { Join } from './join.ts'
import type { LatencyKindOfServers } from '../latency/latencies.ts'
import type { ServedDoubt } from './doubts.ts'
import type { ServedFault } from './faults.ts'
import type { ServedMeasured } from './parts.ts'
import type { ServedServers } from './servers.ts'
import type { Filters, Histogram, ServerSample } from '../types.ts'

/** Tokens of one model on one GPU type; '' where the type is not known. Exact integers. */
export interface ServedSum {
  readonly model: string
  readonly gpuType: string
  readonly input: bigint
  readonly output: bigint
}

/** Latencies of a window that the back end has already summed, see sources/inference/types.ts. */
export interface WindowedLatency {
  readonly kind: LatencyKindOfServers
  readonly model: string
  readonly endpoint: string
  readonly histogram: Histogram
  readonly windowMs: number
  /** Ids of servers that are not in it, because they measure another part of a request; none where left out. */
  readonly leftOut?: ReadonlySet<string>
}

/** One round of answers; `samples` name every server that is expected, silent ones with their last sample. */
export interface ServedRound {
  /** Wall clock, ms. */
  readonly at: number
  readonly samples: readonly ServerSample[]
  /** Where latencies come summed: they then stand instead of those of the samples. */
  readonly windowed?: readonly WindowedLatency[]
}

export interface ServedOptions {
  /** How far back questions may reach, ms. */
  readonly windowMs: number
  /** Points and histograms closer than this are not kept apart, ms. */
  readonly sliceMs: number
  /** A server without a figure for this long, or four of its usual pauses, is silent; 60 s where none is given. */
  readonly gapMs?: number
}

export interface ServedBetween {
  readonly sums: readonly ServedSum[]
  /** What every server served in this time is known. */
  readonly complete: boolean
  /** The servers as a whole were followed in this time, whatever is in doubt of single ones. */
  readonly watched: boolean
  /** Of single servers, by model and GPU type. */
  readonly doubts: readonly ServedDoubt[]
  /** Which servers are in doubt and why, at most 20, in plain words. */
  readonly gaps: readonly string[]
  readonly unjoined: {
    /** Of all tokens, those of servers that are not mapped to a GPU; null without tokens. */
    readonly share: number | null
    /** At most 20 names. */
    readonly servers: readonly string[]
    readonly total: number
  }
  /** Servers that do not count tokens at all: never part of the sums. At most 20 names. */
  readonly uncounted: readonly string[]
  /** Of those that count tokens, servers that leave one measure out, at most 20 names each. */
  readonly lacking: Readonly<Record<ServedMeasure, readonly string[]>>
  /** Servers that only read prompts for others: what they serve is counted where it is answered. At most 20 names. */
  readonly prefill: readonly string[]
}

/** Per second; null where none of these servers counts it. */
export interface ServedRate {
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  readonly input: number | null
  readonly output: number | null
  readonly requests: number | null
}

export type ServedMeasure = ServedMeasured

/** What was served step by step; one value fewer than there are times. NaN where none of these servers counts it. */
export interface ServedCurve {
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  /** In the step, not per second. */
  readonly input: Float64Array
  readonly output: Float64Array
  readonly requests: Float64Array
}

export type ServedLatency = Record<LatencyKindOfServers, Histogram | null> & {
  /** What the filters could not be applied to, or which window stands; '' where there is nothing to say. */
  readonly note: string
}

/** A stretch of time, ms. */
export interface ServedReach {
  readonly fromMs: number
  readonly toMs: number
}

export interface Served {
  observe(round: ServedRound): void
  setJoin(join: Join): void
  /** Whole tokens: windows that touch add up to the window over both. */
  between(fromMs: number, toMs: number): ServedBetween
  /** Of servers that count tokens and are not silent. */
  rates(windowMs: number, now: number): readonly ServedRate[]
  /** The time that curves can tell: all servers that are not silent have figures for it. Null before the second sample. */
  reach(now: number): ServedReach | null
  /** Of the same servers. @param times ascending, inside the reach @param measures all others stay 0 */
  curves(times: readonly number[], now: number, measures?: readonly ServedMeasure[]): readonly ServedCurve[]
  servers(filters: Filters, now: number): ServedServers
  /**
   * @param course what was observed while a server was silent is spread over that time, as in a picture of the past; else
   * it is left out, because it says nothing of now
   */
  latency(filters: Filters, windowMs: number, now: number, course?: boolean): ServedLatency
  /** Ids of servers whose latencies of a kind are of another part of a request. */
  otherPart(kind: LatencyKindOfServers): ReadonlySet<string>
  /** What servers' own figures say against one another, as long as it lasts. */
  faults(now: number): readonly ServedFault[]
}

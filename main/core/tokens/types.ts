import type { Dimension, Group } from '../../../shared/metering/capabilities.ts'
import type { Measure } from '../../../shared/model/tokens.ts'
import type { Counts } from './usage/counts.ts'

/** How far an answer's data reach, ms since the epoch on the back end's clock, and what is missing from them. */
export interface Reach {
  readonly dataAsOf: number
  readonly complete: boolean
  /** In plain words. */
  readonly missing: readonly string[]
  /** Why figures may be wrong, too low or too high, although all has reported; in plain words. None where left out. */
  readonly doubts?: readonly string[]
  /** What a reader should know of figures that are right as they are; in plain words. None where left out. */
  readonly notes?: readonly string[]
  /**
   * Times of which only the whole is known, on the same clock: what was used then is spread evenly, and says nothing of
   * any moment in it. None where left out.
   */
  readonly spread?: readonly { readonly fromMs: number; readonly toMs: number }[]
}

/** One combination of dimensions; a dimension that was not asked for is left out. */
export type Dims = Readonly<Partial<Record<Group, string>>>

/**
 * Usage as columns: rows are combinations of dimensions, steps are times. `counts[measure]` at `row × steps + step`.
 * A measure that the back end does not count is null, never zero.
 */
export interface UsageTable extends Reach {
  /** Starts of the steps, ms since the epoch, ascending; `toMs` ends the last. Calendar buckets differ in length. */
  readonly times: readonly number[]
  readonly toMs: number
  readonly rows: readonly Dims[]
  /** Index of the row that sums all others beyond `top`; -1 where nothing was left out. */
  readonly restRow: number
  readonly counts: Readonly<Record<Measure, Counts | null>>
  /** 1 where the back end gave a point; a step without one inside its reach is zero, outside it is unknown. */
  readonly given: Uint8Array
}

/** Names by dimension that narrow a question; a dimension that is left out does not. */
export type Filters = Readonly<Partial<Record<Dimension, readonly string[]>>>

/** A latency histogram that adds up: counts per bucket, not cumulative; one more count than bounds. */
export interface Histogram {
  /** Upper bounds, seconds, ascending. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

/** One inference server's identity, from labels. Everything is text from outside; '' where the labels do not say. */
export interface ServerIdentity {
  /** Unique per server process: pod and instance, or the target's address. */
  readonly id: string
  readonly engine: string
  readonly namespace: string
  readonly pod: string
  readonly model: string
  readonly endpoint: string
  /** Where no pod leads to a GPU: the node or host that the server runs on. */
  readonly host: string
  /** Its part of a request, where labels say it; see roles.ts. */
  readonly role?: ServerRole
  /** `id` of the health of the source that this server is, where each is a source of its own. */
  readonly source?: string
}

/** Under disaggregated serving one server reads the prompt and hands its cache to another, which writes the answer. */
export type ServerRole = 'prefill' | 'decode'

/** `transferredInput`: prompt tokens whose cache came from another server or from a store, a part of `input`. */
export const SERVED_COUNTERS = [
  'input',
  'output',
  'cachedInput',
  'transferredInput',
  'requests',
  'errors',
] as const
export type ServedCounter = (typeof SERVED_COUNTERS)[number]
export const SERVED_GAUGES = ['running', 'waiting', 'kvCache', 'kvCacheMost'] as const
export type ServedGauge = (typeof SERVED_GAUGES)[number]

/** What one server said at one instant. Null: this engine does not say it, or not in this version. */
export interface ServerSample {
  readonly server: ServerIdentity
  /** Wall clock of the sample, ms. */
  readonly at: number
  /** Cumulative since the start of the process. */
  readonly counters: Readonly<Record<ServedCounter, number | null>>
  /** Caches as ratios 0–1: `kvCache` the mean over the processes of the server, `kvCacheMost` the fullest of them. */
  readonly gauges: Readonly<Record<ServedGauge, number | null>>
  /** Cumulative since the start of the process; null where latencies come from Prometheus as rates. */
  readonly histograms: Readonly<Partial<Record<'duration' | 'timeToFirstToken' | 'interToken', Histogram>>>
  /** Gauges that were refused as implausible, in plain words without the server's name: "says that -3 requests run". */
  readonly implausible?: string
}

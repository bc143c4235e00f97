import type { LatencyKind } from '../../../shared/metering/capabilities.ts'
import type { LimitValues } from '../../../shared/metering/tenants.ts'

/** One client's calls of one deployment: the grain in which the simulated factory meters. */
export interface StreamSpec {
  readonly tenant: string
  readonly key: string
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  /** Index into `Placement.deployments`. */
  readonly deployment: number
}

/**
 * What limits say about one stream by itself; null fields do not limit, and a stream's part of a limit that it shares
 * with others need not be a whole number. `block`: nothing is admitted.
 */
export type Admission = LimitValues & { readonly block: boolean }

/** Asked by the traffic at every step; the limits and throttles of the Metering API answer. */
export type LimitsOf = (stream: StreamSpec) => Admission

/**
 * What every inference server (pod of a serving deployment) has counted since it started, in columns by pod index of
 * `Placement.pods`. The inference faces print it; the metering is fed by the same steps, so that both agree unless a
 * fault makes them differ.
 */
export interface ServedCounters {
  readonly input: Float64Array
  readonly output: Float64Array
  readonly cachedInput: Float64Array
  readonly requests: Float64Array
  readonly errors: Float64Array
  readonly running: Float64Array
  readonly waiting: Float64Array
  /** 0–1. */
  readonly kvCache: Float64Array
  readonly latency: Readonly<
    Record<
      LatencyKind,
      {
        /** Upper bounds, seconds; a bucket without a bound follows. */
        readonly bounds: readonly number[]
        /** Not cumulative: at `pod × (bounds.length + 1) + bucket`. */
        readonly counts: Float64Array
        readonly sums: Float64Array
      }
    >
  >
  /** Simulated time at which each server started, ms; a restart sets its counters to 0. */
  readonly startedAt: Float64Array
}

/** Ways in which the metering may differ from what was served; set by the faults. */
export interface LedgerFaults {
  /** Share of the tokens of some streams that is served and never metered, 0–1. */
  leak: { share: number; model: string | null } | null
  /** How far the metering is behind, seconds of simulated time; 0 is its usual lag alone. */
  lagSeconds: number
  /** Part of the events arrives minutes late and changes totals that were complete. */
  lateEvents: boolean
  /** One agent repeats itself and burns tokens. */
  agentLoop: boolean
  /** A small part of one stream's usage is metered under a model that no price list and no pod knows. */
  unknownModel: boolean
}

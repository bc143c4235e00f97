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
 * What limits say about one stream; null fields do not limit. Streams of one tenant share a limit: it is not divided
 * here. `block`: nothing is admitted.
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
  /** A small tenant sends as much as its deployment can serve. */
  surge: boolean
  /** A small part of one stream's usage is metered under a model that no price list and no pod knows. */
  unknownModel: boolean
}

/** What the gateways know of a tenant: what it has bought, and its limits without any throttle. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly state: 'active' | 'closed'
  /** Tokens per second that it has bought; null where none is agreed. */
  readonly entitled: number | null
  readonly base: LimitValues
  readonly quotas: readonly QuotaSpec[]
  readonly keys: readonly KeySpec[]
}

/** A number of tokens per calendar period in UTC. */
export interface QuotaSpec {
  readonly name: string
  readonly period: 'day' | 'month'
  readonly limit: bigint
}

export interface KeySpec {
  readonly id: string
  readonly name: string
  readonly state: 'active' | 'expired'
  readonly createdAt: number
}

/** What flows, per second over the last minute that the metering knows. */
export interface Flow {
  readonly tokens: number
  readonly requests: number
}

/** What was metered changed where it had been complete. */
export interface Correction {
  /** Simulated time at which it changed, and from where on usage differs. ms */
  readonly at: number
  readonly fromMs: number
}

/**
 * The simulated factory's books: who called what, what it took, and what of it is metered yet. Pure of clocks: time
 * comes in with `advance`. The same seed and the same calls give the same books.
 */
export interface Ledger {
  readonly served: ServedCounters
  /** Set by whoever switches faults; read at every step. */
  readonly faults: LedgerFaults
  /** All streams that clients call; fixed. */
  readonly streams: readonly StreamSpec[]
  /** By tenant, the largest first. */
  readonly accounts: ReadonlyMap<string, Account>
  /** Simulated time, ms. */
  now(): number
  /** Metered usage is in up to here, ms; at a multiple of ten seconds; never goes back. */
  dataAsOf(): number
  /**
   * Books what the factory served between two instants; call after every step of the factory. Answers `intake` of the
   * factory with what the limits let through in the next one.
   */
  advance(fromMs: number, toMs: number): void
  /** Whose limits hold from the next step on; the accounts' base limits at first. */
  setLimits(limitsOf: LimitsOf): void
  /** The server restarts and counts from 0. */
  restart(pod: number): void
  recentRate(passes: (stream: StreamSpec) => boolean): Flow
  /** The newest correction by late events; null without one. */
  lastCorrection(): Correction | null
}

import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import type { Filters, Histogram, ServerSample } from '../../core/tokens/types.ts'
import type { Authorise } from '../../platform/auth.ts'
import type { SecretScope } from '../../platform/secretScope.ts'
import type { Clock } from '../../platform/clock.ts'
import type { HttpAgent } from '../../platform/http/index.ts'
import type { Logger } from '../../platform/logger.ts'
import type { ScrapeLimits, ScrapeTarget } from '../exposition/index.ts'

/** What an inference engine's series say; see mapping.ts for which series of which engine says it. */
export { INFERENCE_SIGNALS, type InferenceSignal } from '../../../shared/model/inference.ts'

/** Latencies of a window, already as rates or increases, from Prometheus; classic or native histograms. */
export interface WindowedHistogram {
  readonly kind: 'duration' | 'timeToFirstToken' | 'interToken'
  readonly model: string
  readonly endpoint: string
  readonly namespace: string
  readonly histogram: Histogram
  readonly windowMs: number
  /** Ids of servers that are not in it, because they measure another part of a request. */
  readonly leftOut: ReadonlySet<string>
}

/** One round of answers from all inference servers that one way reaches. */
export interface InferenceRound {
  /** Wall clock, ms. */
  readonly at: number
  readonly samples: readonly ServerSample[]
  readonly windowed: readonly WindowedHistogram[]
  /** Series that matched no rule, label problems, partial answers; in plain words, at most 20. */
  readonly warnings: readonly string[]
}

/** One of the two ways to the inference servers. */
export interface InferenceSource {
  /** Starts and stops asking; stopped at first. */
  setActive(on: boolean): void
  health(): SourceHealth[]
  close(): Promise<void>
}

export interface InferenceListener {
  onRound(round: InferenceRound): void
  onFailure(error: SourceError): void
  /** Ids of servers whose latencies of a kind are of another part of a request; none where that is not known. */
  leftOutOf?(kind: WindowedHistogram['kind']): ReadonlySet<string>
}

/** How labels and names of this site are read; {@link InferenceOptions} of the configuration fits. */
export interface InferenceNaming {
  /** Label names by what they hold, the preferred one first. */
  readonly labels: Readonly<Record<'namespace' | 'pod' | 'model' | 'endpoint' | 'host', readonly string[]>>
  /** Series name → signal, for engines that mapping.ts does not know; checked with `signalProblem`. */
  readonly names: Readonly<Record<string, string>>
  /** A server's name of a model → the metering's. */
  readonly models: Readonly<Record<string, string>>
}

/** Options of `createDirectInference`; most of it is InferenceOptions of the configuration. */
export interface DirectInferenceOptions extends InferenceNaming {
  readonly static: readonly string[]
  readonly files: readonly string[]
  readonly http: readonly string[]
  readonly intervalMs: number
  readonly concurrency: number
  /** Belongs to the caller, who closes it after the source. */
  readonly agent: HttpAgent
  readonly authorise?: Authorise
  /** Where the secrets of `authorise` go; what else lists name is told. */
  readonly secretScope?: SecretScope
  readonly headers?: Readonly<Record<string, string>>
  /** For one scrape, ms. */
  readonly deadlineMs: number
  readonly clock: Clock
  readonly logger: Logger
  readonly limits?: ScrapeLimits
  /** How often files are looked at, ms; 5 s where none is given. */
  readonly filesEveryMs?: number
  /** Whenever discovery's list has changed, for the number of connections to each address. */
  readonly onTargets?: (targets: readonly ScrapeTarget[]) => void
}

/** Options of `createPrometheusInference`. */
export interface PrometheusInferenceOptions extends InferenceNaming {
  /** Label matchers, as configured; '' for none. */
  readonly selector: string
  /** Pause between two rounds of counters, ms. */
  readonly refreshMs: number
  /** Over which latencies are summed, ms; 5 min where none is given. */
  readonly latencyWindowMs?: number
  readonly clock: Clock
  readonly logger: Logger
  /** For people: "Prometheus at prometheus:9090". */
  readonly name: string
  /** Without credentials. */
  readonly address: string
}

/** A native histogram of an answer, as the API writes its buckets. */
export interface AnsweredHistogram {
  readonly buckets: readonly { readonly left: number; readonly right: number; readonly count: number }[]
}

/** One instant answer: `values[i]` belongs to `series[i]`, and `histograms` holds the rows that are native ones. */
export interface InstantAnswer {
  readonly value: {
    readonly series: readonly { readonly name: string; readonly labels: ReadonlyMap<string, string> }[]
    readonly values: Float64Array
    readonly histograms: ReadonlyMap<number, AnsweredHistogram>
    /** By the clock of the back end, ms; null without rows. */
    readonly evaluatedAt: number | null
  }
  readonly warnings: readonly string[]
  readonly partial: boolean
}

/**
 * What is needed of a Prometheus client; `rememberingQueries(client)` of sources/prometheus fits, and so does a client.
 * Rejects with a SourceFailure.
 */
export interface InstantQueries {
  query(
    promql: string,
    options: { readonly signal: AbortSignal; readonly atMs?: number; readonly aside: boolean },
  ): Promise<InstantAnswer>
}

/** A range question about latencies, or why it cannot be asked. */
export type CurvesQuery =
  | { readonly promql: string; readonly notes: readonly string[] }
  | { readonly impossible: string }

export interface PrometheusInference extends InferenceSource {
  /**
   * PromQL of a latency over the time, for a range query with this step: rows with `le` are the buckets of classic
   * histograms, engine by engine, rows with {@link QUANTILE_LABEL} quantiles of native ones. Filters by model and endpoint; a tenant or
   * GPU type cannot be asked of engines.
   */
  curvesQuery(
    kind: 'duration' | 'timeToFirstToken' | 'interToken',
    quantiles: readonly number[],
    filters: Filters,
    stepMs: number,
  ): CurvesQuery
}

import type {
  CommandName,
  CommandOutput,
  CommandParsed,
  StreamItem,
  StreamParams,
} from '../../../shared/contract/contract.ts'
import type { ThrottleLink } from '../../actions/index.ts'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import type { RemoteTime } from '../../platform/remoteClock.ts'
import type { MeteringAbilities, MeteringSource } from '../../sources/metering/types.ts'
import type { PrometheusClient } from '../../sources/prometheus/index.ts'
import type { ServedWatch } from './served/watch.ts'

type Asked<N extends CommandName> = (
  question: CommandParsed<N>,
  signal: AbortSignal,
) => Promise<CommandOutput<N>>

/** Those who count tokens and requests, for whoever counts the same by other rules. They belong to the token side. */
export interface Measuring {
  readonly metering: {
    readonly source: MeteringSource
    readonly clock: RemoteTime
    /** Null until they are learnt. */
    readonly abilities: () => MeteringAbilities | null
    /** Usage before this was corrected, by this machine's clock, ms. Returns its end. */
    readonly onCorrected: (listener: (fromMs: number) => void) => () => void
  } | null
  readonly served: ServedWatch | null
  /** For ranges of what the inference servers said; null where Prometheus is no way to them. */
  readonly client: PrometheusClient | null
}

/** Everything about tokens of one site: metering, inference servers, and what is derived from both and from the fleet. */
export interface TokenWatch {
  readonly measuring: Measuring
  /** Null where no metering is configured. */
  status(): ConsoleStatus['tokens']
  overview(params: StreamParams<'tokens.overview'>): StreamItem<'tokens.overview'>
  tenants(): StreamItem<'tokens.tenants'>
  sparks(params: StreamParams<'tokens.sparks'>): StreamItem<'tokens.sparks'>
  tenant(params: StreamParams<'tokens.tenant'>): StreamItem<'tokens.tenant'>
  yields(): StreamItem<'tokens.yield'>
  drift(): StreamItem<'tokens.drift'>
  readonly history: Asked<'tokens.history'>
  readonly totals: Asked<'tokens.totals'>
  readonly latency: Asked<'tokens.latency'>
  readonly keys: Asked<'tokens.keys'>
  readonly workflows: Asked<'tokens.workflows'>
  readonly workflow: Asked<'tokens.workflow'>
  readonly evidence: Asked<'tokens.evidence'>
  /** The back end and its tenants, for throttles; null where no metering is configured. */
  readonly metering: ThrottleLink | null
  /** Limits or throttles changed at the back end. Returns its end. */
  onLimits(listener: () => void): () => void
  sources(): SourceHealth[]
  /** Before every picture: time passes for freshness and drift. `now` is wall clock, ms. */
  cut(now: number): void
  close(): Promise<void>
}

import type { Bucket, Capabilities, Group, LatencyKind } from '../../../shared/metering/capabilities.ts'
import type { Capacity, Rate } from '../../../shared/metering/capacity.ts'
import type { Statement, Tenant } from '../../../shared/metering/tenants.ts'
import type { AnswerOf } from '../../../shared/metering/operations.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import type { RemoteTime } from '../../platform/remoteClock.ts'
import type { ThrottleControl } from './throttles/types.ts'
import type { Dims, Filters, Histogram, Reach, UsageTable } from '../../core/tokens/types.ts'

/** What a back end may lack. */
export const METERING_ABILITIES = [
  'liveUsage',
  'tenant',
  'model',
  'endpoint',
  'gpuType',
  'key',
  'cachedInput',
  'reasoning',
  'rejected',
  'errors',
  'errorTokens',
  'latency',
  'capacity',
  'prices',
  'tenants',
  'quotas',
  'limits',
  'workflows',
  'statements',
  'events',
  'calendarBuckets',
  'throttle',
] as const
export type MeteringAbility = (typeof METERING_ABILITIES)[number]

/** What one back end can do, as learnt from it; never assumed. */
export interface MeteringAbilities {
  /** "Metering API 1.4 (acme-metering)" */
  readonly backend: string
  readonly minStepMs: number
  /** How far its data are usually behind its clock. */
  readonly lagMs: number
  readonly retentionMs: number
  readonly groups: ReadonlySet<Group>
  /** Missing ones in plain words: why, and where the figure can be had instead. Absent from the map: it has it. */
  readonly lacks: ReadonlyMap<MeteringAbility, string>
  readonly throttle: Capabilities['throttle']
}

export interface Range {
  /** ms since the epoch on the back end's clock. */
  readonly fromMs: number
  readonly toMs: number
}

export interface UsageQuestion extends Range {
  /** Even steps, or calendar buckets of a zone. */
  readonly step: { readonly ms: number } | { readonly bucket: Bucket; readonly timezone: string }
  readonly groupBy: readonly Group[]
  readonly filters: Filters
  /** The most used rows; all others in `restRow`. Null: every row. */
  readonly top: number | null
  /**
   * Asked of the rows of an answer as they come, some at a time: gives for each the names that it is told under. Rows that
   * get the same are summed. A back end that does not ask it tells all names.
   */
  readonly admit?: (rows: readonly Dims[]) => readonly Dims[]
}

export interface LatencyQuestion extends Range {
  readonly kind: LatencyKind
  /** A histogram for each step of so many ms, which divides the hours since 1970; one of the whole range for null. */
  readonly stepMs: number | null
  readonly groupBy: readonly Group[]
  readonly filters: Filters
}

export interface LatencyTable extends Reach {
  readonly series: readonly { readonly dims: Dims; readonly points: readonly LatencyPoint[] }[]
}

export interface LatencyPoint {
  /** Start of the step, or of the range, on the back end's clock, ms. */
  readonly at: number
  readonly histogram: Histogram
}

export interface WorkflowQuestion extends Range {
  readonly tenant: string | null
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'cancelled' | null
  readonly cursor: string | null
  readonly limit: number
}

/** A question was put to a back end that cannot answer it. Says so in the words of `lacks`. */
export class AbilityMissing extends Error {
  override readonly name = 'AbilityMissing'
  readonly ability: MeteringAbility
  constructor(ability: MeteringAbility, text: string) {
    super(text)
    this.ability = ability
  }
}

/** The question can be answered in longer steps only, such as whole days. */
export class StepTooFine extends AbilityMissing {
  /** Steps of this length can be asked for, ms. */
  readonly coarserMs: number
  constructor(text: string, coarserMs: number) {
    super('liveUsage', text)
    this.coarserMs = coarserMs
  }
}

/**
 * A system that knows who used how many tokens. One interface over every back end: what one cannot do is declared in
 * `abilities` and rejected with {@link AbilityMissing}, never made up. Every other rejection is a SourceFailure
 * (platform/failure.ts). Answers are validated and bounded at this boundary; unknown fields are dropped.
 */
export interface MeteringSource {
  readonly kind: 'api' | 'litellm' | 'openmeter'
  /** For screens: "Metering API at metering:8080". */
  readonly name: string
  /** Learnt at the first call and again every few minutes; rejects while the back end cannot be reached. */
  abilities(signal: AbortSignal): Promise<MeteringAbilities>
  usage(question: UsageQuestion, signal: AbortSignal): Promise<UsageTable>
  latency(question: LatencyQuestion, signal: AbortSignal): Promise<LatencyTable>
  capacity(range: Range, signal: AbortSignal): Promise<Capacity>
  rates(signal: AbortSignal): Promise<{ readonly rates: readonly Rate[] } & Reach>
  /** All pages, bounded; ends in `missing` where the bound was reached. */
  tenants(signal: AbortSignal): Promise<{ readonly tenants: readonly Tenant[] } & Reach>
  keys(tenant: string, signal: AbortSignal): Promise<AnswerOf<'listKeys'>>
  statement(tenant: string, range: Range, signal: AbortSignal): Promise<Statement>
  workflows(question: WorkflowQuestion, signal: AbortSignal): Promise<AnswerOf<'listWorkflows'>>
  workflow(id: string, signal: AbortSignal): Promise<AnswerOf<'getWorkflow'>>
  /** Null where the back end enforces nothing; why not stands in `lacks` under `throttle`. */
  readonly throttles: ThrottleControl | null
  /** Usage before `fromMs` was corrected, or throttles and limits changed. Reconnects by itself; returns its end. */
  follow(onEvent: (event: MeteringNews) => void): () => void
  /** Its clock against this machine's, from the Date headers. */
  readonly backendClock: RemoteTime
  health(): SourceHealth
  close(): Promise<void>
}

export type MeteringNews =
  | { readonly kind: 'advanced' }
  | { readonly kind: 'corrected'; readonly fromMs: number }
  | { readonly kind: 'limits'; readonly tenant: string }

import type { FieldId } from '../../shared/model/field.ts'
import type { Inventory } from '../../shared/model/inventory.ts'
import type { Objective } from '../../shared/model/objective.ts'
import type { Secret } from '../platform/secret.ts'

/** Everything a client needs to talk to one HTTP source, with files read and secrets behind {@link Secret}. */
export interface AccessOptions {
  readonly bearer: Secret | null
  readonly basic: { readonly username: string; readonly password: Secret } | null
  readonly tls: TlsOptions | null
  /** Extra request headers, e.g. X-Scope-OrgID. */
  readonly headers: Readonly<Record<string, string | Secret>>
  readonly timeoutMs: number
}

/** PEM texts, already read; the key is a secret. */
export interface TlsOptions {
  readonly ca: string | null
  readonly cert: string | null
  readonly key: Secret | null
  readonly serverName: string | null
}

export interface PrometheusOptions {
  /** Without a trailing slash, without credentials. */
  readonly url: string
  readonly access: AccessOptions
  readonly refreshMs: number
  /** Every how many refreshes the slow fields are asked. */
  readonly slowEvery: number
  readonly identityEveryMs: number
  /** Label matchers inside braces, '' for none. */
  readonly selector: string
}

export interface ExporterOptions {
  /** `host:port` or whole URLs, as configured. */
  readonly static: readonly string[]
  /** Absolute paths of file_sd files; `*` in the last part. */
  readonly files: readonly string[]
  /** HTTP SD addresses. */
  readonly http: readonly string[]
  /** Which addresses that lists name get the secret of this section, as configured. */
  readonly secretFor: readonly string[]
  readonly access: AccessOptions
  readonly intervalMs: number
  readonly concurrency: number
  readonly limits: {
    readonly maxBodyBytes: number
    readonly maxSamples: number
    readonly maxLabels: number
    readonly maxLabelLength: number
    readonly maxLabelSets: number
  }
}

export interface MeteringOptions {
  readonly kind: 'api' | 'litellm' | 'openmeter'
  /** Without a trailing slash. */
  readonly url: string
  readonly access: AccessOptions
  readonly refreshMs: number
  readonly lagAllowedMs: number
  readonly litellm: { readonly metrics: string | null }
  readonly openmeter: {
    readonly tokens: string
    readonly requests: string | null
    readonly typeGroup: string
    readonly groups: {
      readonly tenant: string
      readonly model: string | null
      readonly endpoint: string | null
      readonly gpuType: string | null
    }
  }
}

export interface InferenceOptions {
  readonly prometheus: boolean
  readonly selector: string
  readonly static: readonly string[]
  readonly files: readonly string[]
  readonly http: readonly string[]
  readonly secretFor: readonly string[]
  readonly access: AccessOptions
  readonly intervalMs: number
  readonly concurrency: number
  /** Label names by what they hold, the preferred one first. */
  readonly labels: Readonly<Record<'namespace' | 'pod' | 'model' | 'endpoint' | 'host', readonly string[]>>
  /** Series name → signal, see sources/inference/mapping.ts. */
  readonly names: Readonly<Record<string, string>>
  /** A server's name of a model → the metering's. */
  readonly models: Readonly<Record<string, string>>
}

export interface EconomicsOptions {
  readonly currency: string
  readonly costPerGpuHour: Readonly<Record<string, string>>
  readonly referenceTokensPerSecond: Readonly<Record<string, number>>
  readonly assumptions: {
    readonly rentPerHour: string
    readonly rentedShare: string
    readonly megatokensPerHour: string
    readonly pricePerMegatoken: string
    readonly soldShare: string
  }
}

export interface DriftOptions {
  /** Share of served tokens, 0–1. */
  readonly threshold: number
  readonly windowMs: number
  readonly lagMs: number
}

/** An objective with what only its source needs to know. */
export interface ObjectiveOptions extends Objective {
  /** Expressions with `$window`, of a `ratio` alone. */
  readonly promql:
    | ({ readonly total: string; readonly windowMs: number } & (
        | { readonly good: string }
        | { readonly bad: string }
      ))
    | null
  /** Of `availability`: requests that a limit refused are bad events, not none. */
  readonly rejectionsAreBad: boolean
}

/** A place in a configuration file; line and column count from 1. */
export interface ConfigPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface ConfigProblem {
  readonly place: ConfigPlace
  /** `prometheus.refresh`, '' for the whole file. */
  readonly key: string
  readonly text: string
  readonly nextStep: string
}

/** A floorwatch.yaml that was accepted: durations in ms, paths absolute, secrets opaque, ranges expanded. */
export interface SiteConfig {
  /** Absolute path of the file. */
  readonly path: string
  readonly site: { readonly name: string; readonly timezone: string }
  readonly demo: boolean
  readonly prometheus: PrometheusOptions | null
  readonly exporters: ExporterOptions | null
  readonly metering: MeteringOptions | null
  readonly inference: InferenceOptions | null
  readonly economics: EconomicsOptions
  readonly drift: DriftOptions
  readonly objectives: readonly ObjectiveOptions[]
  readonly inventory: Inventory | null
  readonly thresholds: Partial<Record<FieldId, { advisory: number; critical: number }>>
  /** Labels that name the machine of a GPU, the most trusted one first; null: the usual ones. */
  readonly hostLabels: readonly string[] | null
  readonly staleAfterMs: number
  readonly freezeAfterMs: number
  /** Accepted, but worth a look. */
  readonly warnings: readonly ConfigProblem[]
}

import type { InferenceSignal } from '../../../shared/model/inference.ts'

/** What one series says, and which of its label sets say it. */
export interface Rule {
  /** As exposed; of a histogram without `_bucket`. */
  readonly series: string
  readonly signals: readonly InferenceSignal[]
  /**
   * Where a server says a signal by several names, the lowest rank stands and the others are not added: engines expose
   * an old name beside the new one for a few versions.
   */
  readonly rank: number
  /** Only label sets whose label has one of these values. */
  readonly where?: LabelValues
  /** Not those whose label has one of these. */
  readonly unless?: LabelValues
  /** Factor to tokens, requests, ratios or seconds; 1 where none is given. */
  readonly scale?: number
}

export interface LabelValues {
  readonly label: string
  readonly values: readonly string[]
}

/** How the processes of one server are distinguished by labels. */
export interface Ranks {
  /** Each value counts for itself, and the server is their sum. */
  readonly apart: readonly string[]
  /** Series that differ in these alone say the same again. */
  readonly repeated: readonly string[]
}

export interface EngineRules {
  /** As people write it: "vLLM". */
  readonly engine: string
  /**
   * `frontend`: routes to servers and counts what they serve. Where a server of the same model is seen, what its
   * frontend counts is not added.
   */
  readonly tier: 'server' | 'frontend'
  readonly rules: readonly Rule[]
  /** Series names that are so general that they only count beside this one. */
  readonly beside?: string
  readonly ranks?: Ranks
  /** Label that names the model, for questions. */
  readonly modelLabel: string | null
}

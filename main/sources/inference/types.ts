import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import type { Histogram, ServerSample } from '../../core/tokens/types.ts'

/** What an inference engine's series say; see mapping.ts for which series of which engine says it. */
export const INFERENCE_SIGNALS = [
  'input',
  'output',
  'cachedInput',
  'requests',
  'errors',
  'running',
  'waiting',
  'kvCache',
  'duration',
  'timeToFirstToken',
  'interToken',
] as const
export type InferenceSignal = (typeof INFERENCE_SIGNALS)[number]

/** Latencies of a window, already as rates or increases, from Prometheus; classic or native histograms. */
export interface WindowedHistogram {
  readonly kind: 'duration' | 'timeToFirstToken' | 'interToken'
  readonly model: string
  readonly endpoint: string
  readonly namespace: string
  readonly histogram: Histogram
  readonly windowMs: number
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
}

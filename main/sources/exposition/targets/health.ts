import type { SourceDoubt, SourceError, SourceHealth, SourceState } from '../../../../shared/model/source.ts'
import { redactUrl, usedSecrets } from '../../../platform/redact.ts'
import { EXPORTERS, type ScrapeTarget, type TargetKind } from './target.ts'

/** Failures in a row from which on a target is asked less and less often. */
export const BACKOFF_FROM = 3

/** Under which a target's health is told. */
export function sourceId({ url }: ScrapeTarget, { noun }: TargetKind): string {
  return `${noun} ${redactUrl(url)}`
}

export interface Turns {
  readonly paused: boolean
  readonly slowMs: number
  /** Wall clock, ms; null where none is to come. */
  readonly nextAttemptAt: number | null
}

/** What is known about how one target answers. */
export class TargetHealth {
  lastAttemptAt: number | null = null
  lastSuccessAt: number | null = null
  latencyMs: number | null = null
  samples: number | null = null
  bytes: number | null = null
  failures = 0
  error: SourceError | null = null
  warnings: readonly string[] = []
  doubts: readonly SourceDoubt[] = []
  /** That it names more than one target may, in its last answer. */
  beyond: readonly SourceDoubt[] = []
  cadenceMs: number | null = null
  /** The address as it may be shown: the same for months, and asked for with every status. */
  #shown: { readonly of: string; readonly address: string } | null = null

  succeeded(answer: {
    at: number
    latencyMs: number
    samples: number
    bytes: number
    warnings: readonly string[]
    doubts?: readonly SourceDoubt[]
  }): void {
    this.lastSuccessAt = answer.at
    this.latencyMs = answer.latencyMs
    this.samples = answer.samples
    this.bytes = answer.bytes
    this.warnings = answer.warnings.map((warning) => usedSecrets.scrub(warning))
    this.doubts = (answer.doubts ?? []).map((doubt) => ({
      ...doubt,
      by: doubt.by && usedSecrets.scrubMessage(doubt.by),
    }))
    this.failures = 0
    this.error = null
  }

  failed(error: SourceError): void {
    this.failures++
    this.error = error
  }

  /** It answers, and its answer is of no use: a failure, but no reason to ask less often. */
  saysNothing(error: SourceError): void {
    this.failures = 1
    this.error = error
  }

  /** `slowMs`: from this latency on an answer counts as late. */
  state(paused: boolean, slowMs: number): SourceState {
    if (paused) return 'standby'
    if (this.failures >= BACKOFF_FROM) return 'backoff'
    if (this.failures > 0) return 'failing'
    if (this.lastSuccessAt === null) return 'unknown'
    return (this.latencyMs ?? 0) >= slowMs || this.warnings.length > 0 ? 'slow' : 'ok'
  }

  /** @param turns `slowMs` as in {@link state}; `nextAttemptAt` is the poller's */
  describe(
    target: ScrapeTarget,
    { paused, slowMs, nextAttemptAt }: Turns,
    { kind, noun }: TargetKind = EXPORTERS,
  ): SourceHealth {
    const state = this.state(paused, slowMs)
    if (this.#shown?.of !== target.url) this.#shown = { of: target.url, address: redactUrl(target.url) }
    const { address } = this.#shown
    return {
      id: `${noun} ${address}`,
      kind,
      name: target.name,
      address,
      state,
      feeding: !paused && this.failures === 0 && this.lastSuccessAt !== null,
      lastAttemptAt: this.lastAttemptAt,
      lastSuccessAt: this.lastSuccessAt,
      latencyMs: this.latencyMs,
      samples: this.samples,
      bytes: this.bytes,
      consecutiveFailures: this.failures,
      error: this.error,
      warnings: [...this.warnings],
      doubts: [...this.doubts, ...this.beyond],
      cadenceMs: this.cadenceMs,
      nextAttemptAt,
    }
  }
}

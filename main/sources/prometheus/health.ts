import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'

export interface Success {
  readonly latencyMs: number
  readonly bytes: number
  readonly samples: number | null
  readonly warnings: readonly string[]
  /** Some of the back end's stores did not answer. */
  readonly partial: boolean
}

/** @param slowAfterMs a success that took longer counts as `slow`, as does a partial one */
export function afterSuccess(
  health: SourceHealth,
  at: number,
  startedAt: number,
  success: Success,
  slowAfterMs: number,
): SourceHealth {
  return {
    ...health,
    state: success.partial || success.latencyMs > slowAfterMs ? 'slow' : 'ok',
    lastAttemptAt: startedAt,
    lastSuccessAt: at,
    latencyMs: success.latencyMs,
    samples: success.samples,
    bytes: success.bytes,
    consecutiveFailures: 0,
    error: null,
    warnings: [...success.warnings],
  }
}

/** What was last known stays, with its age; only state and error change. */
export function afterFailure(health: SourceHealth, startedAt: number, error: SourceError): SourceHealth {
  return {
    ...health,
    state: 'failing',
    lastAttemptAt: startedAt,
    consecutiveFailures: health.consecutiveFailures + 1,
    error,
  }
}

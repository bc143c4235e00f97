import type { SourceHealth } from '../../shared/model/source.ts'

/** Of a source that was never asked. */
export function unknownHealth(
  kind: SourceHealth['kind'],
  id: string,
  name: string,
  address: string,
): SourceHealth {
  return {
    id,
    kind,
    name,
    address,
    state: 'unknown',
    feeding: false,
    lastAttemptAt: null,
    lastSuccessAt: null,
    latencyMs: null,
    samples: null,
    bytes: null,
    consecutiveFailures: 0,
    error: null,
    warnings: [],
    doubts: [],
    cadenceMs: null,
    nextAttemptAt: null,
  }
}

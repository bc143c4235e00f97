import type { SourceHealth } from '../../../../shared/model/source.ts'

/** The proxy and its counters as one source: it is as well as the worse of both. @param metrics null where none are configured */
export function bothHealths(proxy: SourceHealth, metrics: SourceHealth | null): SourceHealth {
  if (metrics === null) return proxy
  const warnings = [...new Set([...proxy.warnings, ...metrics.warnings])]
  if (proxy.error !== null || metrics.lastAttemptAt === null) return { ...proxy, warnings }
  if (metrics.error !== null) {
    const { state, error, consecutiveFailures, nextAttemptAt } = metrics
    return { ...proxy, warnings, state, error, consecutiveFailures, nextAttemptAt, feeding: false }
  }
  return {
    ...proxy,
    warnings,
    state: proxy.state === 'ok' ? metrics.state : proxy.state,
    feeding: metrics.feeding,
    // The counters come all the time and all else now and then: they say how it is now.
    lastAttemptAt: Math.max(proxy.lastAttemptAt ?? 0, metrics.lastAttemptAt),
    lastSuccessAt: Math.max(proxy.lastSuccessAt ?? 0, metrics.lastSuccessAt ?? 0) || null,
    latencyMs: metrics.latencyMs,
    samples: metrics.samples,
    bytes: metrics.bytes,
  }
}

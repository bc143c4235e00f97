import type { SourceHealth } from '../../../../shared/model/source.ts'

/** The proxy and its counters as one source: it is as well as the worse of both. @param metrics null where none are configured */
export function bothHealths(proxy: SourceHealth, metrics: SourceHealth | null): SourceHealth {
  if (metrics === null) return proxy
  const warnings = [...new Set([...proxy.warnings, ...metrics.warnings])]
  const doubts = [
    ...proxy.doubts,
    ...metrics.doubts.map((doubt) => ({ ...doubt, code: `metrics-${doubt.code}` })),
  ]
  if (proxy.error !== null || metrics.lastAttemptAt === null) return { ...proxy, warnings, doubts }
  if (metrics.error !== null) {
    const { state, error, consecutiveFailures, nextAttemptAt } = metrics
    return { ...proxy, warnings, doubts, state, error, consecutiveFailures, nextAttemptAt, feeding: false }
  }
  return {
    ...proxy,
    warnings,
    doubts,
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

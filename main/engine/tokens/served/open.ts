import type { InferenceOptions, PrometheusOptions } from '../../../config/types.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Logger } from '../../../platform/logger.ts'
import { redactUrl } from '../../../platform/redact.ts'
import { createDirectInference, createPrometheusInference } from '../../../sources/inference/index.ts'
import { type PrometheusClient, rememberingQueries } from '../../../sources/prometheus/index.ts'
import { countOrigins } from '../../feeds/origins.ts'
import { openAccess } from '../../access.ts'
import { secretScopeOf } from '../../site/secretScopeOf.ts'
import { openPrometheus } from '../../site/prometheusAccess.ts'
import type { InferenceWays } from './watch.ts'
import { LATENCY_WINDOW_MS } from '../windows.ts'

/** The configured ways to the inference servers, with connections of their own. */
export interface OpenedInference {
  readonly ways: InferenceWays
  /** For ranges; null where Prometheus is no way to them. */
  readonly client: PrometheusClient | null
  /** After the ways themselves. */
  close(): Promise<void>
}

const PROMETHEUS_CONNECTIONS = 4
/** Of an address that many servers share, so that one that hangs delays no other. */
const SHARED_CONNECTIONS = 16

/** @throws MappingError, SelectorError for settings that the configuration does not refuse */
export function openInference(
  inference: InferenceOptions,
  prometheus: PrometheusOptions | null,
  clock: Clock,
  logger: Logger,
): OpenedInference {
  const through =
    inference.prometheus && prometheus !== null
      ? { options: prometheus, ...openPrometheus(prometheus, clock, PROMETHEUS_CONNECTIONS) }
      : null
  const sharing = new Map<string, number>()
  const targets = inference.static.length + inference.files.length + inference.http.length
  const access =
    targets === 0
      ? null
      : openAccess(inference.access, secretScopeOf(inference), (origin) =>
          sharing.get(origin) === 1 ? 1 : SHARED_CONNECTIONS,
        )
  return {
    client: through?.client ?? null,
    ways: {
      prometheus:
        through === null
          ? null
          : (listener) =>
              createPrometheusInference(
                {
                  labels: inference.labels,
                  names: inference.names,
                  models: inference.models,
                  // Not the floor's own selector: that one may name the job of the GPU exporters.
                  selector: inference.selector,
                  refreshMs: inference.intervalMs,
                  latencyWindowMs: LATENCY_WINDOW_MS,
                  clock,
                  logger,
                  name: `Prometheus at ${new URL(through.options.url).host}`,
                  address: redactUrl(through.options.url),
                },
                rememberingQueries(through.client),
                listener,
              ),
      direct:
        access === null
          ? null
          : (listener) =>
              createDirectInference(
                {
                  labels: inference.labels,
                  names: inference.names,
                  models: inference.models,
                  static: inference.static,
                  files: inference.files,
                  http: inference.http,
                  intervalMs: inference.intervalMs,
                  concurrency: inference.concurrency,
                  agent: access.agent,
                  authorise: access.authorise,
                  secretScope: secretScopeOf(inference),
                  headers: access.headers,
                  deadlineMs: access.deadlineMs,
                  clock,
                  logger,
                  onTargets: (found) => countOrigins(found, sharing),
                },
                listener,
              ),
    },
    async close() {
      await Promise.all([through?.close(), access?.agent.close()])
    },
  }
}

import type { PrometheusOptions } from '../../config/types.ts'
import type { Clock } from '../../platform/clock.ts'
import { secretScope } from '../../platform/secretScope.ts'
import { createPrometheusClient, type PrometheusClient } from '../../sources/prometheus/index.ts'
import { openAccess } from '../access.ts'

/** A client of the configured Prometheus with connections of its own; whoever opens it closes it. */
export interface PrometheusAccess {
  readonly client: PrometheusClient
  readonly close: () => Promise<void>
}

/**
 * @param connections how many requests go at once
 * @param longestMs no request takes longer, whatever is configured
 */
export function openPrometheus(
  { url, access: how }: PrometheusOptions,
  clock: Clock,
  connections: number,
  longestMs = Number.POSITIVE_INFINITY,
): PrometheusAccess {
  const access = openAccess(how, secretScope([url]), connections)
  const client = createPrometheusClient({
    url,
    agent: access.agent,
    clock,
    authorise: access.authorise,
    headers: access.headers,
    timeoutMs: Math.min(access.deadlineMs, longestMs),
  })
  return { client, close: () => access.agent.close() }
}

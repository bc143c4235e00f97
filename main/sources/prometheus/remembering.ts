import type { Answered, PrometheusClient, RequestOptions } from './client.ts'
import { createVectorReader, type Vector, type VectorReader } from './vectorReader.ts'

/** Instant queries that are asked again and again; the series of their answers keep their identity (===). */
export interface RememberingQueries {
  query(promql: string, options?: RequestOptions & { atMs?: number }): Promise<Answered<Vector>>
}

/** More different questions than this at once are a mistake of the caller: the oldest is then read again. */
const MOST_QUESTIONS = 32

/** Gives each query text a reader of its own, so that whoever asks need not know of readers. */
export function rememberingQueries(client: Pick<PrometheusClient, 'query'>): RememberingQueries {
  const readers = new Map<string, VectorReader>()
  return {
    query(promql, options = {}) {
      const reader = readers.get(promql) ?? createVectorReader()
      readers.delete(promql)
      readers.set(promql, reader)
      const [oldest] = readers.keys()
      if (readers.size > MOST_QUESTIONS && oldest !== undefined) readers.delete(oldest)
      return client.query(promql, { ...options, reader })
    },
  }
}

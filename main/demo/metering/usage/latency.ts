import { BOUNDS } from '../../ledger/latencies.ts'
import { LATENCY_KEPT_MS } from '../../ledger/latencyLog.ts'
import { AT, CELL_MS, WIDTH } from '../../ledger/measures.ts'
import type { Handler } from '../http/handler.ts'
import { asOf, instant, rangeOf, type ReadingContext } from '../reading/context.ts'
import { groupStreams } from './groups.ts'

/** Latencies at the gateway as histograms: percentiles of groups cannot be added. */
export function createLatencyHandler({ ledger }: ReadingContext): Handler<'getLatency'> {
  return ({ query }) => {
    const { fromMs, toMs } = rangeOf(query)
    const { kind } = query
    const reach = ledger.dataAsOf()
    const kept = reach - LATENCY_KEPT_MS
    const groups = groupStreams(ledger.metered, query)
    const only = groups.flatMap(({ streams }) => streams)
    const histograms = groups.map(() => new Float64Array(BOUNDS[kind].length + 1))
    const sums = new Float64Array(ledger.metered.length * WIDTH)
    const begin = Math.floor(Math.max(fromMs, kept) / CELL_MS) * CELL_MS
    for (let atMs = begin; atMs < Math.min(toMs, reach); atMs += CELL_MS) {
      sums.fill(0)
      ledger.history.add(sums, atMs, atMs + CELL_MS, only)
      groups.forEach(({ streams }, g) => {
        const into = histograms[g]
        if (into === undefined) return
        for (const stream of streams) {
          const client = ledger.metered[stream]
          if (client === undefined) continue
          const calls = sums[stream * WIDTH + AT.requests] ?? 0
          // Between the tokens of an answer lie as many intervals as it has tokens after its first.
          const intervals = Math.max(0, (sums[stream * WIDTH + AT.output] ?? 0) - calls)
          const observations = kind === 'interToken' ? intervals : calls
          const { deployment, shape } = client
          ledger.latency.addCell(into, kind, { stream, deployment, shape, atMs, observations })
        }
      })
    }
    const missing = fromMs < kept ? [`latencies before ${instant(kept)}: they are kept for an hour`] : []
    return {
      body: {
        ...asOf(ledger, missing),
        kind,
        bounds: [...BOUNDS[kind]],
        series: groups.flatMap(({ dims }, g) => {
          const counts = [...(histograms[g] ?? [])]
          return counts.some((count) => count > 0) ? [{ dims, counts }] : []
        }),
      },
    }
  }
}

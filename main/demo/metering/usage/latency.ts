import { BOUNDS } from '../../ledger/latencies.ts'
import { LATENCY_KEPT_DAYS } from '../../ledger/latencyLog.ts'
import { AT, CELL_MS, DAY_MS, WIDTH } from '../../ledger/measures.ts'
import type { LatencyKind } from '../../../../shared/metering/capabilities.ts'
import type { Handler } from '../http/handler.ts'
import { asOf, instant, rangeOf, type ReadingContext } from '../reading/context.ts'
import { groupStreams, type StreamGroup } from './groups.ts'
import { checkPoints, type Steps, stepsOf } from './times.ts'
import { cellOf } from './usage.ts'

interface Point {
  readonly t: string
  readonly counts: number[]
}

/** Latencies at the gateway as histograms: percentiles of groups cannot be added. */
export function createLatencyHandler({ ledger }: ReadingContext): Handler<'getLatency'> {
  /** Adds the histograms of each group in [fromMs, toMs), whole cells. */
  function addAll(
    histograms: readonly Float64Array[],
    groups: readonly StreamGroup[],
    kind: LatencyKind,
    [fromMs, toMs]: readonly [number, number],
  ): void {
    const only = groups.flatMap(({ streams }) => streams)
    const sums = new Float64Array(ledger.metered.length * WIDTH)
    for (let atMs = fromMs; atMs < toMs; atMs += CELL_MS) {
      sums.fill(0)
      ledger.history.add(sums, atMs, atMs + CELL_MS, only)
      groups.forEach(({ streams }, g) => {
        const into = histograms[g]
        if (into === undefined) return
        for (const stream of streams) {
          const client = ledger.metered[stream]
          if (client === undefined) continue
          const calls = sums[stream * WIDTH + AT.requests] ?? 0
          if (calls === 0) continue
          // Between the tokens of an answer lie as many intervals as it has tokens after its first.
          const intervals = Math.max(0, (sums[stream * WIDTH + AT.output] ?? 0) - calls)
          const observations = kind === 'interToken' ? intervals : calls
          const { deployment, shape } = client
          ledger.latency.addCell(into, kind, { stream, deployment, shape, atMs, observations })
        }
      })
    }
  }

  return ({ query }) => {
    const asked = rangeOf(query)
    const { kind, step } = query
    const reach = ledger.dataAsOf()
    const kept = Math.max(ledger.history.keptFrom(), cellOf(reach) - LATENCY_KEPT_DAYS * DAY_MS)
    const fromMs = cellOf(asked.fromMs)
    const toMs = cellOf(asked.toMs + CELL_MS - 1)
    const groups = groupStreams(ledger.metered, query)
    const whole: Steps = { starts: [fromMs], endMs: toMs, seconds: null }
    const steps = step === undefined ? whole : stepsOf({ fromMs, toMs, step })
    checkPoints(groups.length, steps.starts.length, { fromMs, toMs, step })
    const points = groups.map((): Point[] => [])
    steps.starts.forEach((startMs, i) => {
      const begin = Math.max(startMs, fromMs, kept)
      const end = Math.min(steps.starts[i + 1] ?? steps.endMs, toMs, reach)
      if (end <= begin) return
      const histograms = groups.map(() => new Float64Array(BOUNDS[kind].length + 1))
      addAll(histograms, groups, kind, [begin, end])
      histograms.forEach((counts, g) => {
        if (counts.some((count) => count > 0)) points[g]?.push({ t: instant(startMs), counts: [...counts] })
      })
    })
    const missing =
      fromMs < kept ? [`latencies before ${instant(kept)}: they are kept for ${LATENCY_KEPT_DAYS} days`] : []
    return {
      body: {
        ...asOf(ledger, missing),
        kind,
        step: steps.seconds,
        bounds: [...BOUNDS[kind]],
        series: groups.flatMap(({ dims }, g) => {
          const own = points[g] ?? []
          return own.length > 0 ? [{ dims, points: own }] : []
        }),
      },
    }
  }
}

import { type Message, message, said } from '../../../../shared/messages/message.ts'
import type { ObjectiveOptions } from '../../../config/types.ts'
import { chooseBucket, type ChosenBucket, type Minute, MINUTE_MS, splitAt } from '../../../core/slo/index.ts'
import type { Histogram } from '../../../core/tokens/types.ts'
import type { PrometheusInference } from '../../../sources/inference/index.ts'
import type { PrometheusClient } from '../../../sources/prometheus/index.ts'
import { readHistograms } from '../../tokens/latency/curves.ts'
import type { ServedWatch } from '../../tokens/served/watch.ts'
import { noBucket } from './metering.ts'
import type { MinuteAnswer, MinuteSource } from './source.ts'

const HOUR_MS = 3_600_000
/** Servers are scraped, and what they said has arrived, by then, ms. */
const SETTLE_MS = 20_000

export interface ServerMinutes {
  readonly served: ServedWatch
  /** For the past; null where Prometheus is no way to them. */
  readonly client: Pick<PrometheusClient, 'queryRange'> | null
}

/** Latencies as the inference servers observe them: through Prometheus, which knows the past, or scraped. */
export function serverMinutes(objective: ObjectiveOptions, { served, client }: ServerMinutes): MinuteSource {
  const { model, endpoint } = objective.scope
  const filters = {
    ...(model === undefined ? {} : { model: [model] }),
    ...(endpoint === undefined ? {} : { endpoint: [endpoint] }),
  }
  const kind = objective.latency?.kind ?? 'duration'

  function told(
    histograms: ReadonlyMap<number, Histogram | null>,
    known: (at: number) => number,
    trouble: Message[],
  ): MinuteAnswer {
    const bounds = [...histograms.values()].find((one) => one !== null && one.bounds.length > 0)?.bounds ?? []
    const bucket = chooseBucket(bounds, objective.latency?.thresholdMs ?? 0)
    if (bounds.length > 0 && bucket === null) trouble.push(noBucket(objective, bounds))
    const minutes = [...histograms].map(([at, histogram]) => minuteOf(at, histogram, bucket, known(at)))
    const last = Math.max(...histograms.keys())
    return { minutes, toldUntil: last + MINUTE_MS, bounds, bucket, trouble }
  }

  /** How many of the servers in this scope answer now, 0–1, and words where not all do. */
  function answering(at: number): { share: number; trouble: Message[] } {
    const { count, silent } = served.served().servers(filters, at)
    if (count === 0) return { share: 0, trouble: [message('slo.source.noServers')] }
    const trouble = silent > 0 ? [message('slo.source.silent', { silent, count })] : []
    return { share: (count - silent) / count, trouble }
  }

  /** Per second in the last minute; null where these servers do not count them. */
  function requestsOf(at: number): number | null {
    let sum: number | null = null
    for (const rate of served.served().rates(MINUTE_MS, at)) {
      const isOther =
        (model !== undefined && rate.model !== model) ||
        (endpoint !== undefined && rate.endpoint !== endpoint)
      if (!isOther && rate.requests !== null) sum = (sum ?? 0) + rate.requests
    }
    return sum
  }

  async function throughPrometheus(
    way: PrometheusInference,
    asking: Pick<PrometheusClient, 'queryRange'>,
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<MinuteAnswer> {
    const query = way.curvesQuery(kind, [], filters, MINUTE_MS)
    if ('impossible' in query) return { minutes: [], toldUntil: fromMs, trouble: [said(query.impossible)] }
    const window = { fromMs: fromMs + MINUTE_MS, toMs, stepMs: MINUTE_MS }
    const answer = await asking.queryRange(query.promql, window, { signal, aside: true })
    const perSecond = readHistograms(answer.value, window)
    const histograms = new Map(
      perSecond.map((histogram, step) => [fromMs + step * MINUTE_MS, histogram && perMinute(histogram)]),
    )
    const { share, trouble } = answering(toMs)
    if (answer.partial) trouble.push(message('slo.source.incomplete', { what: answer.warnings.join('; ') }))
    const isNew = (at: number) => at >= toMs - 2 * MINUTE_MS
    return told(histograms, (at) => (answer.partial ? 0 : isNew(at) ? share : 1), trouble)
  }

  /** What was scraped in one minute that has just ended. */
  function scraped(fromMs: number, toMs: number): MinuteAnswer {
    const at = Math.max(fromMs, toMs - MINUTE_MS)
    // A ms short of it, because the slice that begins with the next minute is not of this one.
    const { [kind]: histogram } = served.served().latency(filters, MINUTE_MS - 1, at + MINUTE_MS - 1)
    const { share, trouble } = answering(at + MINUTE_MS)
    if (histogram === null && share > 0 && requestsOf(at + MINUTE_MS) !== 0) {
      return told(new Map([[at, null]]), () => 0, [...trouble, message('slo.source.notReported')])
    }
    return told(new Map([[at, histogram ?? NOTHING]]), () => share, trouble)
  }

  return {
    get reachBackMs() {
      return served.quantiles() === null || client === null ? 0 : Number.POSITIVE_INFINITY
    },
    spanMs: 6 * HOUR_MS,
    get repeatMs() {
      return served.quantiles() === null ? 0 : 3 * MINUTE_MS
    },
    settleMs: SETTLE_MS,
    patienceMs: 3 * MINUTE_MS,
    get name() {
      return said(served.sourceText())
    },
    async ask(fromMs, toMs, signal) {
      const way = served.quantiles()
      if (way !== null && client !== null) return throughPrometheus(way, client, fromMs, toMs, signal)
      if (served.path() === 'direct') return scraped(fromMs, toMs)
      return { minutes: [], toldUntil: fromMs, trouble: [said(served.sourceText())] }
    },
  }
}

const NOTHING: Histogram = { bounds: [], counts: [0] }

/** @param histogram null where nothing was said about the minute */
function minuteOf(
  at: number,
  histogram: Histogram | null,
  bucket: ChosenBucket | null,
  known: number,
): Minute {
  const unknown = { at, good: 0, bad: 0, badLeast: 0, known: 0 }
  if (histogram === null) return unknown
  const events = splitAt(histogram, bucket ?? { used: Number.NaN, next: null })
  return events === null
    ? unknown
    : { at, good: events.good, bad: events.bad, badLeast: events.badLeast, known }
}

function perMinute({ bounds, counts }: Histogram): Histogram {
  return { bounds, counts: counts.map((count) => (count * MINUTE_MS) / 1000) }
}

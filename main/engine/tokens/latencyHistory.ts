import type { CommandOutput, CommandParsed } from '../../../shared/contract/contract.ts'
import { quantilesOf } from '../../core/tokens/quantile.ts'
import type { Clock } from '../../platform/clock.ts'
import { historyWindow, onGrid, type PrometheusClient } from '../../sources/prometheus/index.ts'
import { Refusal } from '../session/refusal.ts'
import { askOnce, checkRange, filtersOf } from './asking.ts'
import type { ServedWatch } from './servedWatch.ts'
import type { SharedAnswers } from './sharedAnswers.ts'

type Question = CommandParsed<'tokens.latency'>
type Answer = CommandOutput<'tokens.latency'>

export interface LatencyHistorySources {
  readonly served: ServedWatch | null
  /** For ranges; null without Prometheus. */
  readonly client: Pick<PrometheusClient, 'queryRange'> | null
  readonly shared: SharedAnswers
  readonly clock: Clock
}

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const
/** The engine itself remembers this much, in points that hold enough requests, ms. */
const MEMORY_MS = 15 * 60_000
const MEMORY_STEP_MS = 30_000

/** Quantiles over the time: of Prometheus where it is the way, else of the engine's own memory. @throws Refusal */
export async function latencyHistory(
  sources: LatencyHistorySources,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  checkRange(question)
  const { served, client, shared } = sources
  if (served === null) {
    throw new Refusal(
      'failed',
      'Latencies over the time come from the inference servers, and none are configured.',
      'Add inference: to floorwatch.yaml (docs/configuration.md).',
    )
  }
  const through = served.quantiles()
  if (through === null || client === null) return fromMemory(served, question, sources.clock.now())
  return askOnce({ shared }, 'latency', question, signal, (common) =>
    fromPrometheus(served, client, through, question, common),
  )
}

async function fromPrometheus(
  served: ServedWatch,
  client: Pick<PrometheusClient, 'queryRange'>,
  through: NonNullable<ReturnType<ServedWatch['quantiles']>>,
  { fromMs, toMs, maxPoints, kind, filters }: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const window = historyWindow(fromMs, toMs, maxPoints, 5_000)
  const warnings = new Set<string>()
  const curves = await Promise.all(
    Object.entries(QUANTILES).map(async ([name, quantile]) => {
      const query = through.quantileQuery(kind, quantile, filtersOf(filters), window.stepMs)
      if ('impossible' in query) {
        throw new Refusal('failed', query.impossible, 'Take the filter away, or look at the live figures.')
      }
      for (const note of query.notes) warnings.add(note)
      const answer = await client.queryRange(query.promql, window, { signal, aside: true })
      for (const warning of answer.warnings) warnings.add(warning)
      const [only] = answer.value
      return [name, only === undefined ? null : Array.from(onGrid(only, window), finiteOrNull)] as const
    }),
  )
  const times = Array.from(
    { length: Math.round((window.toMs - window.fromMs) / window.stepMs) + 1 },
    (_, i) => window.fromMs + i * window.stepMs,
  )
  const values = Object.fromEntries(
    curves.map(([name, curve]) => [name, curve ?? times.map(() => null)]),
  ) as Pick<Answer, 'p50' | 'p90' | 'p95' | 'p99'>
  return {
    kind,
    times,
    stepMs: window.stepMs,
    ...values,
    source: served.sourceText(),
    warnings: [...warnings].slice(0, 20),
  }
}

function fromMemory(
  watch: ServedWatch,
  { fromMs, toMs, maxPoints, kind, filters }: Question,
  now: number,
): Answer {
  const served = watch.served()
  const from = Math.max(fromMs, now - MEMORY_MS)
  const to = Math.min(toMs, now)
  const stepMs = Math.max(MEMORY_STEP_MS, Math.ceil((to - from) / maxPoints / 1000) * 1000)
  const times: number[] = []
  for (let time = Math.ceil(from / stepMs) * stepMs; time <= to; time += stepMs) times.push(time)
  const latencies = times.map((time) => {
    const histogram = served.latency(filtersOf(filters), stepMs, time)[kind]
    return histogram === null ? null : quantilesOf(histogram)
  })
  return {
    kind,
    times,
    stepMs,
    p50: latencies.map((each) => each?.p50 ?? null),
    p90: latencies.map((each) => each?.p90 ?? null),
    p95: latencies.map((each) => each?.p95 ?? null),
    p99: latencies.map((each) => each?.p99 ?? null),
    source: watch.sourceText(),
    warnings: [
      `From the console's own memory of the last ${MEMORY_MS / 60_000} minutes; a longer history needs Prometheus.`,
    ],
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

import type { CommandOutput, CommandParsed } from '../../../../shared/contract/contract.ts'
import type { Clock } from '../../../platform/clock.ts'
import { historyWindow, type PrometheusClient } from '../../../sources/prometheus/index.ts'
import { Refusal } from '../../session/refusal.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { askOnce, checkRange, filtersOf } from '../answers/asking.ts'
import { curvesOf, type LatencyCurves, QUANTILES, readCurves } from './curves.ts'
import type { ServedWatch } from '../served/watch.ts'
import type { SharedAnswers } from '../answers/shared.ts'
import { message, said } from '../../../../shared/messages/message.ts'

type Question = CommandParsed<'tokens.latency'>
type Answer = CommandOutput<'tokens.latency'>

export interface LatencyHistorySources {
  readonly served: ServedWatch | null
  /** For ranges; null without Prometheus. */
  readonly client: Pick<PrometheusClient, 'queryRange'> | null
  readonly shared: SharedAnswers
  readonly clock: Clock
}

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
    throw new Refusal('failed', message('refusal.latency'), message('refusal.latency.next'))
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
  const query = through.curvesQuery(kind, Object.values(QUANTILES), filtersOf(filters), window.stepMs)
  if ('impossible' in query) {
    throw new Refusal('failed', said(query.impossible), message('refusal.latency.filter.next'))
  }
  const answer = await client.queryRange(query.promql, window, { signal, aside: true })
  const { beyond, ...values } = readCurves(answer.value, window)
  const times = Array.from(
    { length: Math.round((window.toMs - window.fromMs) / window.stepMs) + 1 },
    (_, i) => window.fromMs + i * window.stepMs,
  )
  return {
    kind,
    times,
    stepMs: window.stepMs,
    ...values,
    beyond,
    source: served.sourceText(),
    warnings: [...query.notes, ...answer.warnings, ...beyondNote(beyond)].slice(0, 20),
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
  const { beyond, ...values } = curvesOf(
    times.map((time) => served.latency(filtersOf(filters), stepMs, time, true)[kind]),
  )
  return {
    kind,
    times,
    stepMs,
    ...values,
    beyond,
    source: watch.sourceText(),
    warnings: [
      `From the console's own memory of the last ${MEMORY_MS / 60_000} minutes; a longer history needs Prometheus.`,
      ...beyondNote(beyond),
    ],
  }
}

function beyondNote(beyond: LatencyCurves['beyond']): string[] {
  if (beyond === null) return []
  return [
    `A line is broken where it lies above the last bound of the histograms, ${figureText(beyond, { unit: 's' })}.`,
  ]
}

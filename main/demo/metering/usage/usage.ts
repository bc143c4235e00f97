import type { UsagePoint } from '../../../../shared/metering/usage.ts'
import { MEASURES } from '../../../../shared/model/tokens.ts'
import { AT, CELL_MS, WIDTH } from '../../ledger/measures.ts'
import type { Handler } from '../http/handler.ts'
import { asOf, beforeKept, instant, rangeOf, type ReadingContext } from '../reading/context.ts'
import { groupStreams, type StreamGroup } from './groups.ts'
import { checkPoints, stepsOf, type Steps } from './times.ts'

/**
 * Tokens and requests over time, from sums that are exact at every grain. Exactly what was used in [from, to) is in the
 * answer: a step that reaches beyond an end counts its part inside, so that neighbouring questions add up.
 */
export function createUsageHandler({ ledger }: ReadingContext): Handler<'getUsage'> {
  const row = () => new Float64Array(ledger.metered.length * WIDTH)

  /** Whole range first: which groups have any usage, and who has the most. */
  function rank(groups: readonly StreamGroup[], fromMs: number, toMs: number) {
    const sums = row()
    ledger.history.add(sums, fromMs, toMs)
    const total = ({ streams }: StreamGroup, measure: number) =>
      streams.reduce((sum, stream) => sum + (sums[stream * WIDTH + measure] ?? 0), 0)
    return groups
      .map((group) => ({
        group,
        tokens: total(group, AT.input) + total(group, AT.output),
        calls: total(group, AT.requests) + total(group, AT.rejected),
      }))
      .filter(({ tokens, calls }) => tokens + calls > 0)
      .toSorted((a, b) => b.tokens - a.tokens)
      .map(({ group }) => group)
  }

  /** Points of several groups at once; steps without any usage are left out. */
  function pointsOf(
    groups: readonly StreamGroup[],
    steps: Steps,
    range: { readonly fromMs: number; readonly toMs: number },
  ): UsagePoint[][] {
    const points: UsagePoint[][] = groups.map(() => [])
    const only = groups.flatMap((group) => group.streams)
    const sums = row()
    const sum = new Float64Array(WIDTH)
    steps.starts.forEach((startMs, i) => {
      const fromMs = Math.max(startMs, range.fromMs)
      const toMs = Math.min(steps.starts[i + 1] ?? steps.endMs, range.toMs)
      if (toMs <= fromMs || toMs <= ledger.history.keptFrom()) return
      sums.fill(0)
      ledger.history.add(sums, fromMs, toMs, only)
      groups.forEach(({ streams }, g) => {
        sum.fill(0)
        for (const stream of streams) {
          for (let m = 0; m < WIDTH; m++) sum[m] = (sum[m] ?? 0) + (sums[stream * WIDTH + m] ?? 0)
        }
        if (sum.some((count) => count > 0)) points[g]?.push(pointOf(startMs, sum))
      })
    })
    return points
  }

  return ({ query }) => {
    const range = rangeOf(query)
    const fromMs = cellOf(range.fromMs)
    const toMs = cellOf(range.toMs + CELL_MS - 1)
    const { step, bucket, timezone, top } = query
    const question = { fromMs, toMs, step, bucket, timezone }
    const steps = stepsOf(question)
    const inReach = { fromMs, toMs: Math.min(toMs, ledger.dataAsOf()) }
    const ranked = rank(groupStreams(ledger.metered, query), inReach.fromMs, inReach.toMs)
    const shown = top === undefined ? ranked : ranked.slice(0, top)
    const others = top === undefined ? [] : ranked.slice(top)
    checkPoints(shown.length + Math.min(1, others.length), steps.starts.length, question)
    const rest: StreamGroup = { dims: {}, streams: others.flatMap((group) => group.streams) }
    const points = pointsOf([...shown, rest], steps, inReach)
    return {
      body: {
        ...asOf(ledger, beforeKept(ledger, fromMs)),
        from: instant(fromMs),
        to: instant(toMs),
        step: steps.seconds,
        series: shown.map(({ dims }, i) => ({ dims, points: points[i] ?? [] })),
        ...(top === undefined ? {} : { rest: points.at(-1) ?? [] }),
      },
    }
  }
}

const COUNTS = new Set(['requests', 'rejected', 'errors'])

function pointOf(atMs: number, sum: Float64Array): UsagePoint {
  const entries = MEASURES.map((measure) => {
    const count = sum[AT[measure]] ?? 0
    return [measure, COUNTS.has(measure) ? count : BigInt(count)]
  })
  return { t: instant(atMs), ...Object.fromEntries(entries) } as UsagePoint
}

/** Instants on the grain of the metering: the cell that holds them. */
export function cellOf(ms: number): number {
  return Math.floor(ms / CELL_MS) * CELL_MS
}

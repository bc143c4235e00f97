import type { StandIn } from '../../../../shared/contract/tokens.ts'
import { firstOf, type Message, message, said } from '../../../../shared/messages/message.ts'
import { inWords } from '../../../../shared/model/phrases.ts'
import type {
  ServedBetween,
  ServedCurve,
  ServedMeasure,
  ServedRate,
} from '../../../core/tokens/served/types.ts'
import { unjoinedOf } from '../../../core/tokens/served/flows.ts'
import { SERVED_MEASURED } from '../../../core/tokens/served/parts.ts'
import type { ServedWatch } from './watch.ts'
import { RATE_WINDOW_MS } from '../windows.ts'

/** Steps of sparks and trends, ms: wide enough for scrapes, fine enough for a shape. */
const TREND_STEP_MS = 30_000
const TREND_STEPS = 30
/** Servers that are asked directly answer one by one, many a second: the sums of all of them are not made for each, ms. */
const KEPT_MS = 1000
const TREND_KEPT_MS = 10_000
const MOST_IN_DOUBT = 3
const MOST_NAMED = 10

/** Steps and what was served in each of them. */
export interface ServedTrend {
  /** Starts of the steps. */
  readonly times: readonly number[]
  readonly stepMs: number
  readonly curves: readonly ServedCurve[]
}

interface Known {
  readonly of: unknown
  readonly at: number
  readonly flows: readonly ServedRate[]
  readonly between: ServedBetween
}

/** Served tokens per second by model, endpoint and GPU type, as they are now: one sum for all screens. */
export class ServedFigures {
  readonly #watch: ServedWatch
  readonly #now: () => number
  #known: Known | null = null
  #trend: { readonly of: unknown; readonly at: number; readonly trend: ServedTrend } | null = null

  constructor(watch: ServedWatch, now: () => number) {
    this.#watch = watch
    this.#now = now
  }

  /** Means over a minute, up to each server's newest sample. */
  flows(): readonly ServedRate[] {
    return this.#present().flows
  }

  /** Over the last quarter of an hour, as far as it is known. */
  trend(): ServedTrend {
    const now = this.#now()
    const served = this.#watch.served()
    const known = this.#trend
    if (known !== null && known.of === served && Math.abs(now - known.at) < TREND_KEPT_MS) return known.trend
    const all = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }
    const trend = this.course(all, TREND_STEP_MS, TREND_STEPS, ['input', 'output'])
    // Nothing is not kept: the first steps are waited for.
    if (trend.times.length > 0) this.#trend = { of: served, at: now, trend }
    return trend
  }

  /** What the engine remembers of a range, in whole steps; empty where that is nothing. */
  course(
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
    stepMs: number,
    most: number,
    measures: readonly ServedMeasure[],
  ): ServedTrend {
    const now = this.#now()
    const served = this.#watch.served()
    const reach = this.#watch.path() === 'none' ? null : served.reach(now)
    if (reach === null) return { times: [], stepMs, curves: [] }
    const end = Math.floor(Math.min(toMs, reach.toMs) / stepMs)
    const first = Math.max(Math.ceil(Math.max(fromMs, reach.fromMs) / stepMs), end - most)
    const edges = Array.from({ length: Math.max(0, end - first + 1) }, (_, step) => (first + step) * stepMs)
    return {
      times: edges.slice(0, -1),
      stepMs,
      curves: edges.length < 2 ? [] : served.curves(edges, now, measures),
    }
  }

  /** Since when the engine knows what is served; null before it does. */
  since(): number | null {
    return this.#watch.path() === 'none' ? null : (this.#watch.served().reach(this.#now())?.fromMs ?? null)
  }

  /** What stands beside these flows wherever they are shown. @param why the metering does not say it, a sentence */
  standIn(flows: readonly ServedRate[], why: Message): StandIn {
    const { between, flows: all } = this.#present()
    const { count, silent, at } = this.#watch.served().servers({}, this.#now())
    const { share, tokens } = unjoinedOf(flows)
    // Names are known of all servers together: beside a part of them they could be others'.
    const named = share !== null && share > 0 && flows.length === all.length
    const waiting = this.#watch.path() === 'none'
    return {
      source: waiting ? this.#watch.sourceText() : `served, from ${this.#watch.sourceText()}`,
      why,
      at,
      unjoined: {
        share,
        tokensPerSecond: share === null ? null : tokens,
        servers: named ? [...between.unjoined.servers] : [],
        total: named ? between.unjoined.total : 0,
      },
      notes: [
        ...(waiting ? [message('served.none', { source: this.#watch.sourceText() })] : []),
        ...(silent > 0 ? [message('served.silent', { silent, count })] : []),
        ...(between.uncounted.length > 0
          ? [message('served.uncounted', { servers: firstOf(between.uncounted, MOST_NAMED) })]
          : []),
        ...SERVED_MEASURED.flatMap((what) =>
          between.lacking[what].length > 0
            ? [message(`served.notCounted.${what}`, { servers: firstOf(between.lacking[what], MOST_NAMED) })]
            : [],
        ),
        ...(between.prefill.length > 0
          ? [message('served.prefill', { servers: firstOf(between.prefill, MOST_NAMED) })]
          : []),
        // What is said of the start of the watching itself is no doubt about a server.
        ...(between.watched
          ? between.gaps.slice(0, MOST_IN_DOUBT).map((gap) => message('served.doubt', { gap }))
          : []),
        ...this.#watch.warnings().map(said),
      ].slice(0, 10),
    }
  }

  /** Of all that was served in the last minute: which servers are not mapped to a GPU. */
  unjoined(): ServedBetween['unjoined'] {
    return this.#present().between.unjoined
  }

  sourceText(): string {
    return this.#watch.sourceText()
  }

  #present(): Known {
    const now = this.#now()
    const served = this.#watch.served()
    const known = this.#known
    if (known !== null && known.of === served && Math.abs(now - known.at) < KEPT_MS) return known
    const end = served.reach(now)?.toMs ?? now
    this.#known = {
      of: served,
      at: now,
      flows: this.#watch.path() === 'none' ? [] : served.rates(RATE_WINDOW_MS, now),
      between: served.between(end - RATE_WINDOW_MS, end),
    }
    return this.#known
  }
}

/** What is said where a range begins before the engine's memory of served tokens. */
export function forgotten(sinceMs: number, now: number): string {
  return `What was served is known to this engine for the last ${inWords(now - sinceMs)}; what was before is not known.`
}

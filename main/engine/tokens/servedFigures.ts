import type { StandIn } from '../../../shared/contract/tokens.ts'
import { inWords, plural } from '../../../shared/model/words.ts'
import type { ServedBetween, ServedCurve, ServedRate } from '../../core/tokens/served.ts'
import { unjoinedOf } from '../../core/tokens/servedFlows.ts'
import type { ServedWatch } from './servedWatch.ts'
import { RATE_WINDOW_MS } from './windows.ts'

/** Steps of sparks and trends, ms: scrapes are about that far apart. */
const TREND_STEP_MS = 15_000
const TREND_STEPS = 60
/** Between two rounds only silence can change the figures, ms. */
const KEPT_MS = 2000

/** Steps and what was served in each of them. */
export interface ServedTrend {
  /** Starts of the steps. */
  readonly times: readonly number[]
  readonly stepMs: number
  readonly curves: readonly ServedCurve[]
}

interface Known {
  readonly of: unknown
  readonly round: number
  readonly at: number
  readonly flows: readonly ServedRate[]
  readonly between: ServedBetween
  trend: ServedTrend | null
}

/** Served tokens per second by model, endpoint and GPU type, as they are now: one sum for all screens. */
export class ServedFigures {
  readonly #watch: ServedWatch
  readonly #now: () => number
  #known: Known | null = null

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
    const known = this.#present()
    known.trend ??= this.course(
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      TREND_STEP_MS,
      TREND_STEPS,
    )
    return known.trend
  }

  /** What the engine remembers of a range, in whole steps; empty where that is nothing. */
  course(fromMs: number, toMs: number, stepMs: number, most: number): ServedTrend {
    const now = this.#now()
    const served = this.#watch.served()
    const reach = this.#watch.path() === 'none' ? null : served.reach(now)
    if (reach === null) return { times: [], stepMs, curves: [] }
    const end = Math.floor(Math.min(toMs, reach.toMs) / stepMs)
    const first = Math.max(Math.ceil(Math.max(fromMs, reach.fromMs) / stepMs), end - most)
    const edges = Array.from({ length: Math.max(0, end - first + 1) }, (_, step) => (first + step) * stepMs)
    return { times: edges.slice(0, -1), stepMs, curves: edges.length < 2 ? [] : served.curves(edges, now) }
  }

  /** Since when the engine knows what is served; null before it does. */
  since(): number | null {
    return this.#watch.path() === 'none' ? null : (this.#watch.served().reach(this.#now())?.fromMs ?? null)
  }

  /** What stands beside these flows wherever they are shown. @param why the metering does not say it, a sentence */
  standIn(flows: readonly ServedRate[], why: string): StandIn {
    const { between } = this.#present()
    const { count, silent, at } = this.#watch.served().servers(this.#now())
    const { share, tokens } = unjoinedOf(flows)
    const waiting = this.#watch.path() === 'none'
    return {
      source: waiting ? this.#watch.sourceText() : `served, from ${this.#watch.sourceText()}`,
      why,
      at,
      unjoined: {
        share,
        tokensPerSecond: share === null ? null : tokens,
        servers: share === null || share === 0 ? [] : [...between.unjoined.servers],
        total: share === null || share === 0 ? 0 : between.unjoined.total,
      },
      notes: [
        ...(waiting ? [`Served tokens are not known: ${this.#watch.sourceText()}.`] : []),
        ...(silent > 0
          ? [`${plural(silent, 'server')} of ${count} do not answer: what they serve is left out.`]
          : []),
        ...(between.uncounted.length > 0
          ? [`Left out, because they do not count tokens: ${between.uncounted.join(', ')}.`]
          : []),
        ...this.#watch.warnings(),
      ].slice(0, 10),
    }
  }

  /** Of all that was served in the last minute: by whom that leads to no GPU. */
  unjoined(): ServedBetween['unjoined'] {
    return this.#present().between.unjoined
  }

  sourceText(): string {
    return this.#watch.sourceText()
  }

  #present(): Known {
    const now = this.#now()
    const served = this.#watch.served()
    const round = this.#watch.rounds()
    const known = this.#known
    if (
      known !== null &&
      known.of === served &&
      known.round === round &&
      Math.abs(now - known.at) < KEPT_MS
    ) {
      return known
    }
    const end = served.reach(now)?.toMs ?? now
    this.#known = {
      of: served,
      round,
      at: now,
      flows: this.#watch.path() === 'none' ? [] : served.rates(RATE_WINDOW_MS, now),
      between: served.between(end - RATE_WINDOW_MS, end),
      trend: null,
    }
    return this.#known
  }
}

/** What is said where a range begins before the engine's memory of served tokens. */
export function forgotten(sinceMs: number, now: number): string {
  return `What was served is known to this engine for the last ${inWords(now - sinceMs)} only; what was before is in nobody's memory by GPU type.`
}

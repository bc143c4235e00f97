import type { SampleTimes } from './sheets.ts'

/** One row of the sample-age query. */
export interface SampleAge {
  readonly instance: string
  /** Seconds since the epoch, by the clock of Prometheus. */
  readonly sampledAt: number
}

export interface Sampled {
  /** Sample times on the local wall clock, ms. */
  readonly times: SampleTimes
  /** Age of the newest sample by Prometheus's own clock, ms; null without any. */
  readonly dataAgeMs: number | null
}

/** Two clocks that drift less than this against each other are taken to stand still, ms. */
const DRIFT_MS = 1000

/**
 * Translates sample times from the clock of Prometheus into the local one, so that a clock that is wrong on either
 * side makes no figure look older or fresher than it is. The difference is held still against network jitter: one
 * sample keeps one time, however often it is asked for.
 */
export class SampleClock {
  /** Local minus remote, ms. */
  #offset: number | null = null

  /**
   * @param evaluatedAt when Prometheus evaluated the query by its clock, ms
   * @param askedAt when it was asked by the local wall clock, ms: the earlier end, so that nothing looks too fresh
   */
  translate(rows: readonly SampleAge[], evaluatedAt: number, askedAt: number): Sampled {
    const offset = askedAt - evaluatedAt
    if (this.#offset === null || Math.abs(offset - this.#offset) > DRIFT_MS) this.#offset = offset
    const times = new Map<string, number>()
    let newest = Number.NEGATIVE_INFINITY
    for (const { instance, sampledAt } of rows) {
      const remote = sampledAt * 1000
      if (!Number.isFinite(remote) || remote > evaluatedAt) continue
      newest = Math.max(newest, remote)
      times.set(instance, Math.min(askedAt, remote + this.#offset))
    }
    return { times, dataAgeMs: newest === Number.NEGATIVE_INFINITY ? null : evaluatedAt - newest }
  }
}

/** How far apart a back end's samples are, from two readings of the same targets; null where nothing moved. */
export function cadenceOf(before: SampleTimes, after: SampleTimes): number | null {
  let shortest = Number.POSITIVE_INFINITY
  for (const [instance, at] of after) {
    const gap = at - (before.get(instance) ?? at)
    // Below a second it is drift of the clocks, not a scrape.
    if (gap >= 1000) shortest = Math.min(shortest, gap)
  }
  return Number.isFinite(shortest) ? shortest : null
}

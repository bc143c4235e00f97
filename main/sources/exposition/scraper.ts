import type { SourceHealth } from '../../../shared/model/source.ts'
import { createBodyBuffers } from '../../platform/http/index.ts'
import { createNeighbourhood } from '../../platform/neighbourhood.ts'
import { Lanes } from './lanes.ts'
import { PolledTarget } from './polledTarget.ts'
import type { ScraperOptions } from './scraperOptions.ts'
import type { ScrapeTarget } from './targets/target.ts'

/** Scrapes many targets on an interval. Nothing that one of them does delays another. */
export interface Scraper {
  /** Replaces the targets; those that stay keep their parser, phase and health. */
  setTargets(targets: readonly ScrapeTarget[]): void
  /** Stops asking, keeps what is known: the other way feeds the floor. */
  pause(): void
  resume(): void
  targets(): number
  health(): SourceHealth[]
  /** Resolves when nothing is in flight any more. The agent belongs to the caller. */
  close(): Promise<void>
}

/** A failing lane this wide asks a thousand dead targets, each up to its deadline, within a few minutes. */
const SUSPECT_SHARE = 0.25
/** Most targets answer within this; one that takes longer waits on without a place. */
const HOLD_MS = 100
/** At most one request per target is in flight, so this is a guard for the file handles of this process alone. */
const MOST_IN_FLIGHT = 4096
/** After a start or a resumption every target has its first turn within this, ms: the floor is to be seen soon. */
const FIRST_ROUND_MS = 1000

export function createScraper(options: ScraperOptions): Scraper {
  const { intervalMs, concurrency } = options
  const lanes = new Lanes({
    steady: concurrency,
    suspect: Math.max(2, Math.ceil(concurrency * SUSPECT_SHARE)),
    holdMs: HOLD_MS,
    most: Math.max(MOST_IN_FLIGHT, concurrency),
  })
  const buffers = createBodyBuffers()
  const spreadMs = Math.min(FIRST_ROUND_MS, intervalMs)
  const neighbourhood =
    options.neighbourhood ??
    createNeighbourhood({
      clock: options.clock,
      togetherMs: 2 * intervalMs + options.deadlineMs,
      spreadMs,
    })
  const polled = new Map<string, PolledTarget>()
  const slowMs = Math.min(intervalMs, options.deadlineMs) / 2
  let paused = false
  let closed = false

  return {
    setTargets(targets) {
      if (closed) return
      const wanted = new Map(targets.map((target) => [target.url, target]))
      for (const [url, one] of polled) {
        if (wanted.has(url)) continue
        polled.delete(url)
        void one.close()
        one.lose(null)
      }
      for (const [url, target] of wanted) {
        const one = polled.get(url)
        if (one) one.target = target
        else {
          const created = new PolledTarget(target, options, { lanes, buffers, neighbourhood, spreadMs })
          polled.set(url, created)
          if (!paused) created.resume()
        }
      }
    },
    pause() {
      if (paused) return
      paused = true
      for (const one of polled.values()) one.pause()
    },
    resume() {
      if (!paused || closed) return
      paused = false
      for (const one of polled.values()) one.resume()
    },
    targets: () => polled.size,
    health: () => [...polled.values()].map((one) => one.describe(paused, slowMs)),
    async close() {
      closed = true
      paused = true
      await Promise.all([...polled.values()].map((one) => one.close()))
    },
  }
}

import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import type { Authorise } from '../../platform/auth.ts'
import { backoffDelay } from '../../platform/backoff.ts'
import type { Clock } from '../../platform/clock.ts'
import { describeFailure, describeStatus, SourceFailure } from '../../platform/failure.ts'
import { boundedRequest, type BoundedResponse, type HttpAgent } from '../../platform/http.ts'
import { ExpositionError } from './error.ts'
import { Lanes } from './lanes.ts'
import { createTargetParser } from './parser.ts'
import { phaseOf, type ScrapeTarget } from './target.ts'
import { BACKOFF_FROM, TargetHealth } from './targetHealth.ts'
import type { ParsedScrape, ScrapeLimits, TargetParser } from './types.ts'

export interface Scrape {
  readonly target: ScrapeTarget
  /** Valid until the target's next scrape: the parser uses its arrays again. */
  readonly parsed: ParsedScrape
  /** When the request was sent, wall clock, ms: no figure in it is younger than the answer, and none is called so. */
  readonly sampledAt: number
  readonly latencyMs: number
  readonly bytes: number
}

export interface ScraperOptions {
  readonly agent: HttpAgent
  readonly authorise?: Authorise
  /** Plain headers beside Accept. */
  readonly headers?: Readonly<Record<string, string>>
  readonly intervalMs: number
  /** For one scrape from the connection to the last byte, ms. */
  readonly deadlineMs: number
  /** Scrapes that may hold a place at once, see lanes.ts. */
  readonly concurrency: number
  readonly limits: ScrapeLimits
  readonly clock: Clock
  /** In [0, 1), for back-off. */
  readonly random?: () => number
  readonly onScrape: (scrape: Scrape) => void
  /** A target that answered does so no longer, or is no target any more. Called once per loss. */
  readonly onLost: (target: ScrapeTarget, error: SourceError | null) => void
  /** Ask for compressed answers. Off where none is given: exporters are near, and inflating costs more than it saves. */
  readonly compressed?: boolean
}

/** Scrapes many exporters on an interval. Nothing that one of them does delays another. */
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

const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=1,*/*;q=0.1'
const BACKOFF = { ceilingMs: 120_000 } as const
/** A failing lane this wide asks a thousand dead targets, each up to its deadline, within a few minutes. */
const SUSPECT_SHARE = 0.25
const HOLD_MS = 500
const MOST_IN_FLIGHT = 1024

export function createScraper(options: ScraperOptions): Scraper {
  const { intervalMs, concurrency } = options
  const lanes = new Lanes({
    steady: concurrency,
    suspect: Math.max(2, Math.ceil(concurrency * SUSPECT_SHARE)),
    holdMs: HOLD_MS,
    most: Math.max(MOST_IN_FLIGHT, concurrency),
  })
  const loops = new Map<string, TargetLoop>()
  const slowMs = Math.min(intervalMs, options.deadlineMs) / 2
  let paused = false
  let closed = false

  return {
    setTargets(targets) {
      if (closed) return
      const wanted = new Map(targets.map((target) => [target.url, target]))
      for (const [url, loop] of loops) {
        if (wanted.has(url)) continue
        loops.delete(url)
        loop.stop()
        loop.lose(null)
      }
      for (const [url, target] of wanted) {
        const loop = loops.get(url)
        if (loop) loop.target = target
        else {
          const created = new TargetLoop(target, options, lanes)
          loops.set(url, created)
          if (!paused) created.start()
        }
      }
    },
    pause() {
      if (paused) return
      paused = true
      for (const loop of loops.values()) loop.stop()
    },
    resume() {
      if (!paused || closed) return
      paused = false
      for (const loop of loops.values()) loop.start()
    },
    targets: () => loops.size,
    health: () => [...loops.values()].map((loop) => loop.health.describe(loop.target, paused, slowMs)),
    async close() {
      closed = true
      paused = true
      for (const loop of loops.values()) loop.stop()
      await Promise.all([...loops.values()].map((loop) => loop.settled))
    },
  }
}

/** The turns of one target. */
class TargetLoop {
  target: ScrapeTarget
  readonly health = new TargetHealth()
  /** Resolves when the scrape in flight, if any, is over. */
  settled: Promise<void> = Promise.resolve()
  readonly #options: ScraperOptions
  readonly #lanes: Lanes
  readonly #parser: TargetParser
  #timer: ReturnType<typeof setTimeout> | null = null
  #withdraw: (() => void) | null = null
  #abort: AbortController | null = null
  #answers = false
  /** Counts starts and stops, so that a scrape of an earlier life schedules nothing. */
  #life = 0

  constructor(target: ScrapeTarget, options: ScraperOptions, lanes: Lanes) {
    this.target = target
    this.#options = options
    this.#lanes = lanes
    this.#parser = createTargetParser(options.limits)
  }

  start(): void {
    this.#life++
    this.#schedule(phaseOf(this.target.url) * this.#options.intervalMs)
  }

  stop(): void {
    this.#life++
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#withdraw?.()
    this.#withdraw = null
    this.#abort?.abort()
  }

  lose(error: SourceError | null): void {
    if (!this.#answers) return
    this.#answers = false
    this.#options.onLost(this.target, error)
  }

  #schedule(delayMs: number): void {
    this.health.nextAttemptAt = this.#options.clock.now() + delayMs
    this.#timer = setTimeout(() => {
      this.#timer = null
      const life = this.#life
      this.#withdraw = this.#lanes.enter(this.health.failures > 0 ? 'suspect' : 'steady', (release) => {
        this.#withdraw = null
        const dueAt = this.#options.clock.monotonic()
        this.settled = this.#scrape().finally(() => {
          release()
          if (life === this.#life) this.#schedule(this.#pause(this.#options.clock.monotonic() - dueAt))
        })
      })
    }, delayMs)
  }

  /** Until the next turn: keeps the pace of the interval whatever a scrape took; after failures it grows. */
  #pause(tookMs: number): number {
    const { intervalMs, random = Math.random } = this.#options
    const { failures } = this.health
    if (failures < BACKOFF_FROM) return Math.max(0, intervalMs - tookMs)
    const policy = { baseMs: intervalMs * 2, floorMs: intervalMs, ...BACKOFF }
    return backoffDelay(
      failures - BACKOFF_FROM + 1,
      { ...policy, ceilingMs: Math.max(BACKOFF.ceilingMs, intervalMs) },
      random(),
    )
  }

  async #scrape(): Promise<void> {
    const { options, target, health } = { options: this.#options, target: this.target, health: this.health }
    const place = { source: `exporter ${target.name}`, address: target.url }
    const sampledAt = options.clock.now()
    const abort = new AbortController()
    this.#abort = abort
    health.lastAttemptAt = sampledAt
    health.nextAttemptAt = null
    try {
      const answer = await boundedRequest({
        url: target.url,
        agent: options.agent,
        headers: { ...options.headers, accept: ACCEPT },
        ...(options.authorise ? { authorise: options.authorise } : {}),
        deadlineMs: options.deadlineMs,
        maxBodyBytes: options.limits.maxBodyBytes,
        compressed: options.compressed ?? false,
        signal: abort.signal,
      })
      if (answer.status !== 200) throw new SourceFailure(describeStatus(answer.status, place))
      const parsed = this.#parse(answer, place)
      if (abort.signal.aborted) return
      const { latencyMs, wireBytes: bytes } = answer
      health.succeeded({ at: sampledAt, latencyMs, samples: parsed.count, bytes, warnings: parsed.refused })
      this.#answers = true
      options.onScrape({ target, parsed, sampledAt, latencyMs, bytes })
    } catch (error) {
      // Called off from here: says nothing about the target.
      if (abort.signal.aborted) return
      const failure = describeFailure(error, place)
      health.failed(failure)
      this.lose(failure)
    } finally {
      this.#abort = null
    }
  }

  #parse({ body, headers }: BoundedResponse, place: { source: string; address: string }): ParsedScrape {
    const contentType = headers['content-type']
    try {
      return this.#parser.parse(body, typeof contentType === 'string' ? contentType : undefined)
    } catch (error) {
      if (!(error instanceof ExpositionError)) throw error
      throw new SourceFailure({
        code: 'parse',
        text: `${place.source}: the answer is not an exposition; ${error.message}`,
        nextStep: 'Check that the address is the exporter’s /metrics, and its version.',
      })
    }
  }
}

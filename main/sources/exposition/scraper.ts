import type { SourceDoubt, SourceError, SourceHealth } from '../../../shared/model/source.ts'
import { plural } from '../../../shared/model/phrases.ts'
import type { Authorise } from '../../platform/auth.ts'
import { backoffDelay } from '../../platform/backoff.ts'
import type { Clock } from '../../platform/clock.ts'
import { describeFailure, describeStatus, type Place, SourceFailure } from '../../platform/failure.ts'
import type { HttpAgent } from '../../platform/http.ts'
import { createNeighbourhood, type Neighbour, type Neighbourhood } from '../../platform/neighbourhood.ts'
import { nextTurn } from '../../platform/poller.ts'
import { type BodyBuffers, createBodyBuffers } from './bodyBuffers.ts'
import { beyondDoubts } from './beyond.ts'
import { ExpositionError } from './error.ts'
import { type Answer, exchange, type Exchange } from './exchange.ts'
import { Lanes } from './lanes.ts'
import { heedTimes } from './sampleTimes.ts'
import { createTargetParser } from './parser.ts'
import { EXPORTERS, phaseOf, type ScrapeTarget, type TargetKind } from './targets/target.ts'
import { BACKOFF_FROM, TargetHealth } from './targets/health.ts'
import type { ParsedScrape, ScrapeLimits, TargetParser } from './types.ts'

export interface Scrape {
  readonly target: ScrapeTarget
  /** Valid until the target's next scrape: the parser uses its arrays again. */
  readonly parsed: ParsedScrape
  /**
   * When the request was sent, wall clock, ms: no figure in it is younger than the answer, and none is called so. Earlier
   * where the target itself says of all its samples that they are older.
   */
  readonly sampledAt: number
  readonly latencyMs: number
  readonly bytes: number
  /** There are no samples, yet the comments of the body name fields of GPUs. */
  readonly declaresGpus: boolean
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
  /** @returns why the answer is of no use although it came; null where it is */
  readonly onScrape: (scrape: Scrape) => SourceError | null | void
  /** A target that answered does so no longer, or is no target any more. Called once per loss. */
  readonly onLost: (target: ScrapeTarget, error: SourceError | null) => void
  /** Sources whose outages may have one cause with these targets'; the targets among themselves where none is given. */
  readonly neighbourhood?: Neighbourhood
  /** Ask for compressed answers. Off where none is given: exporters are near, and inflating costs more than it saves. */
  readonly compressed?: boolean
  /** Exporters where none is given. */
  readonly targetKind?: TargetKind
  /** See {@link ParserOptions}. */
  readonly dcgmBlanks?: boolean
  /** See {@link ParserOptions}. */
  readonly isWanted?: (name: string) => boolean
}

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

const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=1,*/*;q=0.1'
const BACKOFF = { ceilingMs: 120_000 } as const
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
  const neighbourhood =
    options.neighbourhood ??
    createNeighbourhood({
      clock: options.clock,
      togetherMs: 2 * intervalMs + options.deadlineMs,
      spreadMs: Math.min(FIRST_ROUND_MS, intervalMs),
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
        loop.leave()
        loop.lose(null)
      }
      for (const [url, target] of wanted) {
        const loop = loops.get(url)
        if (loop) loop.target = target
        else {
          const created = new TargetLoop(target, options, { lanes, buffers, neighbourhood })
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
    health: () =>
      [...loops.values()].map((loop) =>
        loop.health.describe(loop.target, paused, slowMs, options.targetKind),
      ),
    async close() {
      closed = true
      paused = true
      for (const loop of loops.values()) loop.stop()
      await Promise.all([...loops.values()].map((loop) => loop.settled))
    },
  }
}

/** What the targets of one scraper share. */
interface Shared {
  readonly lanes: Lanes
  readonly buffers: BodyBuffers
  readonly neighbourhood: Neighbourhood
}

/** The turns of one target. */
class TargetLoop {
  target: ScrapeTarget
  readonly health = new TargetHealth()
  /** Resolves when the scrape in flight, if any, is over. */
  settled: Promise<void> = Promise.resolve()
  readonly #options: ScraperOptions
  readonly #lanes: Lanes
  readonly #buffers: BodyBuffers
  readonly #parser: TargetParser
  readonly #neighbour: Neighbour
  readonly #origin: string
  readonly #path: string
  /** In the interval, ms. */
  readonly #phaseMs: number
  #timer: ReturnType<typeof setTimeout> | null = null
  #withdraw: (() => void) | null = null
  #inFlight: Exchange<void> | null = null
  #answers = false
  /** Instead of the next back-off, ms. */
  #soonMs: number | null = null
  /** Counts starts and stops, so that a scrape of an earlier life schedules nothing. */
  #life = 0

  constructor(target: ScrapeTarget, options: ScraperOptions, { lanes, buffers, neighbourhood }: Shared) {
    const { origin, pathname, search } = new URL(target.url)
    this.target = target
    this.#origin = origin
    this.#path = pathname + search
    this.#phaseMs = phaseOf(target.url) * options.intervalMs
    this.#options = options
    this.#lanes = lanes
    this.#buffers = buffers
    this.#neighbour = neighbourhood.join((withinMs) => this.#retry(withinMs))
    this.#parser = createTargetParser(options.limits, {
      dcgmBlanks: options.dcgmBlanks ?? true,
      ...(options.isWanted === undefined ? {} : { isWanted: options.isWanted }),
    })
  }

  start(): void {
    this.#life++
    const { intervalMs } = this.#options
    this.#schedule(this.#phaseMs * (Math.min(FIRST_ROUND_MS, intervalMs) / intervalMs))
  }

  stop(): void {
    this.#life++
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#soonMs = null
    this.#withdraw?.()
    this.#withdraw = null
    this.#inFlight?.cancel()
  }

  /** For good: it is a target no longer. */
  leave(): void {
    this.stop()
    this.#neighbour.leave()
  }

  lose(error: SourceError | null): void {
    if (!this.#answers) return
    this.#answers = false
    this.#options.onLost(this.target, error)
  }

  /** Neighbours answer again. Whoever waits longer than that comes sooner, at its own moment, so that not all come at once. */
  #retry(withinMs: number): void {
    const { nextAttemptAt } = this.health
    const delayMs = phaseOf(this.target.url) * withinMs
    if (this.#timer === null || nextAttemptAt === null) {
      // A question from before is under way, or waits for its place; if it fails, the next one does not wait long.
      this.#soonMs = delayMs
      return
    }
    if (nextAttemptAt - this.#options.clock.now() <= delayMs) return
    clearTimeout(this.#timer)
    this.#schedule(delayMs)
  }

  #schedule(delayMs: number): void {
    this.health.nextAttemptAt = this.#options.clock.now() + delayMs
    this.#timer = setTimeout(() => {
      this.#timer = null
      const life = this.#life
      this.#withdraw = this.#lanes.enter(this.health.failures > 0 ? 'suspect' : 'steady', (release) => {
        this.#withdraw = null
        const startedAt = this.#options.clock.monotonic()
        this.settled = this.#scrape().finally(() => {
          release()
          if (life === this.#life) this.#schedule(this.#pause(startedAt))
        })
      })
    }, delayMs)
  }

  /** Until the next turn: the target's own moment in the interval; after failures later. */
  #pause(startedAt: number): number {
    const { intervalMs, clock, random = Math.random } = this.#options
    const { failures } = this.health
    const now = clock.monotonic()
    const soonMs = this.#soonMs
    this.#soonMs = null
    if (failures > 0 && soonMs !== null) return soonMs
    if (failures < BACKOFF_FROM) return nextTurn(now, startedAt, this.#phaseMs, intervalMs) - now
    const policy = { baseMs: intervalMs * 2, floorMs: intervalMs, ...BACKOFF }
    return backoffDelay(
      failures - BACKOFF_FROM + 1,
      { ...policy, ceilingMs: Math.max(BACKOFF.ceilingMs, intervalMs) },
      random(),
    )
  }

  async #scrape(): Promise<void> {
    const { options, target, health } = { options: this.#options, target: this.target, health: this.health }
    const { noun } = options.targetKind ?? EXPORTERS
    const place = { source: `${noun} ${target.name}`, address: target.url }
    const sampledAt = options.clock.now()
    const life = this.#life
    health.lastAttemptAt = sampledAt
    health.nextAttemptAt = null
    try {
      const headers: Record<string, string> = {
        ...options.headers,
        'user-agent': 'Floorwatch',
        accept: ACCEPT,
      }
      if (options.compressed === true) headers['accept-encoding'] = 'gzip'
      options.authorise?.(headers, target.url)
      this.#inFlight = exchange({
        agent: options.agent,
        buffers: this.#buffers,
        origin: this.#origin,
        path: this.#path,
        headers,
        deadlineMs: options.deadlineMs,
        maxBodyBytes: options.limits.maxBodyBytes,
        read: async (answer) => {
          if (answer.status !== 200) throw new SourceFailure(describeStatus(answer.status, place))
          const parsed = await this.#parse(answer, place)
          // Called off meanwhile: the other way feeds, or it is a target no longer.
          if (life === this.#life) this.#take(answer, parsed, place, sampledAt)
        },
      })
      await this.#inFlight.result
    } catch (error) {
      // Called off from here: says nothing about the target.
      if (life !== this.#life) return
      const failure = describeFailure(error, place)
      health.failed(failure)
      this.#neighbour.failed()
      this.lose(failure)
    } finally {
      this.#inFlight = null
    }
  }

  /** An answer, while its memory is still there. */
  #take(answer: Answer, parsed: ParsedScrape, place: Place, askedAt: number): void {
    const { target, health } = this
    const { sampledAt, doubt } = heedTimes(parsed, askedAt)
    const { latencyMs, body, wireBytes } = answer
    health.succeeded({
      at: askedAt,
      latencyMs,
      samples: parsed.count + parsed.passedOver + parsed.beyond,
      bytes: wireBytes,
      warnings: [...parsed.malformed.words, ...parsed.refused],
      doubts: [
        ...(parsed.malformed.count === 0 ? [] : [malformedDoubt(parsed.malformed)]),
        ...(doubt === null ? [] : [doubt]),
      ],
    })
    health.beyond = beyondDoubts(parsed.beyond, this.#options.limits.maxLabelSets)
    this.#answers = true
    this.#neighbour.answered()
    try {
      const declaresGpus = parsed.count + parsed.passedOver === 0 && namesGpuFields(body)
      const scrape = { target, parsed, sampledAt, latencyMs, bytes: body.length, declaresGpus }
      const emptiness = this.#options.onScrape(scrape)
      if (emptiness) health.saysNothing(emptiness)
    } catch (error) {
      throw new SourceFailure(
        {
          code: 'internal',
          text: `${place.source}: its figures could not be used (${error instanceof Error ? error.message : String(error)})`,
          nextStep: 'This is a defect of Floorwatch; please report it with this text.',
        },
        error,
      )
    }
  }

  async #parse({ body, contentType }: Answer, place: Place): Promise<ParsedScrape> {
    try {
      return await this.#parser.parseInTurns(body, contentType)
    } catch (error) {
      if (!(error instanceof ExpositionError)) throw error
      throw new SourceFailure({
        code: 'parse',
        text: `${place.source}: the answer is not an exposition; ${error.message}`,
        nextStep: `Check that the address is the ${(this.#options.targetKind ?? EXPORTERS).noun}’s /metrics, and its version.`,
      })
    }
  }
}

/** Whether the comments of a body without samples are those of a GPU exporter. */
function namesGpuFields(body: Uint8Array): boolean {
  return /^# (?:HELP|TYPE) DCGM_/m.test(Buffer.from(body.subarray(0, 64 * 1024)).toString('latin1'))
}

/** Part of what a target says cannot be read: its other figures are shown, and that it is not all is said. */
function malformedDoubt({ count, words }: ParsedScrape['malformed']): SourceDoubt {
  return {
    code: 'malformed-lines',
    severity: 'advisory',
    what: `${plural(count, 'line')} of the answer ${count === 1 ? 'is no sample and was' : 'are no samples and were'} left out`,
    by: words[0] ?? '',
    nextStep:
      'Take the metric out of the exporter’s list of fields: Prometheus drops the whole answer for it.',
  }
}

import type { SourceDoubt, SourceError, SourceHealth } from '../../../shared/model/source.ts'
import { message, said } from '../../../shared/messages/message.ts'
import { describeFailure, describeStatus, type Place, SourceFailure } from '../../platform/failure.ts'
import {
  type Answer,
  type BodyBuffers,
  type Destination,
  destinationOf,
  headerOf,
  wholeExchange,
} from '../../platform/http/index.ts'
import type { Neighbour, Neighbourhood } from '../../platform/neighbourhood.ts'
import { type Poller, startPoller } from '../../platform/poller.ts'
import { patientAtFirst } from '../../platform/pollTimes.ts'
import { beyondDoubts } from './beyond.ts'
import { ExpositionError } from './error.ts'
import type { Lanes } from './lanes.ts'
import { createTargetParser } from './parser.ts'
import { heedTimes } from './sampleTimes.ts'
import type { ScraperOptions } from './scraperOptions.ts'
import { EXPORTERS, phaseOf, type ScrapeTarget } from './targets/target.ts'
import { BACKOFF_FROM, TargetHealth } from './targets/health.ts'
import type { ParsedScrape, TargetParser } from './types.ts'

/** What the targets of one scraper share. */
export interface SharedByTargets {
  readonly lanes: Lanes
  readonly buffers: BodyBuffers
  readonly neighbourhood: Neighbourhood
  /** Within which all of them have their first turn, ms. */
  readonly spreadMs: number
}

const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=1,*/*;q=0.1'
/** A target that fails is still asked this often, ms. */
const LONGEST_PAUSE_MS = 120_000

/** One target that is scraped at its own moment of each interval. At rest until it is resumed. */
export class PolledTarget {
  target: ScrapeTarget
  readonly #health = new TargetHealth()
  readonly #options: ScraperOptions
  readonly #buffers: BodyBuffers
  readonly #parser: TargetParser
  readonly #neighbour: Neighbour
  readonly #poller: Poller
  readonly #destination: Destination
  #answers = false

  constructor(
    target: ScrapeTarget,
    options: ScraperOptions,
    { lanes, buffers, neighbourhood, spreadMs }: SharedByTargets,
  ) {
    const { intervalMs } = options
    const phase = phaseOf(target.url)
    this.target = target
    this.#destination = destinationOf(target.url)
    this.#options = options
    this.#buffers = buffers
    this.#parser = createTargetParser(options.limits, {
      dcgmBlanks: options.dcgmBlanks ?? true,
      ...(options.isWanted === undefined ? {} : { isWanted: options.isWanted }),
    })
    this.#poller = startPoller({
      what: `${(options.targetKind ?? EXPORTERS).noun} ${target.name}`,
      everyMs: intervalMs,
      phaseMs: phase * intervalMs,
      firstAfterMs: phase * spreadMs,
      afterFailures: patientAtFirst(BACKOFF_FROM, {
        baseMs: intervalMs * 2,
        floorMs: intervalMs,
        ceilingMs: Math.max(LONGEST_PAUSE_MS, intervalMs),
      }),
      admit: (_, start) => lanes.enter(this.#health.failures > 0 ? 'suspect' : 'steady', start),
      clock: options.clock,
      logger: options.logger,
      ...(options.random === undefined ? {} : { random: options.random }),
      ask: (signal) => this.#scrape(signal),
      paused: true,
    })
    // Each at its own moment, so that not all come at once.
    this.#neighbour = neighbourhood.join((withinMs) => this.#poller.within(phase * withinMs))
  }

  resume(): void {
    this.#poller.resume()
  }

  pause(): void {
    this.#poller.pause()
  }

  /** It is a target no longer. Resolves when nothing is in flight any more. */
  close(): Promise<void> {
    this.#neighbour.leave()
    return this.#poller.close()
  }

  lose(error: SourceError | null): void {
    if (!this.#answers) return
    this.#answers = false
    this.#options.onLost(this.target, error)
  }

  describe(paused: boolean, slowMs: number): SourceHealth {
    const nextAttemptAt = this.#poller.nextAttemptAt()
    return this.#health.describe(this.target, { paused, slowMs, nextAttemptAt }, this.#options.targetKind)
  }

  async #scrape(signal: AbortSignal): Promise<void> {
    const { agent, authorise, clock, compressed, deadlineMs, headers, limits } = this.#options
    const { targetKind = EXPORTERS } = this.#options
    const place = { source: `${targetKind.noun} ${this.target.name}`, address: this.target.url }
    const sampledAt = clock.now()
    this.#health.lastAttemptAt = sampledAt
    try {
      await wholeExchange({
        agent,
        buffers: this.#buffers,
        destination: this.#destination,
        headers: { ...headers, accept: ACCEPT },
        authorise,
        compressed: compressed ?? false,
        deadlineMs,
        signal,
        maxBodyBytes: limits.maxBodyBytes,
        read: async (answer) => {
          if (answer.status !== 200) throw new SourceFailure(describeStatus(answer.status, place))
          const parsed = await this.#parse(answer, place)
          // Called off meanwhile: the other way feeds, or it is a target no longer.
          if (!signal.aborted) this.#take(answer, parsed, place, sampledAt)
        },
      }).result
    } catch (error) {
      const failure = describeFailure(error, place)
      // Called off from here: says nothing about the target.
      if (!signal.aborted) this.#failed(failure)
      throw new SourceFailure(failure, error)
    }
  }

  #failed(failure: SourceError): void {
    this.#health.failed(failure)
    this.#neighbour.failed()
    this.lose(failure)
  }

  /** An answer, while its memory is still there. */
  #take(answer: Answer, parsed: ParsedScrape, place: Place, askedAt: number): void {
    const { sampledAt, doubt } = heedTimes(parsed, askedAt)
    const { latencyMs, body, wireBytes } = answer
    this.#health.succeeded({
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
    this.#health.beyond = beyondDoubts(parsed.beyond, this.#options.limits.maxLabelSets)
    this.#answers = true
    this.#neighbour.answered()
    try {
      const { target } = this
      const declaresGpus = parsed.count + parsed.passedOver === 0 && namesGpuFields(body)
      const scrape = { target, parsed, sampledAt, latencyMs, bytes: body.length, declaresGpus }
      const emptiness = this.#options.onScrape(scrape)
      if (emptiness) this.#health.saysNothing(emptiness)
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

  async #parse(answer: Answer, place: Place): Promise<ParsedScrape> {
    try {
      return await this.#parser.parseInTurns(answer.body, headerOf(answer, 'content-type'))
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
    what: message('doubt.malformed', { lines: count }),
    by: words[0] === undefined ? null : said(words[0]),
    nextStep: message('doubt.malformed.next'),
  }
}

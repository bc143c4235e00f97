import type { SourceError } from '../../shared/model/source.ts'
import type { Clock } from './clock.ts'
import { withinDeadline } from './deadline.ts'
import { SourceFailure, sourceErrorOf } from './failure.ts'
import type { Logger } from './logger.ts'
import { type AfterFailures, nextTurn, SECOND_LOOK_MS, secondLook } from './pollTimes.ts'

/** Lets a round in, by calling `start` at once or later; the round calls `release` when it is over. Returns how to withdraw it. */
export type Admission = (failures: number, start: (release: () => void) => void) => () => void

export interface PollerOptions {
  /** For words and the log: "usage", as in "The answer for usage could not be used." */
  readonly what: string
  /** From the start of one round to the start of the next, ms. */
  readonly everyMs: number
  /**
   * Where in the interval rounds begin, ms on the monotonic clock: so that the rounds of many pollers stay spread for
   * months, however late or long each was. Left out: a round that took longer than the interval is followed at once.
   */
  readonly phaseMs?: number
  /** Until the first round after a start or a resumption, ms; 0 where none is given. */
  readonly firstAfterMs?: number
  /**
   * A round that takes longer has failed: its signal aborts, and what it still brings is of no account. None where none
   * is given: the questions of the round have deadlines of their own.
   */
  readonly deadlineMs?: number
  /** {@link secondLook} up to ten times the interval where none is given. */
  readonly afterFailures?: AfterFailures
  /** Where many pollers share places; at once where none is given. Waiting for a place is no part of the deadline. */
  readonly admit?: Admission
  readonly clock: Clock
  readonly logger: Logger
  /** For back-off, in [0, 1). */
  readonly random?: () => number
  /** One round. What it throws or rejects with is a failure. The signal aborts at a pause, the close or the deadline. */
  readonly ask: (signal: AbortSignal) => Promise<void> | void
  /** After each round, whatever its end, once the next one is due. What it throws is logged and changes nothing. */
  readonly onDone?: () => void
  /** Starts at rest; {@link Poller.resume} begins. */
  readonly paused?: boolean
}

/** One question that is asked again and again, one round at a time, later and later while it fails. */
export interface Poller {
  /** News came: soon instead of at the next turn, a second after the last start at the earliest. Not while it fails. */
  hurry(): void
  /** At once, also while it fails; after the round under way, if that succeeds. A poller that is paused stays so. */
  now(): void
  /**
   * Whatever stopped it may be over, because its neighbours answer again: while it fails, the next round comes within so
   * many ms. After a round under way that fails it comes so many ms after its end.
   */
  within(ms: number): void
  /** Stops asking and calls off the round under way, which then counts for nothing. What is known stays. */
  pause(): void
  resume(): void
  readonly failures: () => number
  /** Of the last round. */
  readonly failure: () => SourceError | null
  /** Wall clock, ms; null while a round is under way, waits for a place, or none is to come. */
  readonly nextAttemptAt: () => number | null
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>
}

/** What setTimeout can wait. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1

/** Begins at once, unless it is told to be paused. Nothing that a round throws is thrown from here. */
export function startPoller(options: PollerOptions): Poller {
  const poller = new PollLoop(options)
  if (options.paused !== true) poller.resume()
  return poller
}

class PollLoop implements Poller {
  readonly #options: PollerOptions
  readonly #afterFailures: AfterFailures
  #failures = 0
  #failure: SourceError | null = null
  #state: 'paused' | 'resting' | 'queued' | 'asking' | 'closed' = 'paused'
  #timer: ReturnType<typeof setTimeout> | null = null
  /** Monotonic ms: when the coming round is due, and when the last one was and really began. */
  #due = 0
  #lastDue = Number.NEGATIVE_INFINITY
  #startedAt = Number.NEGATIVE_INFINITY
  #nextAttemptAt: number | null = null
  /** What came while a round was under way. */
  #wish: 'none' | 'hurry' | 'now' = 'none'
  #withinMs: number | null = null
  #withdraw: (() => void) | null = null
  #round: AbortController | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(options: PollerOptions) {
    this.#options = options
    this.#afterFailures = options.afterFailures ?? secondLook(options.everyMs, options.everyMs * 10)
  }

  readonly failures = () => this.#failures
  readonly failure = () => this.#failure
  readonly nextAttemptAt = () => this.#nextAttemptAt

  hurry(): void {
    // While it fails, news of others are no reason to press it.
    if (this.#state === 'resting' && this.#failures === 0)
      this.#restUntil(Math.min(this.#due, this.#soonest()))
    else if (this.#wish === 'none') this.#wish = 'hurry'
  }

  now(): void {
    if (this.#state === 'resting') this.#restUntil(this.#options.clock.monotonic())
    else this.#wish = 'now'
  }

  within(ms: number): void {
    if (this.#state !== 'resting') this.#withinMs = ms
    else if (this.#failures > 0) this.#restUntil(Math.min(this.#due, this.#options.clock.monotonic() + ms))
  }

  pause(): void {
    if (this.#state !== 'closed') this.#stop('paused')
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#wish = 'none'
    this.#withinMs = null
    this.#lastDue = Number.NEGATIVE_INFINITY
    this.#restUntil(this.#options.clock.monotonic() + (this.#options.firstAfterMs ?? 0))
  }

  close(): Promise<void> {
    this.#stop('closed')
    return this.#running
  }

  #stop(state: 'paused' | 'closed'): void {
    this.#state = state
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#nextAttemptAt = null
    this.#withdraw?.()
    this.#withdraw = null
    this.#round?.abort()
    this.#round = null
  }

  #soonest(): number {
    return Math.max(this.#options.clock.monotonic(), this.#startedAt + SECOND_LOOK_MS)
  }

  #restUntil(due: number): void {
    const { clock } = this.#options
    if (this.#timer !== null) clearTimeout(this.#timer)
    const waitMs = Math.max(0, due - clock.monotonic())
    this.#state = 'resting'
    this.#due = due
    this.#nextAttemptAt = clock.now() + waitMs
    this.#timer = setTimeout(() => this.#enter(), Math.min(waitMs, LONGEST_SLEEP_MS))
  }

  #enter(): void {
    this.#timer = null
    this.#nextAttemptAt = null
    this.#state = 'queued'
    const { admit } = this.#options
    if (admit === undefined) return this.#begin(() => undefined)
    this.#withdraw = admit(this.#failures, (release) => {
      // Let in at the moment that it was called off.
      if (this.#state === 'queued') this.#begin(release)
      else release()
    })
  }

  #begin(release: () => void): void {
    this.#withdraw = null
    this.#state = 'asking'
    this.#startedAt = this.#options.clock.monotonic()
    this.#lastDue = this.#due
    this.#wish = 'none'
    const round = new AbortController()
    this.#round = round
    // A round that was called off may still be ending: the next one waits for it.
    this.#running = this.#running
      .then(() => this.#ask(round))
      .finally(() => {
        release()
        if (this.#round !== round) return
        this.#round = null
        this.#restUntil(this.#nextDue())
        this.#tell()
      })
  }

  /** Never rejects. A round that was called off meanwhile counts for nothing. */
  async #ask(round: AbortController): Promise<void> {
    const { ask, what, deadlineMs, logger } = this.#options
    try {
      await withinDeadline(ask, round, what, deadlineMs)
      if (this.#round !== round) return
      this.#failures = 0
      this.#failure = null
    } catch (error) {
      if (this.#round !== round) return
      this.#failures += 1
      this.#failure = sourceErrorOf(error, what)
      if (!(error instanceof SourceFailure)) logger.error({ err: error, what }, 'a round of questions failed')
    }
  }

  #nextDue(): number {
    const { clock, everyMs, phaseMs, random = Math.random } = this.#options
    const now = clock.monotonic()
    const withinMs = this.#withinMs
    this.#withinMs = null
    if (this.#wish === 'now' && this.#failures === 0) return now
    if (this.#failures > 0 && withinMs !== null) return now + withinMs
    const late = this.#failures === 0 ? null : this.#afterFailures(this.#failures, random())
    if (late !== null) return Math.max(now, this.#startedAt + late)
    const usual =
      phaseMs !== undefined
        ? nextTurn(now, this.#startedAt, phaseMs, everyMs)
        : // From when it was due, not from when a busy machine came to it: otherwise each round would be a little later.
          Math.max(now, Math.max(this.#lastDue, this.#startedAt - everyMs / 2) + everyMs)
    return this.#wish === 'hurry' && this.#failures === 0 ? Math.min(usual, this.#soonest()) : usual
  }

  #tell(): void {
    const { onDone, logger, what } = this.#options
    try {
      onDone?.()
    } catch (error) {
      logger.error({ err: error, what }, 'what follows a round of questions failed')
    }
  }
}

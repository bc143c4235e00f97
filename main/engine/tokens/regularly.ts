import type { SourceError } from '../../../shared/model/source.ts'
import { backoffDelay } from '../../platform/backoff.ts'
import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import type { Logger } from '../../platform/logger.ts'

export interface RegularOptions {
  /** For the log: "usage". */
  readonly what: string
  /** From the start of one question to the start of the next, ms. */
  readonly everyMs: number
  /** However often it fails, it is tried again after this, ms. */
  readonly longestPauseMs: number
  readonly clock: Clock
  readonly logger: Logger
  /** One question; a rejection starts the back-off. */
  readonly ask: (signal: AbortSignal) => Promise<void>
  /** After each question, whatever its end. */
  readonly onDone: () => void
}

/** A question that is asked again and again, one at a time, with a pause that grows while it fails. */
export interface Regular {
  /** Soon instead of at the next turn: news came. Never sooner than a second after the last start. */
  hurry(): void
  readonly failures: () => number
  readonly failure: () => SourceError | null
  /** Wall clock, ms; null while a question is under way. */
  readonly nextAttemptAt: () => number | null
  close(): Promise<void>
}

/** A first failure is looked at again soon; news do not come oftener than this, ms. */
const SECOND_LOOK_MS = 1_000

/** Begins at once. Nothing that `ask` throws is thrown from here. */
export function regularly(options: RegularOptions): Regular {
  const { what, everyMs, longestPauseMs, clock, logger, ask, onDone } = options
  const closing = new AbortController()
  let failures = 0
  let failure: SourceError | null = null
  let nextAttemptAt: number | null = null
  let startedAt = Number.NEGATIVE_INFINITY
  let wake: (() => void) | null = null
  let hurried = false
  let hurry: NodeJS.Timeout | null = null

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      startedAt = clock.monotonic()
      hurried = false
      nextAttemptAt = null
      try {
        await ask(closing.signal)
        failures = 0
        failure = null
      } catch (error) {
        if (closing.signal.aborted) return
        failures += 1
        failure = failureOf(error, what)
        if (!(error instanceof SourceFailure)) logger.error({ err: error, what }, 'asking for tokens failed')
      }
      if (closing.signal.aborted) return
      const pause = hurried ? Math.min(SECOND_LOOK_MS, pauseMs()) : pauseMs()
      const rest = sleep(Math.max(0, pause - (clock.monotonic() - startedAt)))
      onDone()
      await rest
    }
  }

  function pauseMs(): number {
    if (failures === 0) return everyMs
    if (failures === 1) return Math.min(everyMs, SECOND_LOOK_MS)
    const ceilingMs = Math.max(Math.min(everyMs, longestPauseMs), longestPauseMs)
    const policy = { baseMs: Math.min(everyMs, longestPauseMs), ceilingMs, floorMs: SECOND_LOOK_MS }
    return backoffDelay(failures, policy, Math.random())
  }

  function sleep(ms: number): Promise<void> {
    nextAttemptAt = clock.now() + ms
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        if (hurry !== null) clearTimeout(hurry)
        hurry = null
        wake = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      wake = done
    })
  }

  const running = loop()
  return {
    hurry() {
      hurried = true
      // While it fails, news of others are no reason to press it.
      if (wake === null || failures > 0) return
      hurry ??= setTimeout(() => wake?.(), Math.max(0, startedAt + SECOND_LOOK_MS - clock.monotonic()))
    },
    failures: () => failures,
    failure: () => failure,
    nextAttemptAt: () => nextAttemptAt,
    async close() {
      closing.abort()
      wake?.()
      await running
    },
  }
}

/** What stopped a question, in words; a defect of the console is not told in detail. */
export function failureOf(error: unknown, what: string): SourceError {
  if (error instanceof SourceFailure) return error.failure
  return {
    code: 'internal',
    text: `The answer for ${what} could not be used.`,
    nextStep: "The engine's log has the details; please report them.",
  }
}

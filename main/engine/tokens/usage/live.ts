import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import { DIMENSIONS } from '../../../../shared/metering/capabilities.ts'
import type { SourceDoubt, SourceError } from '../../../../shared/model/source.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { inWords } from '../../../../shared/model/phrases.ts'
import { createCube, type Cube } from '../../../core/tokens/usage/cube/cube.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import type { Clock } from '../../../platform/clock.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import type { Logger } from '../../../platform/logger.ts'
import { type Poller, startPoller } from '../../../platform/poller.ts'
import { secondLook } from '../../../platform/pollTimes.ts'
import type { MeteringAbilities, MeteringSource } from '../../../sources/metering/types.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { correctionOf, keepCorrection } from './corrections.ts'
import { message, said } from '../../../../shared/messages/message.ts'

/** What the live figures are made of: older steps go. */
const WINDOW_MS = 15 * 60_000
const MAX_ROWS = 100_000
/** Finer steps than this show nothing that a person could follow, and cost memory per row, ms. */
const FINEST_STEP_MS = 5_000
/** Late usage is looked for in the whole window this often, without waiting for an event, ms. */
const WHOLE_EVERY_MS = 60_000
const LONGEST_PAUSE_MS = 10_000
/** A metering that was never seen to have any usage is a finding from then on, ms. */
const PATIENCE_MS = 5 * 60_000

export interface UsageLiveOptions {
  readonly source: MeteringSource
  readonly refreshMs: number
  readonly backendClock: RemoteTime
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}

/** The newest usage of a back end, merged into a cube. Times of the cube are the back end's. */
export interface UsageLive {
  readonly cube: Cube
  /** Of the last answer; null before the first. */
  abilities(): MeteringAbilities | null
  /** Counts up with every answer that was merged. */
  revision(): number
  failures(): number
  failure(): SourceError | null
  /** Wall clock of this machine, ms. */
  lastAnswerAt(): number | null
  nextAttemptAt(): number | null
  corrections(): TokenOrigin['corrections']
  /** What its answers say against what it told before. */
  doubts(): readonly SourceDoubt[]
  /** Something new is there: ask soon. */
  hurry(): void
  /** Usage from here on the back end's clock was changed: ask for it again. */
  corrected(fromMs: number): void
  close(): Promise<void>
}

/** Starts asking at once; one question at a time. */
export function watchUsage(options: UsageLiveOptions): UsageLive {
  const { source, backendClock, clock, logger, refreshMs, onNews } = options
  const cube = createCube({ windowMs: WINDOW_MS, maxRows: MAX_ROWS })
  let abilities: MeteringAbilities | null = null
  let revision = 0
  let lastAnswerAt: number | null = null
  let wholeAt = Number.NEGATIVE_INFINITY
  let correctedFrom = Number.POSITIVE_INFINITY
  let corrections: TokenOrigin['corrections'] = []
  let emptied = 0
  /** Monotonic, ms. */
  let firstAnswerAt: number | null = null
  let everUsed = false

  async function ask(signal: AbortSignal): Promise<void> {
    abilities = await source.abilities(signal)
    if (abilities.lacks.has('liveUsage')) {
      lastAnswerAt = clock.now()
      return
    }
    const { groups, minStepMs, lagMs } = abilities
    const stepMs = stepOf(minStepMs)
    const now = backendClock.toRemote(clock.now())
    const known = cube.reach()
    const whole = known === null || clock.monotonic() - wholeAt >= WHOLE_EVERY_MS
    const oldest = now - WINDOW_MS
    const since = whole ? oldest : Math.min(known.dataAsOf - lagMs - 2 * stepMs, correctedFrom)
    const from = Math.max(oldest, since)
    const asked = correctedFrom
    correctedFrom = Number.POSITIVE_INFINITY
    try {
      const table = await source.usage(
        {
          fromMs: Math.floor(from / stepMs) * stepMs,
          toMs: Math.ceil(now / stepMs) * stepMs,
          step: { ms: stepMs },
          groupBy: DIMENSIONS.filter((dimension) => groups.has(dimension)),
          filters: {},
          top: null,
        },
        signal,
      )
      firstAnswerAt ??= clock.monotonic()
      everUsed ||= hasTokens(table)
      emptied = emptiedBy(table)
      if (emptied > 0) throw new SourceFailure(emptyAnswer(emptied))
      // What is not exact changes by itself: such a change corrects nothing.
      const doubted = (table.doubts ?? []).length > 0 || (cube.reach()?.doubts ?? []).length > 0
      const late = cube.merge(table)
      if (late !== null && !doubted) {
        const correction = correctionOf(late, clock.now(), backendClock.toLocal(late.fromMs))
        corrections = keepCorrection(corrections, correction)
      }
    } catch (error) {
      correctedFrom = Math.min(correctedFrom, asked)
      throw error
    }
    if (whole) wholeAt = clock.monotonic()
    lastAnswerAt = clock.now()
    revision += 1
  }

  /** Tokens that an answer without any usage would take back, of steps that were told whole; 0 where it has some. */
  function emptiedBy(table: UsageTable): number {
    const [first] = table.times
    return !hasTokens(table) && table.complete && first !== undefined
      ? cube.tokensBetween(first, table.toMs)
      : 0
  }

  function doubtsOf(): SourceDoubt[] {
    if (firstAnswerAt !== null && !everUsed && clock.monotonic() - firstAnswerAt >= PATIENCE_MS) {
      return [
        {
          code: 'usage-none',
          severity: 'advisory',
          what: message('doubt.noUsage', {
            source: source.name,
            duration: inWords(clock.monotonic() - firstAnswerAt),
          }),
          by: null,
          nextStep: message('doubt.noUsage.next'),
        },
      ]
    }
    if (emptied === 0) return []
    const { code, text, nextStep } = emptyAnswer(emptied)
    return [
      { code: `usage-${code}`, severity: 'advisory', what: said(text), by: null, nextStep: said(nextStep) },
    ]
  }

  function emptyAnswer(tokens: number): SourceError {
    const size = figureText(Math.round(tokens), { unit: 'tok' })
    return {
      code: 'empty',
      text: `${source.name} answers without any usage for a time of which it had told ${size}; what it told stands`,
      nextStep: 'Look at the store of the metering: it restarted empty, or a part of it does not answer.',
    }
  }

  const poller: Poller = startPoller({
    what: 'usage',
    everyMs: refreshMs,
    afterFailures: secondLook(refreshMs, LONGEST_PAUSE_MS),
    clock,
    logger,
    ask,
    onDone: onNews,
  })
  return {
    cube,
    abilities: () => abilities,
    revision: () => revision,
    failures: poller.failures,
    failure: poller.failure,
    lastAnswerAt: () => lastAnswerAt,
    nextAttemptAt: poller.nextAttemptAt,
    corrections: () => corrections,
    doubts: () => doubtsOf(),
    hurry: () => poller.hurry(),
    corrected(fromMs) {
      correctedFrom = Math.min(correctedFrom, fromMs)
      poller.hurry()
    },
    close: () => poller.close(),
  }
}

function hasTokens({ counts: { input, output } }: UsageTable): boolean {
  return (input?.largest ?? 0) > 0 || (output?.largest ?? 0) > 0
}

/** The back end's own step, or the smallest multiple of it that is not finer than a screen can use. */
export function stepOf(minStepMs: number): number {
  return minStepMs * Math.max(1, Math.ceil(FINEST_STEP_MS / minStepMs))
}

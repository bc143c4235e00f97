import type { CommandOutput, CommandParsed, StreamItem } from '../../../shared/contract/contract.ts'
import type { ThrottleSummary } from '../../../shared/contract/throttles.ts'
import { type Message, message, said } from '../../../shared/messages/message.ts'
import {
  ActionRefused,
  type AskRelief,
  type Decider,
  IntentBook,
  type KeptIntent,
  Previews,
  ThrottleActions,
  type ThrottleLink,
  ThrottleWatch,
  type ThrottleWatchOptions,
} from '../../actions/index.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import type { Logger } from '../../platform/logger.ts'
import { throttleFailureOf } from '../../sources/metering/throttles/failure.ts'
import type { Store } from '../../store/types.ts'
import { Refusal } from '../session/refusal.ts'

/** What can be done about tenants at one site, and what was. */
export interface SiteThrottles {
  list(): StreamItem<'throttles.active'>
  detail(id: string): StreamItem<'throttles.throttle'>
  /** Looked at again while somebody asks. */
  freshness(previewId: string): StreamItem<'throttles.freshness'>
  preview(
    question: CommandParsed<'throttles.preview'>,
    signal: AbortSignal,
  ): Promise<CommandOutput<'throttles.preview'>>
  commit(asked: CommandParsed<'throttles.commit'>, by: Decider): Promise<CommandOutput<'throttles.commit'>>
  extend(asked: CommandParsed<'throttles.extend'>, by: Decider): Promise<CommandOutput<'throttles.extend'>>
  tighten(asked: CommandParsed<'throttles.tighten'>, by: Decider): Promise<CommandOutput<'throttles.tighten'>>
  release(asked: CommandParsed<'throttles.release'>, by: Decider): Promise<CommandOutput<'throttles.release'>>
  /** Throttles or limits changed at the back end. */
  hurry(): void
  close(): Promise<void>
}

export type OnVerdict = (throttle: ThrottleSummary, intent: KeptIntent) => void

export interface SiteThrottlesOptions {
  readonly link: () => ThrottleLink | null
  readonly store: Store
  readonly audit: Audit
  readonly clock: Clock
  readonly logger: Logger
  readonly relief?: AskRelief
  readonly recovery?: ThrottleWatchOptions['recovery']
  readonly onNews: () => void
  readonly onVerdict?: OnVerdict
  readonly everyMs?: number
}

/** A preview is held against the back end this often while it is looked at, ms. */
const LOOK_EVERY_MS = 3_000
const MOST_LOOKED_AT = 50

/** Throttles of one site. It asks at once and goes on by itself; nothing that the back end does is thrown from here. */
export function openThrottles(options: SiteThrottlesOptions): SiteThrottles {
  const { link, store, audit, clock, logger, onNews } = options
  const closing = new AbortController()
  const book = new IntentBook({ store, audit, clock, logger })
  const previews = new Previews({ link, clock, relief: options.relief ?? (async () => null) })
  const actions = new ThrottleActions({ book, previews, clock, logger, onNews: () => watch.hurry() })
  const watch: ThrottleWatch = new ThrottleWatch({
    link,
    book,
    actions,
    clock,
    logger,
    onNews,
    ...(options.onVerdict === undefined ? {} : { onVerdict: options.onVerdict }),
    ...(options.recovery === undefined ? {} : { recovery: options.recovery }),
    ...(options.everyMs === undefined ? {} : { everyMs: options.everyMs }),
  })
  const looks = new Map<string, { at: number; isAsking: boolean; void: readonly Message[] }>()

  function freshness(previewId: string): StreamItem<'throttles.freshness'> {
    const look = looks.get(previewId) ?? { at: clock.monotonic(), isAsking: false, void: [] }
    looks.delete(previewId)
    looks.set(previewId, look)
    for (const id of looks.keys()) {
      if (looks.size <= MOST_LOOKED_AT) break
      looks.delete(id)
    }
    if (!look.isAsking && clock.monotonic() - look.at >= LOOK_EVERY_MS) void lookAgain(previewId, look)
    return { previewId, void: [...look.void] }
  }

  async function lookAgain(
    previewId: string,
    look: { at: number; isAsking: boolean; void: readonly Message[] },
  ): Promise<void> {
    look.isAsking = true
    try {
      look.void = await previews.voided(previews.get(previewId), closing.signal)
    } catch (error) {
      look.void = [wordsOf(error)]
    } finally {
      look.isAsking = false
      look.at = clock.monotonic()
      onNews()
    }
  }

  /** @throws Refusal */
  async function refusing<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (error instanceof ActionRefused) {
        throw new Refusal('failed', error.words, error.nextStep)
      }
      if (!(error instanceof SourceFailure)) throw error
      const { failure } = throttleFailureOf(error)
      throw new Refusal('failed', said(failure.text), said(failure.nextStep))
    }
  }

  /** What an earlier engine left has to be known first: else the same could be decided twice. */
  function ready(): void {
    book.load()
    if (book.loaded) return
    const health = store.health()
    const why = health.state === 'open' ? message('throttles.notRead') : health.message
    throw new ActionRefused(
      message('throttles.refused.notKept', { why }),
      message('throttles.refused.notKept.next'),
    )
  }

  const acting = <T>(act: () => Promise<T>) =>
    refusing(async () => {
      ready()
      return act()
    })

  return {
    list: () => watch.list(),
    detail: (id) => watch.detail(id),
    freshness,
    preview: (question, signal) => refusing(() => previews.make(question, signal)),
    commit: ({ previewId, ...asked }, by) => acting(() => actions.commit(previewId, asked, by)),
    extend: (asked, by) => acting(() => actions.extend(asked, by)),
    tighten: ({ previewId, ...asked }, by) => acting(() => actions.tighten(previewId, asked, by)),
    release: (asked, by) => acting(() => actions.release(asked, by)),
    hurry: () => watch.hurry(),
    async close() {
      closing.abort()
      actions.close()
      await watch.close()
    },
  }
}

function wordsOf(error: unknown): Message {
  if (error instanceof ActionRefused) return error.words
  return throttleFailureOf(error).words
}

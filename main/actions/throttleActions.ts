import { randomUUID } from 'node:crypto'
import type { ThrottleOutcome } from '../../shared/contract/throttles.ts'
import { message } from '../../shared/messages/message.ts'
import type { Throttle } from '../../shared/metering/throttles.ts'
import { outcomeIn } from '../core/throttles/index.ts'
import type { Clock } from '../platform/clock.ts'
import { SourceFailure } from '../platform/failure.ts'
import type { Logger } from '../platform/logger.ts'
import { StoreFailure } from '../store/failure.ts'
import type { Tagged, ThrottleControl } from '../sources/metering/throttles/types.ts'
import { throttleFailureOf } from '../sources/metering/throttles/failure.ts'
import type { IntentBook } from './intentBook.ts'
import type { KeptPreview, Previews } from './previews.ts'
import { ActionRefused, type Decider, type KeptIntent, type Prediction } from './types.ts'

export interface ThrottleActionsOptions {
  readonly book: IntentBook
  readonly previews: Previews
  readonly clock: Clock
  readonly logger: Logger
  /** Something was decided, sent or found: look again soon. */
  readonly onNews: () => void
}

interface Change {
  readonly id: string
  /** As the person saw it. */
  readonly version: number
  readonly reason: string
}

const MINUTE_MS = 60_000

/**
 * What people decide about throttles, carried out once: kept, then sent, then answered. Nothing is sent twice; of a call
 * without an answer the back end is asked what became of it ({@link ThrottleActions.resolve}).
 */
export class ThrottleActions {
  readonly #options: ThrottleActionsOptions
  /** Calls that this process waits for: what became of them is told by their own end. */
  readonly #calling = new Set<string>()
  readonly #closing = new AbortController()

  constructor(options: ThrottleActionsOptions) {
    this.#options = options
  }

  /** @throws ActionRefused, ThrottleFailure, StoreFailure; then nothing was changed, or the book says what may have been */
  async commit(
    previewId: string,
    asked: {
      readonly reason: string
      readonly incidentId: string | null
      readonly minutes: number
      readonly breakGlass: boolean
    },
    decider: Decider,
  ): Promise<ThrottleOutcome> {
    const { previews } = this.#options
    const kept = previews.get(previewId)
    if (kept.throttleId !== null) throw notThisPreview()
    const agreed = agreedBy(kept, asked)
    checkMinutes(asked.minutes, kept.shown.mostMinutes)
    await this.#checkFresh(kept)
    const { link, control } = await previews.ready(this.#closing.signal)
    const expiresAt = link.backendClock.toRemote(this.#now()) + asked.minutes * MINUTE_MS
    const { body } = kept
    return this.#carryOut(
      {
        act: 'create',
        tenant: body.tenantId,
        throttleId: null,
        scope: kept.shown.scope,
        limits: kept.shown.limits,
        wish: { limits: kept.shown.limits, expiresAt },
        versionBefore: 0,
        reason: asked.reason,
        incidentId: asked.incidentId,
        prediction: predictionOf(kept),
      },
      decider,
      (idempotencyKey) =>
        control.create(
          {
            ...body,
            reason: asked.reason,
            incidentId: asked.incidentId,
            expiresAt: new Date(expiresAt).toISOString(),
            previewToken: kept.previewToken,
            ...agreed,
          },
          { idempotencyKey, ifMatch: kept.basis.etag },
          this.#closing.signal,
        ),
      () => previews.spend(previewId),
    )
  }

  async tighten(
    previewId: string,
    asked: Change & { readonly breakGlass: boolean },
    decider: Decider,
  ): Promise<ThrottleOutcome> {
    const { previews } = this.#options
    const kept = previews.get(previewId)
    if (kept.throttleId !== asked.id) throw notThisPreview()
    const agreed = agreedBy(kept, asked)
    await this.#checkFresh(kept)
    const { control, read } = await this.#asSeen(asked)
    const { limits } = kept.body
    return this.#carryOut(
      { ...ofThrottle(read.value, asked), act: 'tighten', limits, wish: { limits, expiresAt: null } },
      decider,
      (idempotencyKey) =>
        control.tighten(
          asked.id,
          { limits, reason: asked.reason, previewToken: kept.previewToken, ...agreed },
          { idempotencyKey, ifMatch: read.etag },
          this.#closing.signal,
        ),
      () => previews.spend(previewId),
    )
  }

  /** @param asked.minutes that it shall last longer than it does */
  async extend(asked: Change & { readonly minutes: number }, decider: Decider): Promise<ThrottleOutcome> {
    const { control, read, mostMs } = await this.#asSeen(asked)
    const expiresAt = Date.parse(read.value.expiresAt) + asked.minutes * MINUTE_MS
    const latest = Date.parse(read.value.createdAt) + mostMs
    if (expiresAt > latest) {
      const left = Math.max(0, Math.floor((latest - Date.parse(read.value.expiresAt)) / MINUTE_MS))
      throw new ActionRefused(
        message('throttles.refused.longest', { minutes: Math.floor(mostMs / MINUTE_MS), left }),
        message('throttles.refused.longest.next'),
      )
    }
    return this.#carryOut(
      { ...ofThrottle(read.value, asked), act: 'extend', wish: { limits: null, expiresAt } },
      decider,
      (idempotencyKey) =>
        control.extend(
          asked.id,
          { expiresAt: new Date(expiresAt).toISOString(), reason: asked.reason },
          { idempotencyKey, ifMatch: read.etag },
          this.#closing.signal,
        ),
    )
  }

  async release(asked: Change, decider: Decider): Promise<ThrottleOutcome> {
    const { control, read } = await this.#asSeen(asked)
    return this.#carryOut(
      { ...ofThrottle(read.value, asked), act: 'release', wish: { limits: null, expiresAt: null } },
      decider,
      (idempotencyKey) =>
        control.release(asked.id, { idempotencyKey, ifMatch: read.etag }, this.#closing.signal),
    )
  }

  /**
   * Finds out what became of calls without an answer, and takes up what turned up after it was given up. Only reads.
   * @param known throttles as they were just listed
   */
  async resolve(known: readonly Throttle[], signal: AbortSignal): Promise<void> {
    const { book, previews } = this.#options
    for (const { idempotencyKey, id, version } of known) {
      const intent = idempotencyKey === null ? undefined : book.get(idempotencyKey)
      if (intent?.state.step === 'notApplied') this.#found(intent, id, version)
    }
    const lost = book.list().filter(({ id, state }) => state.step === 'unknown' && !this.#calling.has(id))
    if (lost.length === 0) return
    const { control } = await previews.ready(signal)
    for (const intent of lost) await this.#look(intent, control, signal)
  }

  close(): void {
    this.#closing.abort()
  }

  async #look(intent: KeptIntent, control: ThrottleControl, signal: AbortSignal): Promise<void> {
    const { book } = this.#options
    const { act, throttleId, id } = intent
    const absent = () => book.note(id, { kind: 'absent', at: this.#now() })
    if (act === 'create' || throttleId === null) {
      const { throttles } = await control.list({ tenant: intent.tenant, idempotencyKey: id }, signal)
      const [found] = throttles
      if (found === undefined) absent()
      else this.#found(intent, found.id, found.version)
      return
    }
    try {
      const { value } = await control.read(throttleId, signal)
      const outcome = outcomeIn(act, intent.wish, intent.versionBefore, value)
      if (outcome === 'found') this.#found(intent, value.id, value.version)
      else if (outcome === 'absent') absent()
      else book.note(id, { kind: 'overtaken', at: this.#now() })
    } catch (error) {
      const failure = throttleFailureOf(error)
      if (failure.problem !== 'notFound') throw failure
      book.note(id, { kind: 'overtaken', at: this.#now() })
    }
  }

  #found(intent: KeptIntent, throttleId: string, version: number): void {
    this.#options.book.note(intent.id, { kind: 'found', at: this.#now(), throttleId, version }, { version })
    this.#options.onNews()
  }

  /** Kept, sent, answered. From the moment that it is sent nothing calls it off: the answer is waited for. */
  async #carryOut(
    content: Omit<KeptIntent, 'id' | 'at' | 'decider' | 'state'>,
    decider: Decider,
    send: (idempotencyKey: string) => Promise<Tagged<Throttle>>,
    onKept: () => void = () => undefined,
  ): Promise<ThrottleOutcome> {
    const { book, logger, onNews } = this.#options
    const id = randomUUID()
    const at = this.#now()
    try {
      book.begin({ ...content, id, at, decider, state: { step: 'intended' } })
      book.callBegins(id)
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error
      throw new ActionRefused(
        message('throttles.refused.notKept', { why: error.reason }),
        message('throttles.refused.notKept.next'),
      )
    }
    onKept()
    this.#calling.add(id)
    try {
      const { value } = await send(id)
      const facts = { version: value.version, state: value.state, expiresAt: value.expiresAt }
      book.note(id, { kind: 'answer', at: this.#now(), throttleId: value.id, version: value.version }, facts)
      return {
        intentId: id,
        outcome: 'stored',
        throttleId: value.id,
        text: message(`throttles.stored.${content.act}`),
      }
    } catch (error) {
      // A defect of ours says nothing about what the back end did.
      if (!(error instanceof SourceFailure)) {
        book.note(id, { kind: 'lost', at: this.#now(), why: message('throttles.intent.defect') })
        throw error
      }
      const failure = throttleFailureOf(error)
      if (failure.unchanged) {
        book.note(id, { kind: 'refusal', at: this.#now(), why: failure.words }, { problem: failure.problem })
        throw failure
      }
      logger.warn({ intent: id, problem: failure.problem }, 'what became of a throttle is not known')
      book.note(id, { kind: 'lost', at: this.#now(), why: failure.words }, { problem: failure.problem })
      return { intentId: id, outcome: 'unknown', throttleId: content.throttleId, text: failure.words }
    } finally {
      this.#calling.delete(id)
      onNews()
    }
  }

  /** What the person decided about has to be what is there. */
  async #checkFresh(kept: KeptPreview): Promise<void> {
    const reasons = await this.#options.previews.voided(kept, this.#closing.signal)
    if (reasons.length === 0) return
    throw new ActionRefused(
      message('throttles.refused.void', { reasons }),
      message('throttles.refused.previewAgain'),
    )
  }

  async #asSeen({ id, version }: Change) {
    const { control, abilities } = await this.#options.previews.ready(this.#closing.signal)
    const read = await control.read(id, this.#closing.signal)
    const { state } = read.value
    if (state === 'released' || state === 'expired') {
      throw new ActionRefused(message(`throttles.refused.${state}`), message('throttles.refused.ended.next'))
    }
    if (read.value.version !== version) {
      throw new ActionRefused(message('throttles.refused.changed'), message('throttles.refused.changed.next'))
    }
    return { control, read, mostMs: (abilities.throttle?.maxDurationSeconds ?? 0) * 1000 }
  }

  #now(): number {
    return this.#options.clock.now()
  }
}

function ofThrottle(throttle: Throttle, { reason }: Change) {
  return {
    tenant: throttle.tenantId,
    throttleId: throttle.id,
    scope: throttle.desired.scope,
    limits: throttle.desired.limits,
    versionBefore: throttle.version,
    reason,
    incidentId: throttle.incidentId,
    prediction: null,
  }
}

/** So deep a cut needs a second person, who cannot be asked here yet; some back ends allow it without, on record. */
function agreedBy(
  { shown }: KeptPreview,
  { breakGlass, reason }: { readonly breakGlass: boolean; readonly reason: string },
) {
  const { needed, abovePercent, breakGlass: allowed } = shown.secondPerson
  if (!needed) return {}
  if (breakGlass && allowed) return { breakGlass: { reason } }
  throw new ActionRefused(
    message('throttles.refused.secondPerson', { percent: abovePercent ?? 0 }),
    message(
      allowed ? 'throttles.refused.secondPerson.breakGlass' : 'throttles.refused.secondPerson.elsewhere',
    ),
  )
}

function checkMinutes(minutes: number, most: number): void {
  if (minutes <= most) return
  throw new ActionRefused(
    message('throttles.refused.tooLong', { minutes, most }),
    message('throttles.refused.tooLong.next', { most }),
  )
}

function notThisPreview(): ActionRefused {
  return new ActionRefused(message('throttles.refused.noPreview'), message('throttles.refused.previewAgain'))
}

function predictionOf({ shown }: KeptPreview): Prediction {
  return {
    tokensPerMin: shown.replay?.admittedTokensPerMin ?? null,
    rejectedRequestsPerMin: shown.replay?.rejectedRequestsPerMin ?? null,
    burn: shown.relief?.burn.after ?? null,
  }
}

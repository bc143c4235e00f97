import type {
  ThrottleDetail,
  ThrottleIntent,
  Throttles,
  ThrottleSummary,
} from '../../shared/contract/throttles.ts'
import { type Message, message } from '../../shared/messages/message.ts'
import type { Throttle } from '../../shared/metering/throttles.ts'
import { isOpen, type Observed, type Proof, prove, type Usage } from '../core/throttles/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { type Poller, startPoller } from '../platform/poller.ts'
import type { MeteringAbilities } from '../sources/metering/types.ts'
import { throttleFailureOf } from '../sources/metering/throttles/failure.ts'
import type { IntentBook } from './intentBook.ts'
import { cannot } from './previews.ts'
import type { ThrottleActions } from './throttleActions.ts'
import { ActionRefused, type KeptIntent, type ThrottleLink } from './types.ts'
import { usageInScope } from './usageInScope.ts'
import { joined } from './usageJoin.ts'
import { wordsOf } from './words.ts'

export interface ThrottleWatchOptions {
  readonly link: () => ThrottleLink | null
  readonly book: IntentBook
  readonly actions: Pick<ThrottleActions, 'resolve'>
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
  /** The throttle of an intent of ours is now seen to be something else than before. */
  readonly onVerdict?: (throttle: ThrottleSummary, intent: KeptIntent) => void
  /** How far what it was to relieve has recovered; null where nothing of it burned. */
  readonly recovery?: (throttle: ThrottleSummary) => ThrottleDetail['recovery']
  /** How often is looked while something is in force or open; 2 s where it is not given. */
  readonly everyMs?: number
}

const EVERY_MS = 2_000
/** While nothing is in force, throttles of others are looked for this often, ms. */
const IDLE_MS = 15_000
/** Ended ones are shown for a day. */
const PAST_MS = 24 * 3_600_000
const MOST_ACTIVE = 200
const MOST_PAST = 100
const MOST_INTENTS = 50
/** Usage before a throttle: what its rejections are compared with, ms. */
const BASELINE_MS = 15 * 60_000
/** Late usage changes what was told before, ms. */
const AGAIN_MS = 2 * 60_000
/** Of usage that is asked for at once, ms. */
const PIECE_MS = 50 * 60_000
/** How many are proved at once; more at once are a mistake of whoever lays them. */
const MOST_PROVED = 50

interface Followed {
  throttle: Throttle
  usage: Usage | null
  /** When its present limits were decided, as far as it was seen from here; ms. */
  decidedAt: number
  proof: Proof
  /** What was observed once stays a fact while the metering is away. */
  seen: Observed | null
}

/** Every throttle of the back end, those of others included, with the proof of each. */
export class ThrottleWatch {
  readonly #options: ThrottleWatchOptions
  readonly #poller: Poller
  readonly #followed = new Map<string, Followed>()
  #abilities: MeteringAbilities | null = null
  #lacks: Message | null = message('throttles.notRead')
  #trouble: Message | null = null
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(options: ThrottleWatchOptions) {
    this.#options = options
    const { clock, logger, onNews } = options
    this.#poller = startPoller({
      what: 'throttles',
      everyMs: options.everyMs ?? EVERY_MS,
      clock,
      logger,
      ask: (signal) => this.#round(signal),
      onDone: onNews,
    })
  }

  /** Something was changed here or there. */
  hurry(): void {
    this.#askedAt = Number.NEGATIVE_INFINITY
    this.#poller.hurry()
  }

  list(): Throttles {
    const all = [...this.#followed.values()].map((each) => this.#summary(each))
    const byTime = (a: ThrottleSummary, b: ThrottleSummary) => b.createdAt - a.createdAt
    const shown = new Set(
      [...this.#followed.values()].flatMap(({ throttle: { id, idempotencyKey } }) => [
        id,
        idempotencyKey ?? id,
      ]),
    )
    return {
      at: this.#options.clock.now(),
      lacks: this.#lacks,
      trouble: this.#trouble,
      active: all
        .filter(({ endedAt }) => endedAt === null)
        .toSorted(byTime)
        .slice(0, MOST_ACTIVE),
      past: all
        .filter(({ endedAt }) => endedAt !== null)
        .toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))
        .slice(0, MOST_PAST),
      intents: this.#intents(shown),
    }
  }

  detail(id: string): ThrottleDetail | null {
    const followed = this.#followed.get(id)
    if (followed === undefined) return null
    const steps = followed.usage?.steps ?? []
    const stepMs = followed.usage?.stepMs ?? 60_000
    const perMinute = 60_000 / stepMs
    const throttle = this.#summary(followed)
    return {
      at: this.#options.clock.now(),
      throttle,
      series: {
        times: steps.map(({ at }) => at),
        stepMs,
        tokensPerMin: steps.map(({ tokens }) => tokens * perMinute),
        rejectedPerMin: steps.map(({ rejected }) => (rejected === null ? null : rejected * perMinute)),
      },
      prediction: this.#laying(followed.throttle)?.prediction ?? null,
      recovery: this.#options.recovery?.(throttle) ?? null,
    }
  }

  async close(): Promise<void> {
    await this.#poller.close()
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { book, clock } = this.#options
    book.load()
    book.flush()
    const now = clock.monotonic()
    const isBusy = book.list().some(({ state }) => isOpen(state)) || [...this.#followed.values()].some(isLive)
    if (!isBusy && now - this.#askedAt < IDLE_MS) return
    this.#askedAt = now
    try {
      await this.#look(signal)
      this.#trouble = null
    } catch (error) {
      if (error instanceof ActionRefused) {
        this.#lacks = error.words
        this.#trouble = null
        this.#followed.clear()
        return
      }
      this.#trouble = throttleFailureOf(error).words
      throw error
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock, actions } = this.#options
    const link = this.#options.link()
    if (link === null)
      throw new ActionRefused(
        message('throttles.lacks.noMetering'),
        message('throttles.lacks.noMetering.next'),
      )
    const abilities = await link.source.abilities(signal)
    if (link.source.throttles === null || abilities.throttle === null) throw cannot(abilities)
    this.#abilities = abilities
    this.#lacks = null
    const endedAfterMs = link.backendClock.toRemote(clock.now()) - PAST_MS
    const { throttles } = await link.source.throttles.list({ endedAfterMs }, signal)
    await actions.resolve(throttles, signal)
    this.#follow(throttles, link)
    // At once, so that no limit stands beside the proof of another.
    for (const followed of this.#followed.values()) this.#prove(followed, link, abilities)
    const open = [...this.#followed.values()].filter(isLive).slice(0, MOST_PROVED)
    for (const followed of open) await this.#measure(followed, link, signal)
    for (const followed of this.#followed.values()) this.#prove(followed, link, abilities)
  }

  #follow(throttles: readonly Throttle[], link: ThrottleLink): void {
    const ids = new Set(throttles.map(({ id }) => id))
    for (const id of this.#followed.keys()) if (!ids.has(id)) this.#followed.delete(id)
    for (const throttle of throttles) {
      const known = this.#followed.get(throttle.id)
      if (known === undefined) {
        const decidedAt = this.#decidedAt(throttle, link)
        const observed: Observed = { state: 'early', at: null, rate: null, before: null }
        const proof: Proof = {
          verdict: 'applying',
          reported: { gateways: [], inForce: 0, at: null },
          observed,
        }
        this.#followed.set(throttle.id, { throttle, usage: null, decidedAt, proof, seen: null })
      } else {
        if (!sameLimits(known.throttle, throttle)) {
          known.decidedAt = this.#options.clock.now()
          known.seen = null
        } else if (known.throttle.state === 'pending_approval' && throttle.state !== 'pending_approval') {
          known.decidedAt = this.#decidedAt(throttle, link)
        }
        known.throttle = throttle
      }
    }
  }

  /** When it was laid or approved; what others tightened before it was first seen here cannot be dated. */
  #decidedAt({ id, createdAt, approval }: Throttle, { backendClock }: ThrottleLink): number {
    const times = [createdAt, approval?.at].flatMap((at) =>
      at === undefined ? [] : [backendClock.toLocal(Date.parse(at))],
    )
    for (const { throttleId, act, state } of this.#options.book.list()) {
      if (throttleId === id && act === 'tighten' && state.step === 'stored') times.push(state.at)
    }
    return Math.max(...times)
  }

  async #measure(followed: Followed, link: ThrottleLink, signal: AbortSignal): Promise<void> {
    const { throttle, usage } = followed
    const now = this.#options.clock.now()
    const laidAt = link.backendClock.toLocal(Date.parse(throttle.createdAt))
    let fromMs = Math.max(laidAt - BASELINE_MS, (usage?.until ?? 0) - AGAIN_MS)
    const asked = { tenant: throttle.tenantId, scope: throttle.desired.scope }
    try {
      let all = usage
      // In pieces that an answer holds: an engine that starts hours later needs to know what was before, too.
      for (; fromMs < now; fromMs += PIECE_MS) {
        const range = { fromMs, toMs: Math.min(now, fromMs + PIECE_MS) }
        const newest = await usageInScope(link, asked, range, signal)
        if (newest === null) {
          followed.usage = null
          return
        }
        all = all === null ? newest : joined(all, newest)
      }
      followed.usage = all
    } catch (error) {
      // Unknown until it is known again; the other facts do not wait for it.
      throttleFailureOf(error)
      followed.usage = null
    }
  }

  #prove(followed: Followed, link: ThrottleLink, { throttle: can }: MeteringAbilities): void {
    const { throttle, decidedAt, usage } = followed
    const proof = prove({
      throttle,
      decidedAt,
      usage,
      propagationMs: (can?.maxPropagationSeconds ?? 0) * 1000,
      streamsMs: can?.cutsStreams === true ? 0 : STREAMS_MS,
      now: this.#options.clock.now(),
      instant: (text) => link.backendClock.toLocal(Date.parse(text)),
    })
    followed.proof = this.#keepSeen(followed, proof)
    const laying = this.#laying(throttle)
    if (laying === null) return
    const { verdict, reported, observed } = followed.proof
    const facts = {
      inForce: reported.inForce,
      of: reported.gateways.length,
      observed: observed.state,
      tokensPerMin: observed.rate === null ? null : Math.round(observed.rate.tokens),
    }
    if (this.#options.book.verified(laying.id, verdict, facts))
      this.#options.onVerdict?.(this.#summary(followed), laying)
  }

  /** That it was observed is a fact with its time, also while the metering is away. */
  #keepSeen(followed: Followed, proof: Proof): Proof {
    const { observed } = proof
    if (observed.state === 'observed') followed.seen = observed
    else if (observed.state === 'disobeyed') followed.seen = null
    const { seen } = followed
    if (seen === null || observed.state !== 'unmeasured') return proof
    return {
      ...proof,
      observed: seen,
      verdict: proof.verdict === 'reported' ? 'enforced' : proof.verdict,
    }
  }

  /** The intent of ours that it was laid by; also while its call still waits for the answer. */
  #laying({ id, idempotencyKey }: Throttle): KeptIntent | null {
    const byKey = idempotencyKey === null ? undefined : this.#options.book.get(idempotencyKey)
    if (byKey !== undefined) return byKey
    const own = this.#options.book
      .list()
      .find(({ act, throttleId, state }) => act === 'create' && throttleId === id && state.step === 'stored')
    return own ?? null
  }

  #summary({ throttle, proof, decidedAt }: Followed): ThrottleSummary {
    const link = this.#options.link()
    const local = (text: string) => link?.backendClock.toLocal(Date.parse(text)) ?? Date.parse(text)
    const { verdict, reported, observed } = proof
    const laying = this.#laying(throttle)
    const ended = throttle.state === 'released' || throttle.state === 'expired'
    const pending = this.#options.book
      .list()
      .find(
        ({ id, throttleId, state }) =>
          isOpen(state) && (throttleId === throttle.id || id === throttle.idempotencyKey),
      )
    return {
      id: throttle.id,
      tenant: { id: throttle.tenantId, name: link?.tenantName(throttle.tenantId) ?? throttle.tenantId },
      mode: throttle.desired.mode,
      scope: throttle.desired.scope,
      limits: throttle.desired.limits,
      state: throttle.state,
      version: throttle.version,
      verdict,
      facts: {
        stored: { at: decidedAt },
        reported: {
          inForce: reported.inForce,
          of: reported.gateways.length,
          at: reported.at,
          gateways: reported.gateways.slice(0, 200).map((gateway) => ({ ...gateway })),
        },
        observed,
      },
      ...wordsOf(proof, {
        source: link?.source.name ?? '',
        maxPropagationSeconds: this.#abilities?.throttle?.maxPropagationSeconds ?? 0,
      }),
      reason: throttle.reason,
      incidentId: throttle.incidentId,
      by:
        laying === null
          ? { name: throttle.createdBy, ours: false }
          : { name: laying.decider.person.name, ours: true },
      createdAt: local(throttle.createdAt),
      expiresAt: local(throttle.expiresAt),
      endedAt: ended ? local(throttle.releasedAt ?? throttle.expiresAt) : null,
      pending: pending === undefined ? null : message(`throttles.pending.${pending.act}`),
    }
  }

  /** What no throttle shows: open ones without one, and what came to nothing lately. */
  #intents(shown: ReadonlySet<string>): ThrottleIntent[] {
    const link = this.#options.link()
    return this.#options.book
      .list()
      .filter(({ id, state, throttleId }) => {
        if (state.step === 'stored') return false
        return isOpen(state) ? !shown.has(throttleId ?? id) : true
      })
      .toReversed()
      .slice(0, MOST_INTENTS)
      .map((intent) => ({
        id: intent.id,
        act: intent.act,
        tenant: { id: intent.tenant, name: link?.tenantName(intent.tenant) ?? intent.tenant },
        throttleId: intent.throttleId,
        at: intent.at,
        by: intent.decider.person.name,
        open: isOpen(intent.state),
        text: 'why' in intent.state ? intent.state.why : message(`throttles.pending.${intent.act}`),
      }))
  }
}

/** How long answers that are being written go on where the back end does not cut them, ms: nearly all have ended by then. */
const STREAMS_MS = 40_000

function isLive({ throttle: { state } }: Followed): boolean {
  return state !== 'released' && state !== 'expired'
}

function sameLimits(a: Throttle, b: Throttle): boolean {
  const [x, y] = [a.desired.limits, b.desired.limits]
  return x.tpm === y.tpm && x.rpm === y.rpm && x.maxConcurrent === y.maxConcurrent
}

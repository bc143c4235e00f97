import { randomUUID } from 'node:crypto'
import type { ThrottlePreview, ThrottleScope } from '../../shared/contract/throttles.ts'
import { type Message, message } from '../../shared/messages/message.ts'
import type { LimitValues } from '../../shared/metering/tenants.ts'
import type { Throttle } from '../../shared/metering/throttles.ts'
import type { Relief, Replay } from '../../shared/model/preview.ts'
import { replay } from '../core/preview/index.ts'
import { type Basis, PREVIEW_HOLDS_MS, type Usage, voidedBy } from '../core/throttles/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { PreviewBody, ThrottleControl } from '../sources/metering/throttles/types.ts'
import { throttleFailureOf } from '../sources/metering/throttles/failure.ts'
import type { MeteringAbilities } from '../sources/metering/types.ts'
import { ActionRefused, type ThrottleLink } from './types.ts'
import { usageInScope } from './usageInScope.ts'

export interface PreviewQuestion {
  readonly tenant: string
  readonly mode: 'cap' | 'block'
  readonly scope: ThrottleScope
  readonly limits: LimitValues
  readonly minutes: number
  /** Of a throttle that shall be tightened; null for one that is to be laid. */
  readonly throttleId: string | null
}

/** A preview with what a decision by it is tied to. */
export interface KeptPreview {
  readonly shown: ThrottlePreview
  readonly body: PreviewBody
  readonly previewToken: string
  readonly basis: Basis
  readonly throttleId: string | null
}

/** How the burn and the queue are expected to go on; null where nothing is known of these servers. */
export type AskRelief = (question: {
  readonly tenant: string
  readonly scope: ThrottleScope
  /** Of the scope's own traffic, 0–1: what is left of it once the limit is in force. */
  readonly left: { readonly low: number; readonly mid: number; readonly high: number }
  readonly usage: Usage
}) => Promise<Relief | null>

export interface PreviewsOptions {
  readonly link: () => ThrottleLink | null
  readonly clock: Clock
  readonly relief: AskRelief
}

const REPLAYED_MS = 15 * 60_000
const MINUTE_MS = 60_000
/** The rate of now is the mean of so many of the newest whole minutes: more would hide that it changes. */
const RATE_MINUTES = 1
const MOST_KEPT = 50
const BLOCKED: LimitValues = { tpm: 0, rpm: 0, maxConcurrent: 0 }
const LIMITS = ['tpm', 'rpm', 'maxConcurrent'] as const

/** Puts previews together, and says when one no longer holds. Nothing is stored at the back end. */
export class Previews {
  readonly #options: PreviewsOptions
  readonly #kept = new Map<string, KeptPreview>()

  constructor(options: PreviewsOptions) {
    this.#options = options
  }

  /** @throws ActionRefused, ThrottleFailure */
  async make(question: PreviewQuestion, signal: AbortSignal): Promise<ThrottlePreview> {
    const { clock } = this.#options
    const { link, control, abilities } = await this.ready(signal)
    const { throttle: can } = abilities
    if (can === null || !can.modes.includes(question.mode)) throw cannot(abilities)
    const { tenant } = question
    const [limits, old] = await Promise.all([
      control.limits(tenant, signal),
      question.throttleId === null ? null : control.read(question.throttleId, signal),
    ])
    const wanted = old === null ? question : tightening(question, old.value)
    const body: PreviewBody = {
      tenantId: tenant,
      scope: {
        models: [...wanted.scope.models],
        endpoints: [...wanted.scope.endpoints],
        keys: [...wanted.scope.keys],
      },
      mode: wanted.mode,
      limits: { ...wanted.limits },
    }
    const [told, usage] = await Promise.all([
      control.preview(body, signal),
      this.#usage(link, question.tenant, wanted.scope, signal),
    ])
    const overlay = wanted.mode === 'block' ? BLOCKED : wanted.limits
    const minutes = minutesOf(usage)
    const current = rateOf(minutes)
    const replayed = minutes === null ? null : replay({ cap: capOf(overlay), minutes })
    const others = limits.value.throttles.filter(({ id }) => id !== question.throttleId)
    const now = clock.now()
    const shown: ThrottlePreview = {
      previewId: randomUUID(),
      at: now,
      validUntil: now + PREVIEW_HOLDS_MS,
      tenant: { id: tenant, name: link.tenantName(tenant) },
      mode: wanted.mode,
      scope: wanted.scope,
      limits: overlay,
      minutes: question.minutes,
      mostMinutes: Math.floor(can.maxDurationSeconds / 60),
      base: limits.value.base,
      others: others.map((other) => ({
        id: other.id,
        limits: other.desired.limits,
        scope: other.desired.scope,
        expiresAt: link.backendClock.toLocal(Date.parse(other.expiresAt)),
      })),
      effectiveNow: told.diff.reduce(
        (all, { limit, before }) => ({ ...all, [limit]: before }),
        limits.value.effective,
      ),
      effectiveAfter: told.diff.reduce(
        (all, { limit, after }) => ({ ...all, [limit]: after }),
        limits.value.effective,
      ),
      current: current ?? { tokens: null, requests: null },
      cappedTokensPerMin: told.cappedTokensPerSecond === null ? null : told.cappedTokensPerSecond * 60,
      cutPercent: cutOf(told.currentTokensPerSecond, told.cappedTokensPerSecond),
      touched: { keys: told.affectedKeys.slice(0, 100), models: told.affectedModels.slice(0, 100) },
      secondPerson: {
        needed: told.needsApproval,
        abovePercent: can.approvalAbovePercent,
        breakGlass: can.breakGlass,
      },
      replay: replayed,
      relief: usage === null ? null : await this.#relief(tenant, wanted.scope, replayed, usage),
      lacks: lacksOf(link, abilities),
    }
    this.#keep({
      shown,
      body,
      previewToken: told.previewToken,
      throttleId: question.throttleId,
      basis: {
        etag: limits.etag,
        base: limits.value.base,
        others: othersOf(others),
        tokensPerMin: current?.tokens ?? null,
        at: clock.monotonic(),
      },
    })
    return shown
  }

  /** @throws ActionRefused for one that was never made here, or before this engine was started */
  get(previewId: string): KeptPreview {
    const kept = this.#kept.get(previewId)
    if (kept !== undefined) return kept
    throw new ActionRefused(message('throttles.refused.noPreview'), message('throttles.refused.previewAgain'))
  }

  /** Used up: nothing is decided twice by one preview. */
  spend(previewId: string): void {
    this.#kept.delete(previewId)
  }

  /** Everything that makes a preview void by now, read anew. @throws ThrottleFailure where it cannot be read */
  async voided(kept: KeptPreview, signal: AbortSignal): Promise<Message[]> {
    const { clock } = this.#options
    const { link, control } = await this.ready(signal)
    const { tenantId, scope } = kept.body
    const [limits, usage] = await Promise.all([
      control.limits(tenantId, signal),
      this.#usage(link, tenantId, scope, signal),
    ])
    return voidedBy(kept.basis, {
      etag: limits.etag,
      base: limits.value.base,
      others: othersOf(limits.value.throttles.filter(({ id }) => id !== kept.throttleId)),
      tokensPerMin: rateOf(minutesOf(usage))?.tokens ?? null,
      at: clock.monotonic(),
    })
  }

  /** The back end, if it takes throttles. @throws ActionRefused, ThrottleFailure */
  async ready(
    signal: AbortSignal,
  ): Promise<{ link: ThrottleLink; control: ThrottleControl; abilities: MeteringAbilities }> {
    const link = this.#options.link()
    if (link === null)
      throw new ActionRefused(
        message('throttles.lacks.noMetering'),
        message('throttles.lacks.noMetering.next'),
      )
    const abilities = await told(link.source.abilities(signal))
    const control = link.source.throttles
    if (control === null || abilities.throttle === null) throw cannot(abilities)
    return { link, control, abilities }
  }

  async #usage(
    link: ThrottleLink,
    tenant: string,
    scope: ThrottleScope,
    signal: AbortSignal,
  ): Promise<Usage | null> {
    const toMs = this.#options.clock.now()
    try {
      return await usageInScope(
        link,
        { tenant, scope },
        { fromMs: toMs - REPLAYED_MS - MINUTE_MS, toMs },
        signal,
      )
    } catch (error) {
      // What is unknown stands as unknown in the preview; the throttle itself does not need it.
      throttleFailureOf(error)
      return null
    }
  }

  async #relief(
    tenant: string,
    scope: ThrottleScope,
    replayed: Replay | null,
    usage: Usage,
  ): Promise<Relief | null> {
    const asked = replayed?.tokensPerMin ?? null
    const passed = replayed?.admittedTokensPerMin ?? null
    if (asked === null || passed === null || asked <= 0) return null
    const part = (value: number) => Math.min(1, Math.max(0, value / asked))
    const left = { low: part(passed.low), mid: part(passed.mid), high: part(passed.high) }
    return this.#options.relief({ tenant, scope, left, usage })
  }

  #keep(kept: KeptPreview): void {
    this.#kept.set(kept.shown.previewId, kept)
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) return
      this.#kept.delete(id)
    }
  }
}

async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    throw throttleFailureOf(error)
  }
}

/** The words of the back end's own declaration. */
export function cannot({ lacks, backend }: MeteringAbilities): ActionRefused {
  const why = lacks.get('throttle') ?? backend
  return new ActionRefused(
    message('throttles.lacks.backend', { why }),
    message('throttles.lacks.backend.next'),
  )
}

/** A tightening keeps tenant, scope and mode of the throttle; a limit that is not named stays. */
function tightening(question: PreviewQuestion, { desired }: Throttle): PreviewQuestion {
  const limits = { ...desired.limits }
  for (const name of LIMITS) limits[name] = question.limits[name] ?? limits[name]
  return { ...question, scope: desired.scope, mode: 'cap', limits }
}

function othersOf(throttles: readonly Throttle[]): string[] {
  return throttles.map(({ id, version }) => `${id}@${version}`).toSorted()
}

function capOf({ tpm, rpm, maxConcurrent }: LimitValues) {
  return { tokensPerMin: tpm, requestsPerMin: rpm, maxConcurrent }
}

/** Whole minutes without holes, the newest last; null where the usage is not known. */
function minutesOf(usage: Usage | null) {
  if (usage === null) return null
  const perMinute = Math.max(1, Math.round(MINUTE_MS / usage.stepMs))
  const minutes: { at: number; tokens: number; requests: number }[] = []
  for (let end = usage.steps.length; end >= perMinute; end -= perMinute) {
    const steps = usage.steps.slice(end - perMinute, end)
    minutes.unshift({
      at: steps[0]?.at ?? 0,
      tokens: steps.reduce((sum, { tokens }) => sum + tokens, 0),
      requests: steps.reduce((sum, { requests }) => sum + requests, 0),
    })
  }
  return minutes.slice(-REPLAYED_MS / MINUTE_MS)
}

function rateOf(minutes: ReturnType<typeof minutesOf>) {
  const newest = minutes?.slice(-RATE_MINUTES) ?? []
  if (newest.length === 0) return null
  const mean = (of: 'tokens' | 'requests') => newest.reduce((sum, each) => sum + each[of], 0) / newest.length
  return { tokens: mean('tokens'), requests: mean('requests') }
}

function cutOf(current: number, capped: number | null): number | null {
  if (capped === null) return null
  return current <= 0 ? 0 : Math.max(0, (1 - capped / current) * 100)
}

/** What a throttle of this back end does not reach or cannot do, in words. */
function lacksOf({ source }: ThrottleLink, { throttle }: MeteringAbilities): Message[] {
  if (throttle === null) return []
  const lacks: Message[] = []
  const add = (isLacking: boolean, words: Message) => {
    if (isLacking) lacks.push(words)
  }
  for (const endpoint of throttle.uncoveredEndpoints.slice(0, 5))
    lacks.push(message('throttles.lacks.endpoint', { endpoint }))
  add(!throttle.cutsStreams, message('throttles.lacks.streams'))
  lacks.push(message('throttles.propagation', { seconds: throttle.maxPropagationSeconds }))
  if (throttle.serverExpiry) lacks.push(message('throttles.expiry.server', { source: source.name }))
  else lacks.push(message('throttles.lacks.expiry', { source: source.name }))
  add(!throttle.conditionalWrite, message('throttles.lacks.condition'))
  add(!throttle.idempotency, message('throttles.lacks.idempotency'))
  return lacks
}

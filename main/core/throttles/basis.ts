import { type Message, message } from '../../../shared/messages/message.ts'
import type { LimitValues } from '../../../shared/metering/tenants.ts'

/** What a preview was made on. Whoever decides by it decides on this and nothing else. */
export interface Basis {
  /** Of the tenant's limits: changes with everything that is laid over them. */
  readonly etag: string
  readonly base: LimitValues
  /** Throttles that lie there already, as `id@version`. */
  readonly others: readonly string[]
  /** In the scope, tokens per minute over the last minutes; null where it is not known. */
  readonly tokensPerMin: number | null
  /** Monotonic, ms. */
  readonly at: number
}

/** A preview is looked at, then acted on; beyond this it describes another moment, ms. */
export const PREVIEW_HOLDS_MS = 30_000
/** A rate that differs by more than this part is another situation than the one that was looked at. */
const RATE_TOLERANCE = 0.25
/** Rates below this are noise in either direction, tokens per minute. */
const LEAST_RATE = 10_000

/** Everything that makes a preview void, in words; none where it still holds. */
export function voidedBy(before: Basis, now: Basis): Message[] {
  const reasons: Message[] = []
  const age = now.at - before.at
  if (age > PREVIEW_HOLDS_MS) reasons.push(message('throttles.void.age', { seconds: Math.floor(age / 1000) }))
  for (const name of ['tpm', 'rpm', 'maxConcurrent'] as const) {
    const [was, is] = [before.base[name], now.base[name]]
    if (was !== is) reasons.push(message(`throttles.void.base.${name}`, { was: shown(was), is: shown(is) }))
  }
  const came = now.others.filter((each) => !before.others.includes(each)).length
  const went = before.others.filter((each) => !now.others.includes(each)).length
  if (came + went > 0) reasons.push(message('throttles.void.others', { count: Math.max(came, went) }))
  if (reasons.length === 0 && before.etag !== now.etag) reasons.push(message('throttles.void.version'))
  const [was, is] = [before.tokensPerMin, now.tokensPerMin]
  if (was === null && is !== null) reasons.push(message('throttles.void.rateKnown'))
  else if (was !== null && is === null) reasons.push(message('throttles.void.rateLost'))
  else if (was !== null && is !== null && Math.abs(is - was) > Math.max(LEAST_RATE, was * RATE_TOLERANCE)) {
    reasons.push(message('throttles.void.rate', { was: Math.round(was), is: Math.round(is) }))
  }
  return reasons
}

function shown(limit: number | null): Message {
  return limit === null ? message('throttles.limit.none') : message('throttles.limit.value', { limit })
}

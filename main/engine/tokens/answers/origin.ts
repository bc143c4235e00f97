import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { SourceError } from '../../../../shared/model/source.ts'
import type { Reach } from '../../../core/tokens/types.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import { firstOf, message, said } from '../../../../shared/messages/message.ts'
import { inWords } from '../../../../shared/model/phrases.ts'

export const NO_METERING = {
  text: message('origin.none'),
  nextStep: message('origin.none.next'),
} as const

/** What is said of tokens where no metering is configured. */
export function originOfNone(lagAllowedMs: number): TokenOrigin {
  return {
    state: 'none',
    name: '',
    ...NO_METERING,
    dataAsOf: null,
    lagAllowedMs,
    missing: [],
    lacks: [],
    corrections: [],
  }
}

/** What is known of a back end at one moment; times on this machine's clock, ms. */
export interface OriginFacts {
  readonly name: string
  readonly abilities: MeteringAbilities | null
  /** Of the newest answer; `dataAsOf` already on this machine's clock. */
  readonly reach: Reach | null
  /** Consecutive failures, and what stopped the last attempt. */
  readonly failures: number
  readonly failure: SourceError | null
  readonly lastAnswerAt: number | null
  readonly lagAllowedMs: number
  readonly corrections: TokenOrigin['corrections']
}

/** One failure while the figures are still fresh is told with the source, but the tokens do not turn for it. */
const FAILURES_TO_TELL = 2
const MOST_MISSING = 20

/** Where token figures come from, how far they reach and whether they can be believed. */
export function originOf(facts: OriginFacts, now: number): TokenOrigin {
  const { name, abilities, reach, lagAllowedMs } = facts
  return {
    name,
    ...judged(facts, now),
    dataAsOf: reach?.dataAsOf ?? null,
    lagAllowedMs,
    missing: (reach?.missing ?? []).slice(0, MOST_MISSING),
    lacks: [...(abilities?.lacks ?? [])].map(([what, text]) => ({ what, text: said(text) })),
    corrections: [...facts.corrections],
  }
}

type Judgement = Pick<TokenOrigin, 'state' | 'text' | 'nextStep'>

function judged(facts: OriginFacts, now: number): Judgement {
  const { name, abilities, reach, failures, failure, lastAnswerAt, lagAllowedMs } = facts
  if (failure !== null && (failures >= FAILURES_TO_TELL || lastAnswerAt === null)) {
    const text =
      reach === null
        ? message('origin.failing.empty', { failure: failure.text })
        : message('origin.failing', { failure: failure.text, age: inWords(now - reach.dataAsOf) })
    return { state: 'failing', text, nextStep: failure.nextStep === '' ? null : said(failure.nextStep) }
  }
  if (lastAnswerAt === null) {
    return {
      state: 'waiting',
      text: message('origin.waiting', { source: name }),
      nextStep: message('origin.waiting.next'),
    }
  }
  const noLive = abilities?.lacks.get('liveUsage')
  if (noLive !== undefined) {
    const reason = said(noLive)
    const nextStep = message('origin.notLive.next')
    const oldMs = reach === null ? 0 : now - reach.dataAsOf
    // It could tell newest usage before: what it told then is not of now.
    if (oldMs > lagAllowedMs) {
      return {
        state: 'lagging',
        text: message('origin.notLive.old', { reason, age: inWords(oldMs) }),
        nextStep,
      }
    }
    return { state: 'partial', text: reason, nextStep }
  }
  if (reach === null) {
    return {
      state: 'waiting',
      text: message('origin.unused', { source: name }),
      nextStep: message('origin.unused.next'),
    }
  }
  const ageMs = now - reach.dataAsOf
  if (ageMs > lagAllowedMs) {
    return {
      state: 'lagging',
      text: message('origin.lagging', { source: name, age: inWords(ageMs), allowed: inWords(lagAllowedMs) }),
      nextStep: message('origin.lagging.next'),
    }
  }
  if (!reach.complete) {
    const text =
      reach.missing.length === 0
        ? message('origin.partial')
        : message('origin.partial.named', { missing: firstOf(reach.missing, 1) })
    return { state: 'partial', text, nextStep: message('origin.partial.next') }
  }
  const [doubt] = reach.doubts ?? []
  if (doubt !== undefined) {
    return {
      state: 'partial',
      text: message('origin.doubt', { doubt }),
      nextStep: message('origin.doubt.next'),
    }
  }
  return { state: 'ok', text: null, nextStep: null }
}

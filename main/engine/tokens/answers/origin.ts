import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { SourceError } from '../../../../shared/model/source.ts'
import type { Reach } from '../../../core/tokens/types.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import { inWords } from '../../../../shared/model/phrases.ts'

export const NO_METERING = {
  text: 'No token metering is configured, so who used how many tokens is not known.',
  nextStep: 'Add metering: with the address of your metering to floorwatch.yaml (docs/configuration.md).',
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

/** Where token figures come from, how far they reach and whether they can be believed, in plain words. */
export function originOf(facts: OriginFacts, now: number): TokenOrigin {
  const { name, abilities, reach, lagAllowedMs } = facts
  return {
    name,
    ...judged(facts, now),
    dataAsOf: reach?.dataAsOf ?? null,
    lagAllowedMs,
    missing: (reach?.missing ?? []).slice(0, MOST_MISSING),
    lacks: [...(abilities?.lacks ?? [])].map(([what, text]) => ({ what, text })),
    corrections: [...facts.corrections],
  }
}

type Judgement = Pick<TokenOrigin, 'state' | 'text' | 'nextStep'>

function judged(facts: OriginFacts, now: number): Judgement {
  const { name, abilities, reach, failures, failure, lastAnswerAt, lagAllowedMs } = facts
  if (failure !== null && (failures >= FAILURES_TO_TELL || lastAnswerAt === null)) {
    const standing =
      reach === null ? 'There are no figures yet' : `The figures are ${inWords(now - reach.dataAsOf)} old`
    return { state: 'failing', text: `${failure.text}. ${standing}.`, nextStep: failure.nextStep }
  }
  if (lastAnswerAt === null) {
    return {
      state: 'waiting',
      text: `Waiting for the first answer of ${name}.`,
      nextStep: 'It is being asked; nothing to do.',
    }
  }
  const noLive = abilities?.lacks.get('liveUsage')
  if (noLive !== undefined) {
    const nextStep = 'Look at the totals by day and month instead.'
    const oldMs = reach === null ? 0 : now - reach.dataAsOf
    // It could tell newest usage before: what it told then is not of now.
    if (oldMs > lagAllowedMs) {
      return { state: 'lagging', text: `${noLive} The figures are ${inWords(oldMs)} old.`, nextStep }
    }
    return { state: 'partial', text: noLive, nextStep }
  }
  if (reach === null) {
    return {
      state: 'waiting',
      text: `${name} answers, but has no usage yet.`,
      nextStep: 'See whether the gateways report to it.',
    }
  }
  const ageMs = now - reach.dataAsOf
  if (ageMs > lagAllowedMs) {
    return {
      state: 'lagging',
      text: `${name} knows usage up to ${inWords(ageMs)} ago; ${inWords(lagAllowedMs)} are allowed.`,
      nextStep: 'Look at the event pipeline of the metering: something is held up on the way to it.',
    }
  }
  if (!reach.complete) {
    const [first] = reach.missing
    const others = reach.missing.length - 1
    const what =
      first === undefined
        ? 'A part of the factory has not reported'
        : `Not reported: ${first}${others > 0 ? ` and ${others} more` : ''}`
    return {
      state: 'partial',
      text: `${what}; real usage is higher than shown.`,
      nextStep: 'Look at what is named: its figures come later, or not at all.',
    }
  }
  const [doubt] = reach.doubts ?? []
  if (doubt !== undefined) {
    return {
      state: 'partial',
      text: `Not exact: ${doubt}.`,
      nextStep: 'Take the figures for an estimate until the metering is put right.',
    }
  }
  return { state: 'ok', text: '', nextStep: '' }
}

import { type Message, message } from '../../../shared/messages/message.ts'
import type { LimitValues } from '../../../shared/metering/tenants.ts'
import type { Throttle } from '../../../shared/metering/throttles.ts'

/** What can be done to a throttle. */
export const INTENT_ACTS = ['create', 'extend', 'tighten', 'release'] as const
export type IntentAct = (typeof INTENT_ACTS)[number]

/** What shall be true once it is done. Instants are of the back end's clock, ms. */
export interface Wish {
  readonly limits: LimitValues | null
  readonly expiresAt: number | null
}

/**
 * How far one decided change is. It is kept before anything is sent, so that a crash at any step leaves a trace; from
 * `calling` on it may have reached the back end, so it is never sent again, only looked for.
 */
export type IntentState =
  | { readonly step: 'intended' }
  | { readonly step: 'calling'; readonly at: number }
  | { readonly step: 'unknown'; readonly since: number; readonly why: Message; readonly reads: number }
  | { readonly step: 'stored'; readonly at: number; readonly throttleId: string; readonly version: number }
  | { readonly step: 'refused'; readonly at: number; readonly why: Message }
  | { readonly step: 'notApplied'; readonly at: number; readonly why: Message }

export type IntentEvent =
  | { readonly kind: 'call'; readonly at: number }
  | { readonly kind: 'answer'; readonly at: number; readonly throttleId: string; readonly version: number }
  | { readonly kind: 'refusal'; readonly at: number; readonly why: Message }
  /** The call ended without an answer that says what became of it. */
  | { readonly kind: 'lost'; readonly at: number; readonly why: Message }
  /** The engine starts, and finds the intent as it was left. */
  | { readonly kind: 'restart'; readonly at: number }
  | { readonly kind: 'found'; readonly at: number; readonly throttleId: string; readonly version: number }
  | { readonly kind: 'absent'; readonly at: number }
  /** Somebody else's change came first, so that this one can no longer be made. */
  | { readonly kind: 'overtaken'; readonly at: number }

/**
 * A request that was cut off may still lie in a queue before the back end: only when it has not been seen for so long is
 * it said that it was not done, ms. Longer than any deadline of a call, and than a proxy usually holds a request.
 */
export const SETTLES_MS = 60_000
export const LEAST_READS = 5

/** An intent that is neither done nor given up: shown, and looked for. */
export function isOpen({ step }: IntentState): boolean {
  return step === 'intended' || step === 'calling' || step === 'unknown'
}

/** Only what was never sent may be sent. */
export function mayCall({ step }: IntentState): boolean {
  return step === 'intended'
}

/** The state after an event; an event that does not fit changes nothing. Pure. */
export function advance(state: IntentState, event: IntentEvent): IntentState {
  const { at } = event
  switch (event.kind) {
    case 'call':
      return mayCall(state) ? { step: 'calling', at } : state
    case 'refusal':
      return state.step === 'calling' ? { step: 'refused', at, why: event.why } : state
    case 'lost':
      return state.step === 'calling' ? { step: 'unknown', since: at, why: event.why, reads: 0 } : state
    case 'restart':
      if (state.step === 'intended')
        return { step: 'notApplied', at, why: message('throttles.intent.neverSent') }
      return state.step === 'calling'
        ? { step: 'unknown', since: state.at, why: message('throttles.intent.stoppedWhileCalling'), reads: 0 }
        : state
    case 'answer':
    case 'found': {
      const { throttleId, version } = event
      // Also what was given up: a request that arrived late is in force all the same, and has to be shown.
      const fits =
        state.step === 'calling' ||
        state.step === 'unknown' ||
        (state.step === 'notApplied' && event.kind === 'found')
      return fits ? { step: 'stored', at, throttleId, version } : state
    }
    case 'absent': {
      if (state.step !== 'unknown') return state
      // A clock that is set on by an hour makes nothing settle: it was also looked for some times.
      if (at - state.since >= SETTLES_MS && state.reads + 1 >= LEAST_READS)
        return { step: 'notApplied', at, why: message('throttles.intent.absent') }
      return { ...state, reads: state.reads + 1 }
    }
    default:
      return state.step === 'unknown'
        ? { step: 'notApplied', at, why: message('throttles.intent.overtaken') }
        : state
  }
}

/** What a throttle that exists says about a change of it whose outcome is not known. */
export function outcomeIn(
  act: Exclude<IntentAct, 'create'>,
  wish: Wish,
  versionBefore: number,
  throttle: Pick<Throttle, 'state' | 'version' | 'expiresAt' | 'desired'>,
): 'found' | 'absent' | 'overtaken' {
  const ended = throttle.state === 'released' || throttle.state === 'expired'
  if (throttle.version <= versionBefore) return 'absent'
  if (act === 'release') return ended ? 'found' : 'overtaken'
  if (ended) return 'overtaken'
  if (act === 'extend') {
    return wish.expiresAt !== null && Date.parse(throttle.expiresAt) >= wish.expiresAt ? 'found' : 'overtaken'
  }
  return wish.limits !== null && isWithin(throttle.desired.limits, wish.limits) ? 'found' : 'overtaken'
}

/** Whether limits hold at least as tight as others do, where those say anything. */
export function isWithin(limits: LimitValues, bound: LimitValues): boolean {
  return (['tpm', 'rpm', 'maxConcurrent'] as const).every((name) => {
    const [value, most] = [limits[name], bound[name]]
    return most === null || (value !== null && value <= most)
  })
}

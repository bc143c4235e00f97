import type { Feed } from '../../../shared/model/source.ts'
import { inWords, plural } from '../../../shared/model/phrases.ts'
import { staleLimit } from '../../core/observation.ts'

/**
 * Which of the two ways feeds the floor. Pure: every event in, a new state out. Prometheus is preferred, because it
 * sees what single exporters cannot and has the history; the exporters take over when it cannot be believed.
 * Times called `at` are monotonic ms; `wall` is ms since the epoch and only ever shown.
 */
export interface ArbiterRules {
  /** Consecutive failures of Prometheus until the exporters take over. */
  readonly failuresToLeave: number
  /** Consecutive good answers with fresh data until Prometheus takes over again: it must not flap. */
  readonly answersToReturn: number
  /**
   * Data older than this, and than two and a half of its samples, is not worth having while there is another way, ms.
   */
  readonly staleAfterMs: number
  /** At the start nothing is shown yet: how long to wait for the first answer before trying the exporters, ms. */
  readonly startPatienceMs: number
}

export const DEFAULT_ARBITER_RULES: ArbiterRules = {
  failuresToLeave: 2,
  answersToReturn: 3,
  staleAfterMs: 30_000,
  startPatienceMs: 3_000,
}

export interface ArbiterFacts {
  readonly prometheus: boolean
  /** Exporters that discovery knows now; 0 means that there is no second way. */
  readonly exporters: number
}

export type ArbiterEvent =
  | { readonly kind: 'tick' }
  /**
   * Prometheus answered; `dataAgeMs` is the age of its newest GPU sample, null when it has none, `cadenceMs` the learnt
   * pause between two of them, null while that is not known.
   */
  | { readonly kind: 'answered'; readonly dataAgeMs: number | null; readonly cadenceMs: number | null }
  | { readonly kind: 'failed'; readonly text: string }

export interface Instant {
  readonly at: number
  readonly wall: number
}

export interface ArbiterState {
  readonly path: Feed['path']
  /** Wall clock of the last turn. */
  readonly since: number
  readonly startedAt: number
  /** Consecutive answers that were no use, and why the last one was not. */
  readonly failures: number
  readonly trouble: string | null
  /** Consecutive answers with fresh data. */
  readonly goods: number
  readonly answered: boolean
  /** Learnt pause between two samples, ms; null while it is not known. */
  readonly cadenceMs: number | null
  /** The last answer that carried data, however old, and how old its newest sample was then. */
  readonly lastUseful: { readonly at: number; readonly dataAgeMs: number } | null
}

export function startArbiter(now: Instant): ArbiterState {
  return {
    path: 'none',
    since: now.wall,
    startedAt: now.at,
    failures: 0,
    trouble: null,
    goods: 0,
    answered: false,
    cadenceMs: null,
    lastUseful: null,
  }
}

/** The state after one event. `path` is decided again each time, so facts may change between events. */
export function arbitrate(
  state: ArbiterState,
  event: ArbiterEvent,
  facts: ArbiterFacts,
  now: Instant,
  rules: ArbiterRules = DEFAULT_ARBITER_RULES,
): ArbiterState {
  const counted = count(state, event, now, rules)
  const path = choose(counted, facts, now, rules)
  return path === counted.path ? counted : { ...counted, path, since: now.wall }
}

function count(state: ArbiterState, event: ArbiterEvent, now: Instant, rules: ArbiterRules): ArbiterState {
  switch (event.kind) {
    case 'tick':
      return state
    case 'failed':
      return { ...state, failures: state.failures + 1, goods: 0, trouble: event.text }
    default: {
      if (event.dataAgeMs === null) {
        // An answer without a single GPU is a Prometheus that just restarted or was told to look elsewhere.
        const trouble = 'it answers, but has no GPU series'
        return { ...state, answered: true, failures: state.failures + 1, goods: 0, trouble }
      }
      const { cadenceMs, dataAgeMs } = event
      const fresh = dataAgeMs <= staleLimit(rules.staleAfterMs, cadenceMs)
      return {
        ...state,
        answered: true,
        cadenceMs,
        lastUseful: { at: now.at, dataAgeMs },
        failures: 0,
        goods: fresh ? state.goods + 1 : 0,
        trouble: null,
      }
    }
  }
}

function choose(
  state: ArbiterState,
  facts: ArbiterFacts,
  now: Instant,
  rules: ArbiterRules,
): ArbiterState['path'] {
  const second = facts.exporters > 0
  if (!facts.prometheus) return second ? 'direct' : 'none'
  const limitMs = staleLimit(rules.staleAfterMs, state.cadenceMs)
  const tooOld = dataAge(state, now) > limitMs
  switch (state.path) {
    case 'prometheus':
      if (state.failures < rules.failuresToLeave && !tooOld) return 'prometheus'
      if (second) return 'direct'
      return state.failures >= rules.failuresToLeave || silence(state, now) > limitMs ? 'none' : 'prometheus'
    case 'direct':
      if (state.goods >= rules.answersToReturn && !tooOld) return 'prometheus'
      if (second) return 'direct'
      return hasAnswer(state) ? 'prometheus' : 'none'
    default:
      if (state.goods > 0 && !tooOld) return 'prometheus'
      if (second) {
        const waited = now.at - state.startedAt >= rules.startPatienceMs
        return state.failures > 0 || state.answered || waited ? 'direct' : 'none'
      }
      // Old figures, shown with their age, are better than none.
      return hasAnswer(state) && silence(state, now) <= limitMs ? 'prometheus' : 'none'
  }
}

/** The last thing that Prometheus did was to answer with data. */
function hasAnswer(state: ArbiterState): boolean {
  return state.failures === 0 && state.lastUseful !== null
}

/** Age now of the newest sample that Prometheus has given, ms; it grows while Prometheus is silent or has none. */
function dataAge(state: ArbiterState, now: Instant): number {
  return state.lastUseful === null ? 0 : state.lastUseful.dataAgeMs + silence(state, now)
}

function silence(state: ArbiterState, now: Instant): number {
  return state.lastUseful === null ? 0 : now.at - state.lastUseful.at
}

/** The feed in words for the status bar: which way, since when, and why. */
export function feedOf(
  state: ArbiterState,
  facts: ArbiterFacts,
  now: Instant,
  rules: ArbiterRules = DEFAULT_ARBITER_RULES,
): Feed {
  return {
    path: state.path,
    since: state.since,
    reason: reasonOf(state, facts, now, rules),
    fallback: facts.prometheus && facts.exporters > 0,
  }
}

function reasonOf(state: ArbiterState, facts: ArbiterFacts, now: Instant, rules: ArbiterRules): string {
  const directly = `scraping ${plural(facts.exporters, 'exporter')} directly`
  if (!facts.prometheus) {
    return facts.exporters > 0
      ? `No Prometheus is configured; ${directly}.`
      : 'No source is known: no Prometheus is configured and no exporter was found.'
  }
  const old = dataAge(state, now) > staleLimit(rules.staleAfterMs, state.cadenceMs)
  switch (state.path) {
    case 'prometheus':
      if (state.failures > 0) return `Prometheus did not answer as expected: ${state.trouble}; asking again.`
      if (old) return `Prometheus answers, but its newest figure is ${inWords(dataAge(state, now))} old.`
      return 'Prometheus answers with fresh figures.'
    case 'direct':
      return `${troubleOf(state, now, old)}; ${directly}.${comingBack(state, rules)}`
    default:
      if (state.failures === 0 && !state.answered) return 'Waiting for the first answer of Prometheus.'
      return `${troubleOf(state, now, old)}, and no exporter is known to fall back to; the last figures age.`
  }
}

function troubleOf(state: ArbiterState, now: Instant, old: boolean): string {
  const why = state.trouble === null ? '' : ` (${state.trouble})`
  if (state.failures > 0) {
    return state.lastUseful === null
      ? `Prometheus has given no figures yet${why}`
      : `Prometheus has given no figures for ${inWords(silence(state, now))}${why}`
  }
  if (!state.answered) return 'Prometheus has not answered yet'
  if (old) return `The newest figure of Prometheus is ${inWords(dataAge(state, now))} old`
  return 'Prometheus is answering again'
}

function comingBack(state: ArbiterState, rules: ArbiterRules): string {
  if (state.goods === 0) return ''
  return ` It has answered well ${state.goods} of ${rules.answersToReturn} times in a row before it takes over again.`
}

import type { LimitValues } from '../../../shared/metering/tenants.ts'
import type { ObservedState } from '../../../shared/model/throttleProof.ts'

/** What was used in the scope of a throttle, of what it reaches, within one step. */
export interface UsedStep {
  /** Start, ms. */
  readonly at: number
  readonly tokens: number
  readonly requests: number
  /** Null where the back end does not count rejections. */
  readonly rejected: number | null
}

/** Usage from well before a throttle until now. All times are ms on one clock. */
export interface Usage {
  readonly stepMs: number
  /** Ascending, without holes, up to `until`; none of a time that is not measured. */
  readonly steps: readonly UsedStep[]
  /** The end of what is measured whole. */
  readonly until: number
}

export interface Observed {
  readonly state: ObservedState
  /** When it was first seen, ms: the end of the window that showed it. */
  readonly at: number | null
  /** Per minute, of the newest window; null where none is whole. */
  readonly rate: Rate | null
  /** Per minute, before the throttle was laid. */
  readonly before: Rate | null
}

export interface Rate {
  readonly tokens: number
  readonly requests: number
  readonly rejected: number | null
}

export interface ObservingOptions {
  readonly limits: LimitValues
  /** When it was laid: what was before is the baseline, ms. */
  readonly laidAt: number
  /** Since when every gateway that counts has it in force, ms. */
  readonly inForceAt: number
  /** Answers that are being written are not cut: the rate may lie above the limit for so long, ms. */
  readonly settlesMs: number
  readonly now: number
}

/** One window says enough when it is so long, ms. */
const WINDOW_MS = 60_000
const BASELINE_MS = 10 * 60_000
/** Gateways keep a budget of a minute, and charge an answer when it has ended. */
const PATIENCE_MS = 3 * 60_000
/** What limits let through is not exact: they are kept per gateway and per moment. */
const TOLERANCE = 1.1
/** Of what was before: a limit of zero lets nothing new in, and what was being answered still ends. */
const REMAINDER = 0.02
const MINUTE_MS = 60_000

/** What the traffic says of a throttle that is in force. Only what is measured counts. Pure. */
export function observe(usage: Usage | null, options: ObservingOptions): Observed {
  const { inForceAt, laidAt, now, settlesMs } = options
  const blank: Observed = { state: 'unmeasured', at: null, rate: null, before: null }
  if (usage === null || usage.steps.some(({ rejected }) => rejected === null)) return blank
  const size = Math.max(1, Math.ceil(WINDOW_MS / usage.stepMs))
  const baseline = usage.steps.filter(({ at }) => at >= laidAt - BASELINE_MS && at + usage.stepMs <= laidAt)
  const before = baseline.length < size ? null : rateOf(baseline, usage.stepMs)
  // Without a baseline a rise cannot be told from what always was.
  if (before === null) return blank
  const after = usage.steps.filter(({ at }) => at >= inForceAt)
  if (after.length < size) {
    const waited = now - inForceAt >= size * usage.stepMs + usage.stepMs
    return { ...blank, state: waited ? 'lagging' : 'early', before }
  }
  let first: number | null = null
  /** Since when it has not been kept. */
  let brokenSince = inForceAt + settlesMs
  let state: ObservedState = 'early'
  let rate: Rate = before
  for (let end = size; end <= after.length; end++) {
    const window = after.slice(end - size, end)
    rate = rateOf(window, usage.stepMs)
    const endsAt = (window.at(-1)?.at ?? 0) + usage.stepMs
    const within = isWithin(rate, before, options.limits)
    if (within) brokenSince = Math.max(brokenSince, endsAt)
    if (within && rises(rate, baseline, window, usage.stepMs)) {
      state = 'observed'
      first ??= endsAt
    } else if (within) {
      // What was seen once stays seen: afterwards less may be asked for.
      state = first === null ? 'untested' : 'observed'
    } else if (endsAt - brokenSince >= PATIENCE_MS) state = 'disobeyed'
    // One minute above the limit takes nothing back: work that was queued is served in waves.
    else state = first === null ? 'early' : 'observed'
  }
  return { state, at: state === 'observed' ? first : null, rate, before }
}

function rateOf(steps: readonly UsedStep[], stepMs: number): Rate {
  const minutes = (steps.length * stepMs) / MINUTE_MS
  let [tokens, requests, rejected] = [0, 0, 0]
  for (const step of steps) {
    tokens += step.tokens
    requests += step.requests
    rejected += step.rejected ?? 0
  }
  return { tokens: tokens / minutes, requests: requests / minutes, rejected: rejected / minutes }
}

/** How many requests are in flight is not measured: of that limit rejections alone speak. */
function isWithin(rate: Rate, before: Rate, { tpm, rpm, maxConcurrent }: LimitValues): boolean {
  const fits = (used: number, was: number, limit: number | null) =>
    limit === null || used <= Math.max(limit * TOLERANCE, was * REMAINDER)
  if (maxConcurrent === 0 && !(rate.requests <= before.requests * REMAINDER)) return false
  return fits(rate.tokens, before.tokens, tpm) && fits(rate.requests, before.requests, rpm)
}

/** More rejections than the tenant's own before, by more than chance: three deviations, of counts or as they varied. */
function rises(
  rate: Rate,
  baseline: readonly UsedStep[],
  window: readonly UsedStep[],
  stepMs: number,
): boolean {
  const size = window.length
  const count = ((rate.rejected ?? 0) * size * stepMs) / MINUTE_MS
  const sums: number[] = []
  for (let end = size; end <= baseline.length; end += size) {
    sums.push(baseline.slice(end - size, end).reduce((sum, { rejected }) => sum + (rejected ?? 0), 0))
  }
  const mean = sums.reduce((sum, each) => sum + each, 0) / sums.length
  const variance = sums.reduce((sum, each) => sum + (each - mean) ** 2, 0) / sums.length
  return count > mean + 3 * Math.sqrt(Math.max(variance, mean, 1))
}

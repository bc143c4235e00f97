import type { LimitValues } from '../../../shared/metering/tenants.ts'
import type { Throttle } from '../../../shared/metering/throttles.ts'
import type { ThrottleVerdict } from '../../../shared/model/throttleProof.ts'
import { isWithin } from './intent.ts'
import { observe, type Observed, type Usage } from './observed.ts'

export interface GatewayFact {
  readonly gateway: string
  readonly inForce: boolean
  /** What it says; null: nothing. */
  readonly value: LimitValues | null
  /** ms */
  readonly at: number
}

export interface Proof {
  readonly verdict: ThrottleVerdict
  readonly reported: {
    readonly gateways: readonly GatewayFact[]
    readonly inForce: number
    /** When the last one reported, of those that have it in force; null while none has. */
    readonly at: number | null
  }
  readonly observed: Observed
}

export interface ProofOptions {
  readonly throttle: Throttle
  /** When its present limits were decided: it was laid, approved or tightened; ms. */
  readonly decidedAt: number
  readonly propagationMs: number
  /** How long answers that are being written go on, ms; 0 where they are cut. */
  readonly streamsMs: number
  readonly usage: Usage | null
  /** On the clock of all these times, ms. */
  readonly now: number
  /** An instant of the back end on that clock, ms. */
  readonly instant: (text: string) => number
}

/** A gateway may report a moment after it is due. */
const SLACK_MS = 5_000

/** The three facts of a throttle and what follows from them. Pure. */
export function prove(options: ProofOptions): Proof {
  const { throttle, decidedAt, usage, now, instant, propagationMs, streamsMs } = options
  const { desired, state } = throttle
  const gateways = throttle.reported.map(({ gateway, value, at }) => ({
    gateway,
    value,
    inForce: value !== null && isWithin(value, desired.limits),
    at: instant(at),
  }))
  const holding = gateways.filter(({ inForce }) => inForce)
  const at = holding.length === 0 ? null : Math.max(...holding.map((each) => each.at))
  const reported = { gateways, inForce: holding.length, at }
  const all = gateways.length > 0 && holding.length === gateways.length
  const isOver = state === 'released' || state === 'expired'
  const observed: Observed =
    at === null
      ? { state: 'early', at: null, rate: null, before: null }
      : observe(usage, {
          limits: desired.limits,
          laidAt: instant(throttle.createdAt),
          // What lay there before a tightening is no proof of what was decided then.
          inForceAt: Math.max(at, decidedAt),
          settlesMs: streamsMs,
          now: isOver ? Math.min(now, endOf(throttle, instant)) : now,
        })
  return { verdict: verdictOf(), reported, observed }

  function verdictOf(): ThrottleVerdict {
    if (state === 'released' || state === 'expired') return state
    if (state === 'pending_approval') return 'waiting'
    if (!all) {
      const due = now - decidedAt > propagationMs + SLACK_MS
      if (state === 'failed') return holding.length > 0 ? 'partial' : 'failed'
      if (!due) return 'applying'
      return holding.length > 0 ? 'partial' : 'failed'
    }
    switch (observed.state) {
      case 'observed':
        return 'enforced'
      case 'untested':
        return 'untested'
      case 'disobeyed':
        return 'disobeyed'
      default:
        return 'reported'
    }
  }
}

function endOf(throttle: Throttle, instant: (text: string) => number): number {
  return instant(throttle.releasedAt ?? throttle.expiresAt)
}

import type { Random } from '../../factory/random.ts'
import type { StreamSpec } from '../../ledger/types.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import { THROTTLE_CAPABILITY } from './capability.ts'

/** The simulated gateways that requests pass; each learns of a throttle in its own time and says when it has. */
export const GATEWAYS = ['gw-north', 'gw-south', 'gw-edge'] as const

/** One throttle as the gateways know it. A report's `value` is null while the throttle is not in force there. */
export interface Rollout {
  readonly reports: readonly { readonly value: LimitValues | null; readonly at: number }[]
  /** All gateways shall have it in force, or none shall any more; they follow within seconds. */
  push(value: LimitValues | null, atMs: number): void
  /** Lets time pass. @returns whether a gateway has reported */
  tick(nowMs: number): boolean
  /** All gateways have reported what was pushed last. */
  settled(): boolean
}

/** Usual seconds until a gateway has read a change. */
const USUAL = { least: 0.4, spread: 2.2 }
/** One gateway in so many changes is busy and takes longer than it promises. */
const SLOW_SHARE = 0.2
const SLOW = { least: THROTTLE_CAPABILITY.maxPropagationSeconds + 2, spread: 12 }

export function createRollout(random: Random, createdMs: number): Rollout {
  const reports: { value: LimitValues | null; at: number }[] = GATEWAYS.map(() => ({
    value: null,
    at: createdMs,
  }))
  const due: number[] = GATEWAYS.map(() => Number.POSITIVE_INFINITY)
  let wanted: LimitValues | null = null
  return {
    reports,
    push(value, atMs) {
      wanted = value
      const slow = random.next() < SLOW_SHARE ? random.below(GATEWAYS.length) : -1
      GATEWAYS.forEach((_, gateway) => {
        const { least, spread } = gateway === slow ? SLOW : USUAL
        due[gateway] = atMs + (least + spread * random.next()) * 1000
      })
    },
    tick(nowMs) {
      let reported = false
      due.forEach((at, gateway) => {
        if (at > nowMs) return
        reports[gateway] = { value: wanted, at }
        due[gateway] = Number.POSITIVE_INFINITY
        reported = true
      })
      return reported
    },
    settled: () => due.every((at) => at === Number.POSITIVE_INFINITY),
  }
}

/** A client is always led to the same gateway (FNV-1a over its key). */
export function gatewayOf({ tenant, key }: Pick<StreamSpec, 'tenant' | 'key'>): number {
  let hash = 0x811c_9dc5
  for (const unit of `${tenant}/${key}`) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x0100_0193)
  return (hash >>> 0) % GATEWAYS.length
}

import type { LimitsOf } from '../../ledger/types.ts'
import { lowest, NO_LIMITS, reaches } from './limits.ts'
import type { Throttles } from './throttles.ts'
import { isCovered } from './capability.ts'
import { gatewayOf } from './gateways.ts'
import type { Traffic } from './handlers.ts'

/**
 * What the gateways let through now: the base limits, and every overlay that the stream's own gateway has in force.
 * So a throttle acts gateway by gateway as they report it, and goes on acting until they have dropped it.
 */
export function createLimiter(throttles: Throttles, traffic: Pick<Traffic, 'base'>): LimitsOf {
  return (stream) => {
    const base = traffic.base(stream.tenant) ?? NO_LIMITS
    const laid = throttles.of(stream.tenant)
    if (laid.length === 0 || !isCovered(stream.endpoint)) return { ...base, block: false }
    const gateway = gatewayOf(stream)
    const inForce = laid.flatMap((held) => {
      const value = held.rollout.reports[gateway]?.value ?? null
      return value !== null && reaches(held.scope, stream) ? [{ value, mode: held.request.mode }] : []
    })
    return {
      ...lowest([base, ...inForce.map(({ value }) => value)]),
      block: inForce.some(({ mode }) => mode === 'block'),
    }
  }
}

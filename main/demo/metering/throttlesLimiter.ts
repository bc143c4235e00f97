import type { LimitsOf, StreamSpec } from '../ledger/types.ts'
import type { LimitValues } from '../../../shared/metering/tenants.ts'
import { lowest, NO_LIMITS, reaches } from './limits.ts'
import type { Held, Throttles } from './throttles.ts'
import { isCovered } from './throttlesCapability.ts'
import { gatewayOf } from './throttlesGateways.ts'
import type { Traffic } from './throttlesHandlers.ts'

/** Which parts of the tokens and of the requests of a throttle's scope one stream makes, 0–1. */
interface Share {
  readonly tokens: number
  readonly requests: number
}

/** A stream that is quiet when the throttle begins may still become this part of its fair share. */
const LEAST_OF_FAIR = 0.1

/**
 * What the gateways let through now: the base limits, and every overlay that the stream's own gateway has in force.
 * So a throttle acts gateway by gateway as they report it, and goes on acting until they have dropped it. Streams that
 * share a limit divide it as they made the traffic when it came into force.
 */
export function createLimiter(throttles: Throttles, traffic: Traffic): LimitsOf {
  const shares = new WeakMap<Held, ReadonlyMap<string, Share>>()

  function sharesOf(held: Held): ReadonlyMap<string, Share> {
    const known = shares.get(held)
    if (known !== undefined) return known
    const fresh = divide(held, traffic)
    shares.set(held, fresh)
    return fresh
  }

  return (stream) => {
    const base = traffic.base(stream.tenant) ?? NO_LIMITS
    const laid = throttles.of(stream.tenant)
    if (laid.length === 0 || !isCovered(stream.endpoint)) return { ...base, block: false }
    const gateway = gatewayOf(stream)
    const inForce = laid.filter(
      (held) => (held.rollout.reports[gateway]?.value ?? null) !== null && reaches(held.scope, stream),
    )
    const parts = inForce.map((held) => partOf(held.overlay, sharesOf(held).get(nameOf(stream))))
    return {
      ...lowest([base, ...parts]),
      block: inForce.some((held) => held.request.mode === 'block'),
    }
  }
}

function divide(held: Held, traffic: Traffic): Map<string, Share> {
  const group = traffic.streams.filter(
    (stream) => stream.tenant === held.tenantId && isCovered(stream.endpoint) && reaches(held.scope, stream),
  )
  const rates = group.map((stream) => traffic.rateOf([stream]))
  const tokens = fractions(rates.map((rate) => rate.tokens))
  const requests = fractions(rates.map((rate) => rate.requests))
  return new Map(
    group.map((stream, i) => [nameOf(stream), { tokens: tokens[i] ?? 0, requests: requests[i] ?? 0 }]),
  )
}

/** Parts that sum to 1, in proportion to the weights, none below a part of its fair share. */
function fractions(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const floor = sum === 0 ? 1 : (LEAST_OF_FAIR * sum) / weights.length
  const raised = weights.map((weight) => Math.max(weight, floor))
  const total = raised.reduce((all, weight) => all + weight, 0)
  return raised.map((weight) => weight / total)
}

function partOf({ tpm, rpm, maxConcurrent }: LimitValues, share: Share | undefined): LimitValues {
  const { tokens, requests } = share ?? { tokens: 1, requests: 1 }
  const times = (limit: number | null, part: number) => (limit === null ? null : limit * part)
  return {
    tpm: times(tpm, tokens),
    rpm: times(rpm, requests),
    maxConcurrent: times(maxConcurrent, requests),
  }
}

function nameOf({ key, model, endpoint, gpuType, deployment }: StreamSpec): string {
  return JSON.stringify([key, model, endpoint, gpuType, deployment])
}

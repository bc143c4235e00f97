import type { Capabilities } from '../../../../shared/metering/capabilities.ts'

/**
 * What the reference server can do to a tenant's traffic. Batch jobs read from a bucket and never pass a gateway, so no
 * throttle reaches them: a trap that real systems have, and that a console has to name before anybody relies on it.
 */
export const THROTTLE_CAPABILITY: NonNullable<Capabilities['throttle']> = {
  modes: ['cap', 'block'],
  scopes: ['models', 'endpoints', 'keys'],
  serverExpiry: true,
  conditionalWrite: true,
  dryRun: true,
  idempotency: true,
  cutsStreams: false,
  uncoveredEndpoints: ['batch'],
  maxPropagationSeconds: 10,
  maxDurationSeconds: 8 * 3600,
  approvalAbovePercent: 50,
  breakGlass: true,
}

export function isCovered(endpoint: string): boolean {
  return !THROTTLE_CAPABILITY.uncoveredEndpoints.includes(endpoint)
}

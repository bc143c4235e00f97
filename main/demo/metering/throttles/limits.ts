import type { StreamSpec } from '../../ledger/types.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import { ProblemError } from '../http/handler.ts'
import type { Throttle } from '../../../../shared/metering/throttles.ts'

export type Scope = Throttle['desired']['scope']

export const LIMIT_NAMES = ['tpm', 'rpm', 'maxConcurrent'] as const
export type LimitName = (typeof LIMIT_NAMES)[number]

export const NO_LIMITS: LimitValues = { tpm: null, rpm: null, maxConcurrent: null }
/** What a throttle of the mode `block` lays over every limit. */
export const BLOCKED: LimitValues = { tpm: 0, rpm: 0, maxConcurrent: 0 }

/** effective = min(base, overlays): each limit for itself, null where nothing limits. */
export function lowest(all: readonly LimitValues[]): LimitValues {
  const least = (name: LimitName) => {
    const known = all.flatMap((values) => values[name] ?? [])
    return known.length === 0 ? null : Math.min(...known)
  }
  return { tpm: least('tpm'), rpm: least('rpm'), maxConcurrent: least('maxConcurrent') }
}

/** Whether a scope reaches a stream of its tenant; an empty list does not narrow. */
export function reaches(scope: Scope, stream: Pick<StreamSpec, 'model' | 'endpoint' | 'key'>): boolean {
  const within = (list: readonly string[], name: string) => list.length === 0 || list.includes(name)
  return (
    within(scope.models, stream.model) &&
    within(scope.endpoints, stream.endpoint) &&
    within(scope.keys, stream.key)
  )
}

export function isWholeTenant({ models, endpoints, keys }: Scope): boolean {
  return models.length + endpoints.length + keys.length === 0
}

/**
 * The overlay with some limits lowered; null leaves one as it is.
 * @throws ProblemError 422 where one would rise or none falls
 */
export function tightened(overlay: LimitValues, wanted: LimitValues): LimitValues {
  const limits = { ...overlay }
  for (const name of LIMIT_NAMES) {
    const value = wanted[name]
    const present = overlay[name]
    if (value === null || value === present) continue
    if (present !== null && value > present) {
      throw new ProblemError(
        'above-base',
        `${value} is above the ${present} of the throttle: a tightening only lowers.`,
        `body.limits.${name}`,
      )
    }
    limits[name] = value
  }
  if (LIMIT_NAMES.some((name) => limits[name] !== overlay[name])) return limits
  throw new ProblemError(
    'above-base',
    'No limit is below that of the throttle: there is nothing to tighten.',
    'body.limits',
  )
}

/** The first limit that an overlay would raise above the base, if there is one. */
export function raised(base: LimitValues, overlay: LimitValues): LimitName | undefined {
  return LIMIT_NAMES.find((name) => {
    const wanted = overlay[name]
    const bought = base[name]
    return wanted !== null && bought !== null && wanted > bought
  })
}

import type { Capabilities } from '../../../shared/metering/capabilities.ts'
import type { Session } from './session.ts'
import { NotApplicable } from './verdict.ts'

/** What the back end can do; checks that depend on it are left out where the first check could not read it. */
export function capabilitiesOf(session: Session): Capabilities {
  if (session.capabilities === null) throw new NotApplicable('GET /v1/capabilities did not answer.')
  return session.capabilities
}

export const text = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')

/**
 * A past range that no lag touches, from and to on the grid of `stepMs`: its figures may not move between two
 * questions, unless late events come.
 */
export function settledRange(session: Session, stepMs: number, steps: number): { from: string; to: string } {
  const { lagSeconds } = capabilitiesOf(session)
  const to = Math.floor((session.now() - (lagSeconds + 60) * 1000) / stepMs) * stepMs
  return { from: text(to - steps * stepMs), to: text(to) }
}

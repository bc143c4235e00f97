import type { MeteringEvent } from '../../../../shared/metering/audit.ts'
import type { AuditLog } from './audit.ts'
import type { EventRing } from '../events/events.ts'
import { type Change, viewOf } from './throttles.ts'

/** In whose name something happens, and why where the throttle itself has no place for it. */
export interface Cause {
  readonly actor: string
  readonly requestId: string
  readonly reason?: string
}

/** Writes every change of a throttle into the audit chain and tells those who listen. */
export interface ThrottleRecord {
  onChange(change: Change): void
  /** What `act` changes was done by this person; everything else happens by itself. */
  as<T>(cause: Cause, act: () => T): T
}

const ACTIONS: Readonly<Record<Change['what'], string>> = {
  created: 'throttle.create',
  approved: 'throttle.approve',
  extended: 'throttle.extend',
  tightened: 'throttle.tighten',
  released: 'throttle.release',
  expired: 'throttle.expire',
  reported: 'throttle.report',
}

/** @param now simulated time, ms */
export function createThrottleRecord(audit: AuditLog, events: EventRing, now: () => number): ThrottleRecord {
  let cause: Cause | null = null

  function publish(type: MeteringEvent['type'], subject: string): void {
    events.publish({ type, at: new Date(now()).toISOString(), subject })
  }

  return {
    onChange({ before, held, what }) {
      const view = viewOf(held, null)
      const own: Cause = {
        actor: what === 'expired' ? 'expiry' : 'gateways',
        requestId: `${held.id}-${what}`,
      }
      const { actor, requestId, reason } = cause ?? own
      const entry = { actor, requestId, target: `throttle/${held.id}` }
      const after = reason === undefined ? view : { ...view, changedBecause: reason }
      audit.append({ ...entry, action: ACTIONS[what], before, after })
      if (what === 'created' && view.breakGlass !== null) {
        audit.append({ ...entry, action: 'throttle.break-glass', before: null, after: view.breakGlass })
      }
      publish('throttle.changed', held.id)
      if (what !== 'reported') publish('limits.changed', held.tenantId)
    },
    as(next, act) {
      cause = next
      try {
        return act()
      } finally {
        cause = null
      }
    },
  }
}

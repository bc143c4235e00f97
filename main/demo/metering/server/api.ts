import { randomBytes } from 'node:crypto'
import type { Handlers } from '../http/handler.ts'
import { type AuditLog, createAuditLog } from '../throttles/audit.ts'
import { createEventRing, type EventRing } from '../events/events.ts'
import { createEventStreams, type EventStreams } from '../events/stream.ts'
import { createIdempotency } from '../throttles/idempotency.ts'
import type { LimitsOf } from '../../ledger/types.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import type { Throttle } from '../../../../shared/metering/throttles.ts'
import { NO_LIMITS } from '../throttles/limits.ts'
import { createThrottles, viewOf } from '../throttles/throttles.ts'
import { createThrottleHandlers, type Traffic } from '../throttles/handlers.ts'
import { createLimiter } from '../throttles/limiter.ts'
import { createPreviewTokens } from '../throttles/preview.ts'
import { createThrottleRecord } from '../throttles/record.ts'

export interface MeteringApiOptions {
  readonly seed: number
  readonly traffic: Traffic
  /** Simulated time, ms. */
  readonly now: () => number
  /** How far back usage is kept, ms: whoever missed events reads everything from there again. */
  readonly retentionMs: number
  readonly heartbeatMs?: number
}

type Written = ReturnType<typeof createThrottleHandlers> & Pick<Handlers, 'listAudit' | 'getCheckpoint'>

/** Everything of the Metering API that holds state of its own: throttles, their record, events. */
export interface MeteringApi {
  readonly handlers: Written
  readonly streams: EventStreams
  readonly events: EventRing
  readonly audit: AuditLog
  /** One throttle as it is now. */
  throttle(id: string): Throttle | undefined
  /** For the ledger: what the gateways let through. */
  readonly limitsOf: LimitsOf
  /** A tenant's limits now, throttles included. */
  effective(tenant: string): LimitValues
  /** A throttle of the mode block lies over the whole tenant. */
  isBlocked(tenant: string): boolean
  /** Expiries and what gateways report; call after every step of simulated time. */
  tick(): void
}

export function createMeteringApi(options: MeteringApiOptions): MeteringApi {
  const { traffic, now } = options
  // Ids, tags and event numbers of an earlier start must not be taken for those of this one.
  const start = randomBytes(4).toString('hex')
  const audit = createAuditLog(now)
  const events = createEventRing(start)
  const record = createThrottleRecord(audit, events, now)
  const throttles = createThrottles({ seed: options.seed, start, now }, (change) => {
    record.onChange(change)
  })
  const previews = createPreviewTokens(now)
  const text = (ms: number) => new Date(ms).toISOString()
  const written = createThrottleHandlers({
    throttles,
    record,
    previews,
    traffic,
    start,
    now,
    idempotency: createIdempotency(now),
  })
  const effective = (tenant: string) => throttles.effective(tenant, traffic.base(tenant) ?? NO_LIMITS)

  return {
    handlers: {
      ...written,
      listAudit: ({ query }) => ({
        body: {
          dataAsOf: text(now()),
          complete: true,
          missing: [],
          entries: [...audit.page(query.afterSeq, query.limit)],
        },
      }),
      getCheckpoint: () => ({ body: audit.checkpoint() }),
    },
    streams: createEventStreams({
      ring: events,
      ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
      afterGap: () => [
        {
          type: 'usage.corrected',
          at: text(now()),
          subject: 'usage',
          from: text(now() - options.retentionMs),
        },
        ...[...new Set(throttles.list().map((held) => held.tenantId))].map((subject) => ({
          type: 'limits.changed' as const,
          at: text(now()),
          subject,
        })),
      ],
    }),
    events,
    audit,
    throttle(id) {
      const held = throttles.get(id)
      return held && viewOf(held, null)
    },
    limitsOf: createLimiter(throttles, traffic),
    effective,
    isBlocked: (tenant) => Object.values(effective(tenant)).every((limit) => limit === 0),
    tick: () => throttles.tick(),
  }
}

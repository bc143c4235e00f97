import type { OperationName } from '../../../../shared/metering/operations.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import type { Throttle, ThrottleRequest } from '../../../../shared/metering/throttles.ts'
import type { StreamSpec } from '../../ledger/types.ts'
import { canonicalJson } from '../../../../shared/model/canonicalJson.ts'
import { type Handlers, type MeteringRequest, ProblemError } from '../http/handler.ts'
import type { Idempotency } from './idempotency.ts'
import { LIMIT_NAMES, raised, tightened } from './limits.ts'
import { type Held, isEnded, type Throttles, viewOf } from './throttles.ts'
import { isCovered, THROTTLE_CAPABILITY } from './capability.ts'
import { type FlowRate, impactOf, overlayOf, type PreviewTokens, type Wanted } from './preview.ts'
import type { ThrottleRecord } from './record.ts'

/** What the throttles have to know of the tenants and their traffic. */
export interface Traffic {
  /** The limits that a tenant has without any throttle; undefined for one that does not exist. */
  base(tenant: string): LimitValues | undefined
  readonly streams: readonly StreamSpec[]
  rateOf(streams: readonly StreamSpec[]): FlowRate
}

export interface ThrottleHandlerOptions {
  readonly throttles: Throttles
  readonly record: ThrottleRecord
  readonly idempotency: Idempotency<Answered>
  readonly previews: PreviewTokens
  readonly traffic: Traffic
  /** Tells this start of the server from every other one; part of entity tags. */
  readonly start: string
  /** Simulated time, ms. */
  readonly now: () => number
}

type Operations =
  | 'getLimits'
  | 'previewThrottle'
  | 'createThrottle'
  | 'listThrottles'
  | 'getThrottle'
  | 'approveThrottle'
  | 'extendThrottle'
  | 'tightenThrottle'
  | 'releaseThrottle'

/** A throttle as it was answered, the same for every operation that changes one. */
interface Answered {
  readonly body: Throttle
  readonly etag: string
  readonly replayed?: boolean
}

/** More overlays than this on one tenant are a mistake of whoever lays them. */
const MAX_OPEN = 200

/** Who may do what with throttles; what becomes of them is decided in throttles.ts. */
export function createThrottleHandlers(options: ThrottleHandlerOptions): Pick<Handlers, Operations> {
  const { throttles, record, idempotency, previews, traffic, now } = options

  const limitsTag = (tenant: string) => `"limits-${options.start}-${throttles.limitsVersion(tenant)}"`
  const throttleTag = ({ id, version }: Held) => `"${id}-${version}"`
  const answer = (held: Held, actor: string) => ({ body: viewOf(held, actor), etag: throttleTag(held) })
  const asOf = () => ({ dataAsOf: new Date(now()).toISOString(), complete: true, missing: [] })

  function baseOf(tenant: string, pointer: string): LimitValues {
    const base = traffic.base(tenant)
    if (base !== undefined) return base
    throw new ProblemError('not-found', `There is no tenant "${tenant}".`, pointer)
  }

  function heldOf(id: string): Held {
    throttles.tick()
    const held = throttles.get(id)
    if (held !== undefined) return held
    throw new ProblemError('not-found', `There is no throttle "${id}", or it ended too long ago.`, 'path.id')
  }

  /** Carries a change out once per Idempotency-Key. */
  function once<N extends OperationName>(
    operation: N,
    { headers, actor, params, body }: MeteringRequest<N>,
    act: () => Answered,
  ): Answered {
    const key = headers['idempotency-key'] ?? ''
    const request = canonicalJson({ operation, params, body })
    const stored = idempotency.recall(actor, key, request)
    if (stored !== null) return { ...stored, replayed: true }
    const result = act()
    idempotency.keep(actor, key, request, result)
    return result
  }

  function checkBody(wanted: Wanted): LimitValues {
    const base = baseOf(wanted.tenantId, 'body.tenantId')
    if (wanted.mode === 'cap' && LIMIT_NAMES.every((name) => wanted.limits[name] === null)) {
      throw new ProblemError('invalid-request', 'A cap needs at least one limit.', 'body.limits')
    }
    checkScope(wanted, traffic.streams)
    const name = raised(base, overlayOf(wanted))
    if (name !== undefined) {
      throw new ProblemError(
        'above-base',
        `${wanted.limits[name]} is above the base limit of ${base[name]}: a throttle only lowers.`,
        `body.limits.${name}`,
      )
    }
    return base
  }

  function checkEnd(expiresAt: string, earliest: number, since: number): void {
    const at = Date.parse(expiresAt)
    const { maxDurationSeconds } = THROTTLE_CAPABILITY
    const latest = since + maxDurationSeconds * 1000
    if (at > earliest && at <= latest) return
    throw new ProblemError(
      'invalid-request',
      `It must be after ${new Date(earliest).toISOString()} and at the latest ${new Date(latest).toISOString()}, ` +
        `${maxDurationSeconds / 3600} hours after the throttle was laid.`,
      'body.expiresAt',
    )
  }

  function checkOpen(held: Held, act: string): void {
    if (!isEnded(held)) return
    throw new ProblemError('stale', `The throttle is ${held.state}; ${act} has nothing to act on any more.`)
  }

  /** A change of a throttle that exists: key, entity tag, then the act in the name of the caller. */
  function changing<N extends 'approveThrottle' | 'extendThrottle' | 'tightenThrottle' | 'releaseThrottle'>(
    operation: N,
    request: MeteringRequest<N>,
    reason: string | undefined,
    act: (held: Held) => void,
  ): Answered {
    const held = heldOf(request.params.id)
    return once(operation, request, () => {
      checkTag(request.headers['if-match'], throttleTag(held), 'throttle')
      const { actor, requestId } = request
      record.as({ actor, requestId, ...(reason === undefined ? {} : { reason }) }, () => act(held))
      return answer(held, actor)
    })
  }

  return {
    getLimits({ params: { id }, actor }) {
      throttles.tick()
      const base = baseOf(id, 'path.id')
      return {
        body: {
          ...asOf(),
          base,
          throttles: throttles
            .of(id)
            .filter((held) => !isEnded(held))
            .map((held) => viewOf(held, actor)),
          effective: throttles.effective(id, base),
        },
        etag: limitsTag(id),
      }
    },

    previewThrottle({ body }) {
      throttles.tick()
      const effective = throttles.effective(body.tenantId, checkBody(body))
      const streams = traffic.streams.filter((stream) => stream.tenant === body.tenantId)
      const impact = impactOf(body, effective, streams, (some) => traffic.rateOf(some))
      return { body: { ...impact, ...previews.issue(body, impact.needsApproval) } }
    },

    createThrottle(request) {
      throttles.tick()
      const { body, actor, requestId } = request
      return once('createThrottle', request, () => {
        checkBody(body)
        checkTag(request.headers['if-match'], limitsTag(body.tenantId), "tenant's limits")
        checkEnd(body.expiresAt, now(), now())
        const needsApproval = previews.check(body.previewToken, body)
        if (body.approval?.by === actor) throw secondPerson('body.approval.by')
        if (throttles.of(body.tenantId).filter((held) => !isEnded(held)).length >= MAX_OPEN) {
          throw new ProblemError(
            'rate-limited',
            `${MAX_OPEN} throttles lie over this tenant; release some first.`,
          )
        }
        const by = { actor, idempotencyKey: request.headers['idempotency-key'] ?? '' }
        return answer(
          record.as({ actor, requestId }, () => throttles.create(body, by, needsApproval)),
          actor,
        )
      })
    },

    listThrottles({ query, actor }) {
      throttles.tick()
      const wanted = throttles
        .list()
        .filter(
          (held) =>
            (query.tenant === undefined || held.tenantId === query.tenant) &&
            (query.state === undefined || held.state === query.state) &&
            (query.idempotencyKey === undefined ||
              (held.idempotencyKey === query.idempotencyKey && held.createdBy === actor)) &&
            (query.endedAfter === undefined || !endedBy(held, Date.parse(query.endedAfter))),
        )
      return { body: { ...asOf(), throttles: wanted.map((held) => viewOf(held, actor)) } }
    },

    getThrottle: ({ params: { id }, actor }) => answer(heldOf(id), actor),

    approveThrottle: (request) =>
      changing('approveThrottle', request, undefined, (held) => {
        checkOpen(held, 'an approval')
        if (held.state !== 'pending_approval') {
          throw new ProblemError('stale', `The throttle is ${held.state}; it does not wait for approval.`)
        }
        if (request.body.by === held.createdBy) throw secondPerson('body.by')
        throttles.approve(held, request.body.by)
      }),

    extendThrottle: (request) =>
      changing('extendThrottle', request, request.body.reason, (held) => {
        checkOpen(held, 'an extension')
        checkEnd(request.body.expiresAt, held.expiresAt, held.createdAt)
        throttles.extend(held, Date.parse(request.body.expiresAt))
      }),

    tightenThrottle: (request) =>
      changing('tightenThrottle', request, request.body.reason, (held) => {
        checkOpen(held, 'a tightening')
        if (held.state === 'pending_approval') {
          throw new ProblemError('stale', 'The throttle waits for approval of the limits that it has.')
        }
        const { body, actor } = request
        const limits = tightened(held.overlay, body.limits)
        const { tenantId, scope } = held
        const needsApproval = previews.check(body.previewToken, { tenantId, scope, mode: 'cap', limits })
        if (body.approval?.by === actor) throw secondPerson('body.approval.by')
        if (needsApproval && body.approval === undefined && body.breakGlass === undefined) {
          throw new ProblemError(
            'forbidden',
            'So deep a cut needs a second person: give `approval`, or `breakGlass` with a reason.',
            'body.approval',
          )
        }
        throttles.tighten(held, limits)
      }),

    /** What has ended is released already: saying it again changes nothing. */
    releaseThrottle: (request) =>
      changing('releaseThrottle', request, undefined, (held) => {
        if (!isEnded(held)) throttles.release(held)
      }),
  }
}

/** A scope that reaches nothing would be a throttle that everybody believes in and that does not exist. */
function checkScope(
  { tenantId, scope }: Pick<ThrottleRequest, 'tenantId' | 'scope'>,
  streams: readonly StreamSpec[],
) {
  const own = streams.filter((stream) => stream.tenant === tenantId)
  const parts = [
    ['models', 'model', scope.models],
    ['endpoints', 'endpoint', scope.endpoints],
    ['keys', 'key', scope.keys],
  ] as const
  for (const [list, field, names] of parts) {
    names.forEach((name, i) => {
      const pointer = `body.scope.${list}.${i}`
      if (!own.some((stream) => stream[field] === name)) {
        throw new ProblemError(
          'invalid-request',
          `The tenant "${tenantId}" has no ${field} "${name}".`,
          pointer,
        )
      }
      if (field === 'endpoint' && !isCovered(name)) {
        throw new ProblemError('invalid-request', `No throttle reaches the endpoint "${name}".`, pointer)
      }
    })
  }
}

/** Whether a throttle was over at that instant. */
function endedBy(held: Held, at: number): boolean {
  return isEnded(held) && (held.releasedAt ?? held.expiresAt) <= at
}

function secondPerson(pointer: string): ProblemError {
  return new ProblemError(
    'forbidden',
    'Whoever laid the throttle may not approve it: ask a second person.',
    pointer,
  )
}

/** RFC 9110, 13.1.1: weak tags never match here. @throws ProblemError 412 */
function checkTag(ifMatch: string | undefined, current: string, what: string): void {
  const tags = new Set((ifMatch ?? '').split(',').map((tag) => tag.trim()))
  if (tags.has('*') || tags.has(current)) return
  throw new ProblemError(
    'stale',
    `The ${what} changed since they were read. Read them again, then decide.`,
    'header.If-Match',
  )
}

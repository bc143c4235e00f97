import { createRandom } from '../../factory/random.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import type { Throttle, ThrottleRequest } from '../../../../shared/metering/throttles.ts'
import { isWholeTenant, lowest } from './limits.ts'
import { THROTTLE_CAPABILITY } from './capability.ts'
import { createRollout, GATEWAYS, type Rollout } from './gateways.ts'
import { overlayOf } from './preview.ts'

export type ThrottleState = Throttle['state']

/** A throttle, its overlay, and how far the gateways are. Times are simulated, ms. */
export interface Held {
  readonly id: string
  readonly tenantId: string
  readonly scope: Throttle['desired']['scope']
  /** What shall be in force; a tightening puts a lower one in its place. */
  overlay: LimitValues
  readonly rollout: Rollout
  state: ThrottleState
  version: number
  expiresAt: number
  releasedAt: number | null
  /** When the overlay was handed to the gateways; null while it waits for approval. */
  appliedAt: number | null
  /** When the last gateway reported the overlay. */
  reportedAt: number | null
  approval: { readonly by: string; readonly at: number } | null
  readonly request: ThrottleRequest
  readonly idempotencyKey: string
  readonly createdBy: string
  readonly createdAt: number
}

export interface Creator {
  readonly actor: string
  readonly idempotencyKey: string
}

/** What time or a person did to a throttle. */
export interface Change {
  readonly before: Throttle | null
  readonly held: Held
  readonly what: 'created' | 'approved' | 'extended' | 'tightened' | 'released' | 'expired' | 'reported'
}

/**
 * The throttles of all tenants and what becomes of them. It knows nothing of HTTP and of who may do what; whoever calls
 * has checked that. A throttle is an overlay: its end removes it, nothing is restored.
 */
export interface Throttles {
  create(request: ThrottleRequest, by: Creator, needsApproval: boolean): Held
  approve(held: Held, by: string): void
  extend(held: Held, expiresAt: number): void
  /** @param overlay no limit of it above the present one's */
  tighten(held: Held, overlay: LimitValues): void
  release(held: Held): void
  /** Expiries on the server's own clock, and what gateways have reported. Call whenever time has passed. */
  tick(): void
  get(id: string): Held | undefined
  /** Newest first. */
  list(): Held[]
  of(tenant: string): readonly Held[]
  /** Counts what was laid over a tenant and removed; what gateways report does not count. */
  limitsVersion(tenant: string): number
  /** As stored: what the API has accepted, whether or not every gateway has it in force. */
  effective(tenant: string, base: LimitValues): LimitValues
}

/** Ended throttles are kept this long, and at most so many. */
const KEPT_MS = 30 * 86_400_000
const MAX_KEPT = 5000
const ENDED: ReadonlySet<ThrottleState> = new Set(['expired', 'released'])

/**
 * @param now simulated time, ms
 * @param onChange called after each change, with the state before it
 */
export function createThrottles(
  options: { readonly seed: number; readonly start: string; readonly now: () => number },
  onChange: (change: Change) => void,
): Throttles {
  const { now } = options
  const random = createRandom(options.seed, 'gateways')
  const byId = new Map<string, Held>()
  const byTenant = new Map<string, Held[]>()
  const versions = new Map<string, number>()
  let count = 0

  function changed(held: Held, before: Throttle | null, what: Change['what']): void {
    if (what !== 'reported') versions.set(held.tenantId, (versions.get(held.tenantId) ?? 1) + 1)
    onChange({ before, held, what })
  }

  function change(held: Held, what: Change['what'], act: () => void): void {
    const before = viewOf(held, null)
    act()
    if (what !== 'reported') held.version += 1
    changed(held, before, what)
  }

  function apply(held: Held): void {
    held.state = 'applying'
    held.appliedAt = now()
    held.rollout.push(held.overlay, now())
  }

  function end(held: Held, state: 'expired' | 'released'): void {
    if (held.appliedAt !== null) held.rollout.push(null, state === 'expired' ? held.expiresAt : now())
    held.state = state
    if (state === 'released') held.releasedAt = now()
  }

  function tickOne(held: Held): void {
    if (!isEnded(held) && now() >= held.expiresAt) {
      held.rollout.tick(held.expiresAt)
      change(held, 'expired', () => end(held, 'expired'))
    }
    const before = viewOf(held, null)
    const reported = held.rollout.tick(now())
    const state = isEnded(held) ? held.state : stateOf(held, now())
    if (!reported && state === held.state) return
    if (state === 'reported' && held.state !== 'reported') {
      held.reportedAt = Math.max(...held.rollout.reports.map((report) => report.at))
    }
    held.state = state
    changed(held, before, 'reported')
  }

  function forget(): void {
    for (const held of byId.values()) {
      const old = isEnded(held) && held.rollout.settled() && now() - held.expiresAt > KEPT_MS
      if (!old && byId.size <= MAX_KEPT) return
      if (!isEnded(held)) continue
      byId.delete(held.id)
      const others = (byTenant.get(held.tenantId) ?? []).filter((other) => other !== held)
      byTenant.set(held.tenantId, others)
    }
  }

  return {
    create(request, { actor, idempotencyKey }, needsApproval) {
      count += 1
      const { by } = request.approval ?? {}
      const held: Held = {
        id: `thr-${options.start}-${count}`,
        tenantId: request.tenantId,
        scope: request.scope,
        overlay: overlayOf(request),
        rollout: createRollout(random, now()),
        state: 'pending_approval',
        version: 1,
        expiresAt: Date.parse(request.expiresAt),
        releasedAt: null,
        appliedAt: null,
        reportedAt: null,
        approval: by === undefined ? null : { by, at: now() },
        request,
        idempotencyKey,
        createdBy: actor,
        createdAt: now(),
      }
      if (!needsApproval || held.approval !== null || request.breakGlass !== undefined) apply(held)
      byId.set(held.id, held)
      byTenant.set(held.tenantId, [...(byTenant.get(held.tenantId) ?? []), held])
      forget()
      changed(held, null, 'created')
      return held
    },
    approve(held, by) {
      change(held, 'approved', () => {
        held.approval = { by, at: now() }
        apply(held)
      })
    },
    extend: (held, expiresAt) => change(held, 'extended', () => (held.expiresAt = expiresAt)),
    tighten(held, overlay) {
      change(held, 'tightened', () => {
        held.overlay = overlay
        held.reportedAt = null
        apply(held)
      })
    },
    release: (held) => change(held, 'released', () => end(held, 'released')),
    tick() {
      for (const held of byId.values()) if (!isEnded(held) || !held.rollout.settled()) tickOne(held)
    },
    get: (id) => byId.get(id),
    list: () => [...byId.values()].toReversed(),
    of: (tenant) => byTenant.get(tenant) ?? [],
    limitsVersion: (tenant) => versions.get(tenant) ?? 1,
    effective(tenant, base) {
      const whole = (byTenant.get(tenant) ?? []).filter((held) => isActive(held) && isWholeTenant(held.scope))
      return lowest([base, ...whole.map((held) => held.overlay)])
    },
  }
}

export function isEnded({ state }: Held): boolean {
  return ENDED.has(state)
}

export function isActive({ state }: Held): boolean {
  return state === 'applying' || state === 'reported' || state === 'partial'
}

/** What the reports of the gateways make of a throttle that shall be in force. */
function stateOf({ state, appliedAt, rollout, overlay }: Held, nowMs: number): ThrottleState {
  if (appliedAt === null) return state
  // A gateway that still has what lay there before a tightening has not reported.
  const inForce = rollout.reports.filter((report) => report.value === overlay).length
  if (inForce === GATEWAYS.length) return 'reported'
  if (nowMs - appliedAt <= THROTTLE_CAPABILITY.maxPropagationSeconds * 1000) return 'applying'
  return inForce > 0 ? 'partial' : 'failed'
}

/**
 * A throttle in the words of the contract, as it is now; later changes do not reach the copy.
 * @param caller is told the key that they created it with; null tells none
 */
export function viewOf(held: Held, caller: string | null): Throttle {
  const { request } = held
  const text = (ms: number) => new Date(ms).toISOString()
  const orNull = (ms: number | null) => (ms === null ? null : text(ms))
  return {
    id: held.id,
    tenantId: held.tenantId,
    state: held.state,
    version: held.version,
    desired: { mode: request.mode, scope: held.scope, limits: held.overlay },
    reported: held.rollout.reports.map(({ value, at }, i) => ({
      gateway: GATEWAYS[i] ?? '',
      value,
      at: text(at),
    })),
    reportedAt: orNull(held.reportedAt),
    idempotencyKey: caller === held.createdBy ? held.idempotencyKey : null,
    reason: request.reason,
    incidentId: request.incidentId,
    createdBy: held.createdBy,
    createdAt: text(held.createdAt),
    expiresAt: text(held.expiresAt),
    releasedAt: orNull(held.releasedAt),
    approval: held.approval === null ? null : { by: held.approval.by, at: text(held.approval.at) },
    breakGlass: request.breakGlass ?? null,
  }
}

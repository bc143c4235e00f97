import { z } from 'zod'
import { messageSchema } from '../../shared/messages/schema.ts'
import { limitsValueSchema } from '../../shared/metering/tenants.ts'
import { personSchema } from '../../shared/model/person.ts'
import { throttleScopeSchema } from '../../shared/contract/throttles.ts'
import { INTENT_ACTS } from '../core/throttles/index.ts'
import type { KeptIntent } from './types.ts'

const spreadSchema = z.object({ low: z.number(), mid: z.number(), high: z.number() }).nullable()
const instantMs = z.number()
const throttleId = z.string().min(1).max(256)

/** What an intent holds besides its own columns. */
const contentSchema = z.object({
  scope: throttleScopeSchema,
  limits: limitsValueSchema,
  wish: z.object({ limits: limitsValueSchema.nullable(), expiresAt: instantMs.nullable() }),
  versionBefore: z.int(),
  reason: z.string(),
  incidentId: z.string().nullable(),
  decider: z.object({ person: personSchema, origin: z.string() }),
  prediction: z
    .object({ tokensPerMin: spreadSchema, rejectedRequestsPerMin: spreadSchema, burn: spreadSchema })
    .nullable(),
})

const stateSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('intended') }),
  z.object({ step: z.literal('calling'), at: instantMs }),
  z.object({ step: z.literal('unknown'), since: instantMs, why: messageSchema, reads: z.int() }),
  z.object({ step: z.literal('stored'), at: instantMs, throttleId, version: z.int() }),
  z.object({ step: z.literal('refused'), at: instantMs, why: messageSchema }),
  z.object({ step: z.literal('notApplied'), at: instantMs, why: messageSchema }),
])

const rowSchema = z.object({
  id: z.string(),
  at: instantMs,
  act: z.enum(INTENT_ACTS),
  tenant: z.string(),
  throttle_id: z.string().nullable(),
  content: z.string(),
  state: z.string(),
  verdict: z.string().nullable(),
})

/** @throws Error for a row that this version cannot read */
export function intentOfRow(row: unknown): { readonly intent: KeptIntent; readonly verdict: string | null } {
  const { id, at, act, tenant, throttle_id: ofThrottle, content, state, verdict } = rowSchema.parse(row)
  const intent = {
    id,
    at,
    act,
    tenant,
    throttleId: ofThrottle,
    ...contentSchema.parse(JSON.parse(content)),
    state: stateSchema.parse(JSON.parse(state)),
  }
  return { intent, verdict }
}

/** The columns of an intent. */
export function rowOfIntent(intent: KeptIntent) {
  const { id, at, act, tenant, throttleId: throttle_id, state, ...content } = intent
  return {
    id,
    at: Math.round(at),
    act,
    tenant,
    throttle_id,
    content: JSON.stringify(content),
    step: state.step,
    state: JSON.stringify(state),
  }
}

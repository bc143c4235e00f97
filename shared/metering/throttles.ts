import { z } from 'zod'
import { MODES } from './capabilities.ts'
import { limitsValueSchema } from './tenants.ts'
import { asOf, identifier, instant, name } from './values.ts'

/**
 * `reported` says that every gateway reports it in force; whether the traffic obeys is seen in the traffic alone.
 *
 * A throttle is an overlay: effective = the least of the base limit and of every active throttle. It only lowers, it
 * must expire, and a release removes the overlay and replays no remembered value.
 */
export const THROTTLE_STATES = [
  'pending_approval',
  'applying',
  'reported',
  'partial',
  'failed',
  'expired',
  'released',
] as const

export const scopeSchema = z
  .strictObject({
    models: z.array(identifier).max(100).default([]),
    endpoints: z.array(identifier).max(100).default([]),
    keys: z.array(identifier).max(100).default([]),
  })
  .meta({ id: 'ThrottleScope', description: 'An empty list does not narrow.' })

const wantedLimits = {
  tpm: z.int().min(0).nullable().default(null),
  rpm: z.int().min(0).nullable().default(null),
  maxConcurrent: z.int().min(0).nullable().default(null),
}

const wanted = {
  tenantId: identifier,
  scope: scopeSchema,
  mode: z.enum(MODES),
  limits: z
    .strictObject(wantedLimits)
    .meta({ description: 'Ignored where mode is block. At least one otherwise.' }),
}

const agreed = {
  approval: z.strictObject({ by: identifier }).optional(),
  breakGlass: z.strictObject({ reason: z.string().min(1).max(2000) }).optional(),
}
const idempotencyKey = z.string().min(1).max(255)

export const previewRequestSchema = z.strictObject(wanted).meta({ id: 'ThrottlePreviewRequest' })
export const previewSchema = z
  .object({
    diff: z.array(
      z.object({
        limit: z.enum(['tpm', 'rpm', 'maxConcurrent']),
        before: z.int().nullable(),
        after: z.int().nullable(),
      }),
    ),
    affectedKeys: z.array(identifier),
    affectedModels: z.array(identifier),
    currentTokensPerSecond: z.number().min(0),
    cappedTokensPerSecond: z.number().min(0).nullable(),
    needsApproval: z.boolean(),
    previewToken: z.string().max(1024),
    validUntil: instant,
  })
  .meta({ id: 'ThrottlePreview' })

export const throttleRequestSchema = z
  .strictObject({
    ...wanted,
    reason: z.string().min(1).max(2000),
    incidentId: identifier.nullable().default(null),
    expiresAt: instant,
    previewToken: z.string().max(1024),
    ...agreed,
  })
  .meta({ id: 'ThrottleRequest' })
export type ThrottleRequest = z.output<typeof throttleRequestSchema>

export const throttleSchema = z
  .object({
    id: identifier,
    tenantId: identifier,
    state: z.enum(THROTTLE_STATES),
    version: z.int().min(1),
    desired: z.object({ mode: z.enum(MODES), scope: scopeSchema, limits: limitsValueSchema }),
    reported: z
      .array(z.object({ gateway: name, value: limitsValueSchema.nullable(), at: instant }))
      .meta({ description: 'What each gateway says is in force; null: nothing yet.' }),
    reportedAt: instant.nullable().meta({
      description: 'When the last gateway reported what is desired; null until then.',
    }),
    idempotencyKey: idempotencyKey.nullable().meta({
      description:
        'The key it was created with, told to the caller who chose it: how an answer that never came is found again.',
    }),
    reason: z.string().max(2000),
    incidentId: identifier.nullable(),
    createdBy: identifier,
    createdAt: instant,
    expiresAt: instant,
    releasedAt: instant.nullable(),
    approval: z.object({ by: identifier, at: instant }).nullable(),
    breakGlass: z.object({ reason: z.string().max(2000) }).nullable(),
  })
  .meta({ id: 'Throttle' })
export type Throttle = z.output<typeof throttleSchema>

export const throttlesQuerySchema = z.strictObject({
  tenant: identifier.optional(),
  state: z.enum(THROTTLE_STATES).optional(),
  idempotencyKey: idempotencyKey
    .optional()
    .meta({ description: 'Only what the caller created with this key.' }),
  endedAfter: instant
    .optional()
    .meta({ description: 'Leaves out what expired or was released at this instant or before.' }),
})
export const throttlesSchema = z
  .object({ ...asOf, throttles: z.array(throttleSchema) })
  .meta({ id: 'Throttles' })
export const approveRequestSchema = z.strictObject({ by: identifier }).meta({ id: 'ThrottleApproval' })
export const extendRequestSchema = z
  .strictObject({ expiresAt: instant, reason: z.string().min(1).max(2000) })
  .meta({ id: 'ThrottleExtension' })

export const tightenRequestSchema = z
  .strictObject({
    limits: z.strictObject(wantedLimits).meta({
      description:
        'Null leaves a limit as the throttle has it. None may rise, at least one has to fall: else 422.',
    }),
    reason: z.string().min(1).max(2000),
    previewToken: z.string().max(1024).meta({
      description:
        "Of a preview of the throttle's own tenant, scope and mode with the limits that it shall have then.",
    }),
    ...agreed,
  })
  .meta({ id: 'ThrottleTightening' })

export const limitsSchema = z
  .object({
    ...asOf,
    base: limitsValueSchema,
    throttles: z.array(throttleSchema),
    effective: limitsValueSchema,
  })
  .meta({ id: 'Limits' })

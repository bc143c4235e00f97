import { z } from 'zod'
import { name } from './values.ts'

export const DIMENSIONS = ['tenant', 'model', 'endpoint', 'gpuType'] as const
export type Dimension = (typeof DIMENSIONS)[number]
/** A key is known within one tenant only. */
export const GROUPS = [...DIMENSIONS, 'key'] as const
export type Group = (typeof GROUPS)[number]

export const TOKEN_TYPES = ['input', 'output', 'cachedInput', 'reasoning'] as const
export type TokenType = (typeof TOKEN_TYPES)[number]
export const LATENCY_KINDS = ['duration', 'timeToFirstToken', 'interToken'] as const
export type LatencyKind = (typeof LATENCY_KINDS)[number]
export const BUCKETS = ['hour', 'day', 'month'] as const
export type Bucket = (typeof BUCKETS)[number]
export const SCOPES = ['models', 'endpoints', 'keys'] as const
export const MODES = ['cap', 'block'] as const

export const throttleCapabilitySchema = z.object({
  modes: z.array(z.enum(MODES)),
  scopes: z.array(z.enum(SCOPES)),
  serverExpiry: z.boolean().meta({ description: 'The server itself ends a throttle at expiresAt.' }),
  conditionalWrite: z.boolean().meta({ description: 'If-Match is honoured.' }),
  dryRun: z.boolean().meta({ description: 'A preview can be asked for.' }),
  idempotency: z.boolean().meta({ description: 'Idempotency-Key is honoured.' }),
  cutsStreams: z.boolean().meta({ description: 'A throttle also ends answers that are being streamed.' }),
  uncoveredEndpoints: z
    .array(name)
    .max(1000)
    .meta({ description: 'Endpoints that a throttle does not reach.' }),
  maxPropagationSeconds: z.number().min(0),
  maxDurationSeconds: z.int().min(1),
  approvalAbovePercent: z
    .number()
    .min(0)
    .max(100)
    .nullable()
    .meta({ description: 'A cut of more than this share of the current rate needs a second person.' }),
  breakGlass: z.boolean().default(false).meta({
    description: 'Such a cut may be made without the second person, with a reason that is recorded.',
  }),
})

export const capabilitiesSchema = z
  .object({
    backend: z.object({ name, version: name }),
    minStepSeconds: z.int().min(1),
    lagSeconds: z.number().min(0).meta({ description: 'How far dataAsOf is usually behind the clock.' }),
    retentionDays: z.int().min(1),
    groups: z.array(z.enum(GROUPS)),
    tokenTypes: z.array(z.enum(TOKEN_TYPES)),
    errorTokens: z.boolean().meta({ description: 'Tokens spent on failed requests are counted.' }),
    latencyKinds: z.array(z.enum(LATENCY_KINDS)),
    calendarBuckets: z.array(z.enum(BUCKETS)),
    workflows: z.boolean(),
    statements: z.boolean(),
    events: z.boolean(),
    throttle: throttleCapabilitySchema
      .nullable()
      .meta({ description: 'Null: it meters and enforces nothing.' }),
  })
  .meta({ id: 'Capabilities' })
export type Capabilities = z.output<typeof capabilitiesSchema>

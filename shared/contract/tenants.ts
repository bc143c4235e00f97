import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { STEP_KINDS, STEP_OUTCOMES, WORKFLOW_OUTCOMES } from '../metering/workflows.ts'
import { exactCount, quantilesSchema, ratesSchema } from '../model/tokens.ts'
import { NOISE_PARTS } from '../model/noise.ts'
import { tokenOriginSchema } from './tokens.ts'

const rate = z.number().nullable()

/** Columns of equal length, one entry per tenant, ranked by tokens per second: 10,000 tenants travel as few numbers. */
export const tenantsSchema = z.object({
  at: z.number(),
  origin: tokenOriginSchema,
  windowMs: z.number(),
  ids: z.array(z.string()),
  names: z.array(z.string()),
  states: z.array(z.enum(['active', 'blocked', 'closed', 'unlisted'])),
  tokensPerSecond: z.array(rate),
  inputPerSecond: z.array(rate),
  outputPerSecond: z.array(rate),
  requestsPerSecond: z.array(rate),
  /** Of the tokens per second of all tenants, 0–1. */
  share: z.array(rate),
  /** Bought rate, tok/s; null where none is agreed. */
  entitled: z.array(rate),
  /** Tokens per second beyond it. */
  excess: z.array(rate),
  /** Tokens per minute allowed; null where there is no limit. */
  tpmLimit: z.array(rate),
  /** Of the quota that runs out first, 0–1. */
  quotaUsed: z.array(rate),
  /** At the present rate, ms since the epoch; null: not before its reset. */
  exhaustsAt: z.array(z.number().nullable()),
  rejectedPerSecond: z.array(rate),
  errorTokensPerSecond: z.array(rate),
  /** 0–1; null where too little is known. */
  noise: z.array(rate),
  noiseParts: z.record(z.enum(NOISE_PARTS), z.array(rate)),
})
export type TenantsItem = z.output<typeof tenantsSchema>

const breakdown = z.array(z.object({ name: z.string(), rates: ratesSchema, share: rate }))
const limits = z.object({ tpm: rate, rpm: rate, maxConcurrent: rate })

export const tenantDetailSchema = z.object({
  at: z.number(),
  origin: tokenOriginSchema,
  id: z.string(),
  name: z.string(),
  state: z.enum(['active', 'blocked', 'closed', 'unlisted']),
  windowMs: z.number(),
  rates: ratesSchema,
  errorShare: z.object({ byRequests: rate, byTokens: rate }),
  share: rate,
  entitled: rate,
  excess: rate,
  limits,
  /** Tokens and requests of the last minute against the limits, 0–1. */
  limitUse: z.object({ tpm: rate, rpm: rate }),
  quotas: z.array(
    z.object({
      name: z.string(),
      limit: exactCount,
      used: exactCount,
      remaining: exactCount,
      usedShare: rate,
      resetsAt: z.number(),
      exhaustsAt: z.number().nullable(),
    }),
  ),
  noise: rate,
  noiseParts: z.array(
    z.object({
      part: z.enum(NOISE_PARTS),
      value: rate,
      weight: z.number(),
      /** "3.1 times the entitlement of 20,000 tok/s" */
      text: z.string(),
    }),
  ),
  /** At the gateway; null where the back end does not measure it per tenant. */
  latency: z.object({
    duration: quantilesSchema.nullable(),
    timeToFirstToken: quantilesSchema.nullable(),
    interToken: quantilesSchema.nullable(),
    note: z.string(),
  }),
  trend: z.object({
    times: z.array(z.number()),
    input: z.array(rate),
    output: z.array(rate),
    rejected: z.array(rate),
  }),
  models: breakdown,
  endpoints: breakdown,
  gpuTypes: breakdown,
})
export type TenantDetail = z.output<typeof tenantDetailSchema>

const split = z.object({
  input: exactCount,
  output: exactCount,
  cachedInput: exactCount,
  reasoning: exactCount,
})
const cost = z.object({ amount: z.string(), currency: z.string() }).nullable()

export const workflowRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  outcome: z.enum(WORKFLOW_OUTCOMES),
  steps: z.int(),
  retries: z.int(),
  toolFailures: z.int(),
  retrievalMisses: z.int(),
  tokens: split,
  total: exactCount,
  cost,
})
export type WorkflowRow = z.output<typeof workflowRowSchema>

export const workflowListSchema = z.object({
  origin: tokenOriginSchema,
  totals: z.object({
    started: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    running: z.int(),
    retries: z.int(),
    toolFailures: z.int(),
    tokens: split,
    total: exactCount,
    cost,
    /** Cost of all attempts ÷ successes; null without a success or a cost. */
    costPerSuccess: cost,
  }),
  workflows: z.array(workflowRowSchema),
  nextCursor: z.string().nullable(),
})
export type WorkflowList = z.output<typeof workflowListSchema>

const stepRow = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  kind: z.enum(STEP_KINDS),
  name: z.string(),
  model: z.string().nullable(),
  endpoint: z.string().nullable(),
  gpuType: z.string().nullable(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  outcome: z.enum(STEP_OUTCOMES),
  attempt: z.int(),
  tokens: split,
  /** Of the step itself. */
  own: exactCount,
  /** With everything under it. */
  total: exactCount,
  cost,
  depth: z.int(),
})
export type StepRow = z.output<typeof stepRow>

export const workflowDetailSchema = z.object({
  origin: tokenOriginSchema,
  workflow: workflowRowSchema,
  /** Parents before their children, siblings in the order of their start. */
  steps: z.array(stepRow),
  /** Tokens of the job against the sum of its steps: what the back end does not explain. */
  unexplained: exactCount,
  /** Loops, repeated retries, dead branches: the answer to "why so many", worst first. */
  remarks: z.array(z.object({ text: messageSchema, stepIds: z.array(z.string()), tokens: exactCount })),
  warnings: z.array(messageSchema),
})
export type WorkflowDetail = z.output<typeof workflowDetailSchema>

export const keyListSchema = z.object({
  origin: tokenOriginSchema,
  keys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: z.enum(['active', 'blocked', 'expired', 'unlisted']),
      createdAt: z.number().nullable(),
      lastUsedAt: z.number().nullable(),
      /** Tokens of the last hour; null where usage per key is not known. */
      lastHour: exactCount.nullable(),
    }),
  ),
  note: z.string(),
})
export type KeyList = z.output<typeof keyListSchema>

export const evidenceSchema = z.object({
  filename: z.string(),
  mediaType: z.enum(['text/csv', 'application/json']),
  text: z.string(),
  /** Against the statement of the billing system; null where there is none. */
  reconciles: z
    .object({
      equal: z.boolean(),
      /** False: a side is incomplete, or the usage is not known to the end of the period, so it may still change. */
      certain: z.boolean(),
      ours: z.string(),
      theirs: z.string(),
      difference: z.string(),
      currency: z.string(),
    })
    .nullable(),
  notes: z.array(z.string()),
})
export type Evidence = z.output<typeof evidenceSchema>

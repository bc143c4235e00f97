import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { limitsValueSchema } from '../metering/tenants.ts'
import { MODES } from '../metering/capabilities.ts'
import { THROTTLE_STATES } from '../metering/throttles.ts'
import { replaySchema, reliefSchema } from '../model/preview.ts'
import { OBSERVED_STATES, THROTTLE_VERDICTS } from '../model/throttleProof.ts'

/** As the Metering API bounds them. */
const identifier = z.string().min(1).max(256)
const names = z.array(identifier).max(100)
export const throttleScopeSchema = z.strictObject({ models: names, endpoints: names, keys: names })
export type ThrottleScope = z.output<typeof throttleScopeSchema>

/** Longest reason that a person writes, in UTF-16 units. */
export const MOST_REASON = 500
/** Control characters and halves of surrogate pairs have no place in a record that others read. */
export const reasonSchema = z
  .string()
  .trim()
  .min(1, 'expected a reason')
  .max(MOST_REASON)
  .refine((text) => text.isWellFormed() && !/[\p{Cc}]/u.test(text.replace(/[\t\n\r]/g, '')), {
    error: 'expected a text without control characters',
  })

/** Per minute. */
const rateSchema = z.object({
  tokens: z.number().nullable(),
  requests: z.number().nullable(),
})

const otherThrottleSchema = z.object({
  id: identifier,
  limits: limitsValueSchema,
  scope: throttleScopeSchema,
  /** ms, this engine's clock; as all instants of this file. */
  expiresAt: z.number(),
})

/** What a throttle would do, put together before anything is sent. */
export const throttlePreviewSchema = z.object({
  previewId: z.string().max(64),
  at: z.number(),
  /** It holds until then, if nothing changes before. */
  validUntil: z.number(),
  tenant: z.object({ id: identifier, name: z.string().max(4096) }),
  mode: z.enum(MODES),
  scope: throttleScopeSchema,
  limits: limitsValueSchema,
  minutes: z.int(),
  /** The longest that the back end takes, minutes. */
  mostMinutes: z.int(),
  base: limitsValueSchema,
  others: z.array(otherThrottleSchema).max(200),
  effectiveNow: limitsValueSchema,
  effectiveAfter: limitsValueSchema,
  /** In the scope now, over the last minutes; nulls where it is not known. */
  current: rateSchema,
  /** Expected once it is in force, as the back end says; null where it does not know. */
  cappedTokensPerMin: z.number().nullable(),
  /** Share of the current rate that goes, 0–100; null where it is not known. */
  cutPercent: z.number().nullable(),
  touched: z.object({ keys: names, models: names }),
  /** So deep a cut needs a second person; whether it may be laid without, with a reason that is recorded. */
  secondPerson: z.object({
    needed: z.boolean(),
    abovePercent: z.number().nullable(),
    breakGlass: z.boolean(),
  }),
  replay: replaySchema.nullable(),
  relief: reliefSchema.nullable(),
  /** What the throttle does not reach, and what the back end cannot do. */
  lacks: z.array(messageSchema).max(20),
})
export type ThrottlePreview = z.output<typeof throttlePreviewSchema>

/** Whether a preview may still be acted on; the reasons why not, none where it may. */
export const throttleFreshnessSchema = z.object({
  previewId: z.string().max(64),
  void: z.array(messageSchema).max(20),
})

const measuredRateSchema = z.object({
  tokens: z.number(),
  requests: z.number(),
  rejected: z.number().nullable(),
})

/** The three facts, each with its time. */
export const throttleFactsSchema = z.object({
  stored: z.object({ at: z.number() }),
  reported: z.object({
    inForce: z.int(),
    of: z.int(),
    /** When the last of those that have it in force reported; null while none has. */
    at: z.number().nullable(),
    gateways: z
      .array(
        z.object({
          gateway: z.string().max(256),
          inForce: z.boolean(),
          value: limitsValueSchema.nullable(),
          at: z.number(),
        }),
      )
      .max(200),
  }),
  observed: z.object({
    state: z.enum(OBSERVED_STATES),
    at: z.number().nullable(),
    rate: measuredRateSchema.nullable(),
    before: measuredRateSchema.nullable(),
  }),
})

export const throttleSummarySchema = z.object({
  id: identifier,
  tenant: z.object({ id: identifier, name: z.string().max(4096) }),
  mode: z.enum(MODES),
  scope: throttleScopeSchema,
  limits: limitsValueSchema,
  /** As the back end says it. */
  state: z.enum(THROTTLE_STATES),
  version: z.int(),
  verdict: z.enum(THROTTLE_VERDICTS),
  facts: throttleFactsSchema,
  /** What is the case, and what to do next, in one sentence each. */
  headline: messageSchema,
  nextStep: messageSchema.nullable(),
  reason: z.string().max(2000),
  incidentId: z.string().max(256).nullable(),
  /** Who laid it; `ours` where it was decided at this engine. */
  by: z.object({ name: z.string().max(256), ours: z.boolean() }),
  createdAt: z.number(),
  expiresAt: z.number(),
  endedAt: z.number().nullable(),
  /** A change of it that is under way, or whose outcome is not known yet. */
  pending: messageSchema.nullable(),
})
export type ThrottleSummary = z.output<typeof throttleSummarySchema>

/** A decided change that has no throttle to be shown with: its outcome is not known, or it came to nothing. */
export const throttleIntentSchema = z.object({
  id: z.string().max(64),
  act: z.enum(['create', 'extend', 'tighten', 'release']),
  tenant: z.object({ id: identifier, name: z.string().max(4096) }),
  throttleId: identifier.nullable(),
  at: z.number(),
  by: z.string().max(256),
  /** Neither done nor given up. */
  open: z.boolean(),
  text: messageSchema,
})
export type ThrottleIntent = z.output<typeof throttleIntentSchema>

export const throttlesSchema = z.object({
  at: z.number(),
  /** Why no throttle can be laid here; null where one can. */
  lacks: messageSchema.nullable(),
  /** Why what stands here may be old; null where it is not. */
  trouble: messageSchema.nullable(),
  active: z.array(throttleSummarySchema).max(200),
  /** Those that ended in the last day, newest first. */
  past: z.array(throttleSummarySchema).max(100),
  intents: z.array(throttleIntentSchema).max(50),
})
export type Throttles = z.output<typeof throttlesSchema>

/** One throttle with what it was expected to do and what it does. */
export const throttleDetailSchema = z.object({
  at: z.number(),
  throttle: throttleSummarySchema,
  series: z.object({
    /** Starts of the steps, ms. */
    times: z.array(z.number()).max(4000),
    stepMs: z.number(),
    tokensPerMin: z.array(z.number()).max(4000),
    rejectedPerMin: z.array(z.number().nullable()).max(4000),
  }),
  /** What the preview had said; null for throttles of others. */
  prediction: z
    .object({
      tokensPerMin: z.object({ low: z.number(), mid: z.number(), high: z.number() }).nullable(),
      rejectedRequestsPerMin: z.object({ low: z.number(), mid: z.number(), high: z.number() }).nullable(),
      burn: z.object({ low: z.number(), mid: z.number(), high: z.number() }).nullable(),
    })
    .nullable(),
  /** The objective that burned when it was decided: its bad ratio over the last five minutes. */
  recovery: z
    .object({
      objective: z.string().max(256),
      bad: z.number(),
      total: z.number(),
      /** Of requests that may be bad, 0–1. */
      allowed: z.number(),
      /** How fast the long windows of its alerts burn, which follow more slowly. */
      windows: z.array(z.object({ longMs: z.number(), burn: z.number() })).max(20),
    })
    .nullable(),
})
export type ThrottleDetail = z.output<typeof throttleDetailSchema>

/** What became of a command: sent and stored, or its outcome is not known yet. */
export const throttleOutcomeSchema = z.object({
  intentId: z.string().max(64),
  outcome: z.enum(['stored', 'unknown']),
  throttleId: identifier.nullable(),
  text: messageSchema,
})
export type ThrottleOutcome = z.output<typeof throttleOutcomeSchema>

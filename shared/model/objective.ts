import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'

/** What an objective counts: requests in time, requests that succeeded, tokens that were not lost, or a pair of PromQL. */
export const OBJECTIVE_KINDS = ['latency', 'availability', 'errorTokens', 'ratio'] as const
export type ObjectiveKind = (typeof OBJECTIVE_KINDS)[number]

export const OBJECTIVE_SOURCES = ['metering', 'servers', 'promql'] as const
export type ObjectiveSource = (typeof OBJECTIVE_SOURCES)[number]

export const ALERT_SEVERITIES = ['page', 'ticket'] as const
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number]

/** An alert of an objective: both windows have to burn faster than the factor. */
export const burnPairSchema = z.object({
  longMs: z.number(),
  shortMs: z.number(),
  factor: z.number(),
  severity: z.enum(ALERT_SEVERITIES),
})
export type Pair = z.output<typeof burnPairSchema>

/** Which requests it is of; all of them where a name is left out. A tenant's name is not for walls. */
export const objectiveScopeSchema = z.object({
  model: z.string().optional(),
  endpoint: z.string().optional(),
  tenant: z.string().optional(),
})
export type ObjectiveScope = z.output<typeof objectiveScopeSchema>

/** "At least 95 % of chat requests start within 500 ms." */
export const objectiveSchema = z.object({
  /** Stable: minutes are kept under it. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(OBJECTIVE_KINDS),
  /** Of `latency` alone. */
  latency: z
    .object({ kind: z.enum(['timeToFirstToken', 'interToken', 'duration']), thresholdMs: z.number() })
    .optional(),
  /** Share of good events that is owed, 0–1. */
  target: z.number(),
  scope: objectiveScopeSchema,
  source: z.enum(OBJECTIVE_SOURCES),
  /** The period of the budget. */
  windowDays: z.number(),
  pairs: z.array(burnPairSchema),
  /** An alert needs at least so many bad events in its long window. */
  minBad: z.number(),
})
export type Objective = z.output<typeof objectiveSchema>

/**
 * A minute of an objective. `idle`: the source was asked and nothing happened. `unmeasured`: it is not known, which is
 * neither good nor bad.
 */
export const minuteBucketSchema = z.object({
  /** Start of the minute, wall clock, ms. */
  at: z.number(),
  good: z.number(),
  /** By the bucket that is used. */
  bad: z.number(),
  /** By the next bucket above the threshold: the truth lies between the two. Equal where the threshold is a bucket. */
  badLeast: z.number(),
  total: z.number(),
  /** Of the sources that ought to have measured it, how many did, 0–1. */
  known: z.number(),
  measured: z.enum(['measured', 'idle', 'unmeasured']),
})
export type MinuteBucket = z.output<typeof minuteBucketSchema>

/** Events of a window, and how fast it burns. */
export const burnSchema = z.object({
  /** Bad ratio ÷ (1 − target); null where nothing happened in the window, or too little of it is known. */
  burn: z.number().nullable(),
  good: z.number(),
  bad: z.number(),
  badLeast: z.number(),
  total: z.number(),
  /** Of the minutes of the window since the objective is watched, those that are known, 0–1. */
  coverage: z.number(),
})
export type Burn = z.output<typeof burnSchema>

export const BURN_STATES = ['ok', 'pending', 'page', 'ticket', 'resolved', 'unknown', 'idle'] as const
export type BurnStateName = (typeof BURN_STATES)[number]

/** How an objective stands. Tile, matrix and chart are made of this one computation. */
export const burnStateSchema = z.object({
  objectiveId: z.string(),
  /** When it was judged, wall clock, ms. */
  at: z.number(),
  /** All windows end here: the end of what the source has told. Null before it has told anything. */
  asOf: z.number().nullable(),
  /** The first minute that is known; windows do not reach back further. */
  knownFrom: z.number().nullable(),
  /** The last 5 minutes; null where they are not known. A `total` of 0 is no traffic. */
  sli: z.object({ good: z.number(), bad: z.number(), badLeast: z.number(), total: z.number() }).nullable(),
  pairs: z.array(
    burnPairSchema.extend({
      long: burnSchema.nullable(),
      short: burnSchema.nullable(),
      /** Both windows burn faster than the factor, with enough bad events. */
      firing: z.boolean(),
    }),
  ),
  /** Of the budget of the whole period, 1 is untouched, below 0 it is overdrawn. Bounds: unmeasured as all bad … all good. */
  budget: z
    .object({
      left: z.number(),
      leftWorst: z.number(),
      leftBest: z.number(),
      good: z.number(),
      bad: z.number(),
      total: z.number(),
    })
    .nullable(),
  /** Until the budget is gone at the present rate, ms; null where it is not being spent or not known; 0 where it is gone. */
  exhaustionMs: z.number().nullable(),
  /** Of the period, since the objective is watched, 0–1. */
  coverage: z.number(),
  state: z.enum(BURN_STATES),
  /** Since when it is in this state, wall clock, ms. */
  since: z.number(),
  /** Coverage was lost at this time: `state` is the last judgement, and neither resolves nor escalates. */
  frozenSince: z.number().nullable(),
  /** Latencies: the upper bound of the bucket that is used, s, and of the next one above the threshold, null for none. */
  bucket: z.object({ used: z.number(), next: z.number().nullable() }).optional(),
  /** In words: how it stands, how long the budget lasts, what is not known. */
  why: z.array(messageSchema).max(20),
})
export type BurnState = z.output<typeof burnStateSchema>

/** Minutes of an objective by who asked; what the source does not distinguish is left out of `dims`. */
export interface TenantMinutes {
  readonly dims: { readonly tenant?: string; readonly model?: string; readonly endpoint?: string }
  readonly minutes: readonly MinuteBucket[]
}

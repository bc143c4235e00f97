import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'

/**
 * Why an objective burns: `tenants`: their excess explains it · `serversSlow`, `capacityLost`: the same load meets less ·
 * `everyoneGrew`, `entitledGrowth`: the load grew, and no tenant's excess explains it · `over`: what caused it has ended ·
 * `unclear`: none of these · `unknown`: too little is measured · `quiet`: it does not burn.
 */
export const CAUSE_VERDICTS = [
  'tenants',
  'serversSlow',
  'capacityLost',
  'everyoneGrew',
  'entitledGrowth',
  'over',
  'unclear',
  'unknown',
  'quiet',
] as const
export type CauseVerdict = (typeof CAUSE_VERDICTS)[number]

const names = z.array(z.string().max(4096)).max(100)
/** A tenant, narrowed by names; an empty list narrows nothing. */
const scope = { tenant: z.string().max(4096), models: names, endpoints: names, keys: names }

/** One that suffers: its share of all bad events since the onset. */
export const sufferSchema = z.object({
  tenant: z.string().max(4096),
  bad: z.number(),
  total: z.number(),
  /** Of all bad events, 0–1. */
  share: z.number(),
})
export type Suffers = z.output<typeof sufferSchema>

/** One that causes: its load on the servers concerned beyond its entitlement and beyond its own usual load. */
export const causeSchema = z.object({
  ...scope,
  /** Tokens per minute on these servers since the onset, and as usual. */
  tokensNow: z.number(),
  tokensUsual: z.number(),
  /** Beyond both, tokens per minute. */
  excess: z.number(),
  /** Of the excess of all tenants, weighed by the work that tokens make, 0–1. */
  share: z.number(),
  /** Tokens per minute on all servers that it bought; null where none are agreed. */
  entitled: z.number().nullable(),
  /** When its load began to rise, ms; null where it cannot be told. */
  onset: z.number().nullable(),
  /** Null: it counts as a cause. Else why not. */
  cleared: messageSchema.nullable(),
})
export type Cause = z.output<typeof causeSchema>

export const proposalPartSchema = z.object({
  ...scope,
  tokensPerMin: z.number(),
  /** Its load without the excess. */
  capTokensPerMin: z.number(),
})
export const proposalSchema = z.object({
  /** Of the excess that these explain, 0–1. */
  share: z.number(),
  parts: z.array(proposalPartSchema).min(1).max(3),
})
export type Proposal = z.output<typeof proposalSchema>

export const causeFoundSchema = z.object({
  objectiveId: z.string(),
  /** End of the newest minute that was looked at, ms. */
  at: z.number(),
  verdict: z.enum(CAUSE_VERDICTS),
  /** When the burn began, ms; null where it does not burn, or that cannot be told. */
  onset: z.number().nullable(),
  /** Most bad events first. Null where it is not known who suffers. */
  suffers: z.array(sufferSchema).max(20).nullable(),
  /** Largest excess first; with those that one would suspect and that are cleared. */
  causes: z.array(causeSchema).max(20),
  proposal: proposalSchema.nullable(),
  /** The finding in one sentence. */
  headline: messageSchema,
  /** What speaks for it, figure by figure. */
  why: z.array(messageSchema).max(20),
})
export type CauseFound = z.output<typeof causeFoundSchema>

import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'

/** How a link of the chain is broken; see main/core/audit/check.ts. */
export const BREAK_KINDS = [
  'unreadable',
  'changed',
  'unlinked',
  'missing',
  'reordered',
  'truncated',
  'otherHead',
] as const

const json = z.json()

/** One entry as the audit view shows it. */
export const auditRowSchema = z.object({
  seq: z.int(),
  at: z.number(),
  /** Name and role of that moment, or the part of Floorwatch that did it. */
  who: z.string(),
  role: z.string().nullable(),
  origin: z.string(),
  action: z.string(),
  target: z.string(),
  before: json.nullable(),
  after: json.nullable(),
  reason: z.string().nullable(),
  intentId: z.string().nullable(),
  incidentId: z.string().nullable(),
  hash: z.string(),
  /** Null: it is in order, and so is its link to the one before it. */
  broken: z.enum(BREAK_KINDS).nullable(),
})
export type AuditRowShown = z.infer<typeof auditRowSchema>

export const auditFilterSchema = z.strictObject({
  /** In any part of an entry; '' for all. */
  text: z.string().max(200).default(''),
  /** The beginning of an action: `throttle`, `access.signIn`. */
  action: z.string().max(100).default(''),
})

export const auditPageSchema = z.object({
  /** Newest first. */
  rows: z.array(auditRowSchema),
  /** The page goes on before this one; null at the beginning of the chain. */
  nextBefore: z.int().nullable(),
  head: z.object({ seq: z.int(), hash: z.string(), at: z.number() }).nullable(),
  /** Why there is nothing to show. */
  why: messageSchema.nullable(),
})
export type AuditPage = z.infer<typeof auditPageSchema>

export const auditVerdictSchema = z.object({
  /** Entries that are in order. */
  entries: z.int(),
  head: z.object({ seq: z.int(), hash: z.string(), at: z.number() }).nullable(),
  broken: z.object({ seq: z.int(), kind: z.enum(BREAK_KINDS) }).nullable(),
  tookMs: z.number(),
})
export type AuditVerdict = z.infer<typeof auditVerdictSchema>

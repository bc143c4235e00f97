import { z } from 'zod'
import { asOf, identifier, instant, pageQuery } from './values.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal digits')

export const auditQuerySchema = z.strictObject({
  afterSeq: z.coerce.number().int().min(0).default(0),
  limit: pageQuery.limit,
})
export const auditEntrySchema = z
  .object({
    seq: z.int().min(1),
    ts: instant,
    actor: identifier,
    action: identifier,
    target: identifier,
    before: z.json().nullable(),
    after: z.json().nullable(),
    requestId: identifier,
    prevHash: sha256,
    hash: sha256.meta({
      description: 'SHA-256 of the entry without `hash` as canonical JSON (RFC 8785), prevHash included.',
    }),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof auditEntrySchema>
export const auditSchema = z.object({ ...asOf, entries: z.array(auditEntrySchema) }).meta({ id: 'Audit' })
export const checkpointSchema = z
  .object({
    seq: z.int().min(0),
    hash: sha256,
    at: instant,
    algorithm: z.literal('Ed25519'),
    publicKey: z.string().max(256).meta({ description: 'SPKI, base64.' }),
    signature: z.string().max(256).meta({ description: 'Of the text "seq:hash", base64.' }),
  })
  .meta({ id: 'AuditCheckpoint' })

/** `data` of a server-sent event; the SSE `id` is what Last-Event-ID resumes after. */
export const EVENT_TYPES = [
  'usage.advanced',
  'throttle.changed',
  'limits.changed',
  'quota.exhausted',
  'usage.corrected',
] as const
export const meteringEventSchema = z
  .object({
    type: z.enum(EVENT_TYPES),
    at: instant,
    subject: identifier.meta({ description: 'Tenant, throttle or "usage".' }),
    from: instant.optional().meta({ description: 'usage.corrected: usage from here has changed.' }),
  })
  .meta({ id: 'Event' })
export type MeteringEvent = z.output<typeof meteringEventSchema>

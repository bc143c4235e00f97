import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'

/**
 * `ok` answers · `slow` answers late or partially · `failing` the last attempt failed · `backoff` waiting longer after
 * several failures · `standby` healthy or unknown but not asked now, because the other way feeds the floor ·
 * `unknown` never asked yet.
 */
export const SOURCE_STATES = ['ok', 'slow', 'failing', 'backoff', 'standby', 'unknown'] as const
export type SourceState = (typeof SOURCE_STATES)[number]

export const sourceErrorSchema = z.object({
  /** Stable for tests and counting: `refused`, `timeout`, `tls`, `dns`, `http-503`, `too-large`, `parse`, … */
  code: z.string(),
  /** In plain words, naming source, place and expectation; never a secret. */
  text: z.string(),
  nextStep: z.string(),
})
export type SourceError = z.infer<typeof sourceErrorSchema>

/**
 * What a source's own answers say against one another or against a second figure at hand, what of them was refused, or
 * what cannot be known from them. A doubt is a finding of the floor as long as it lasts: it takes the OK away.
 */
export const sourceDoubtSchema = z.object({
  /** Stable while it lasts, unique within its source: `quarantine`, `hostnames`, `standing-gauges`, … */
  code: z.string(),
  severity: z.enum(['advisory', 'critical']),
  /** "Six exporters call their host localhost" */
  what: messageSchema,
  /** The figures against one another: "99 % busy at 0 % SM activity"; null where nothing is measured. */
  by: messageSchema.nullable(),
  nextStep: messageSchema,
})
export type SourceDoubt = z.infer<typeof sourceDoubtSchema>

export const sourceHealthSchema = z.object({
  id: z.string(),
  kind: z.enum(['prometheus', 'exporter', 'discovery', 'metering', 'inference', 'store']),
  name: z.string(),
  /** Address without credentials. */
  address: z.string(),
  state: z.enum(SOURCE_STATES),
  feeding: z.boolean(),
  lastAttemptAt: z.number().nullable(),
  lastSuccessAt: z.number().nullable(),
  /** Request start to last byte of the last success, ms. */
  latencyMs: z.number().nullable(),
  samples: z.int().nullable(),
  bytes: z.int().nullable(),
  consecutiveFailures: z.int(),
  error: sourceErrorSchema.nullable(),
  /** Partial answers and server warnings of the last success, in plain words. */
  warnings: z.array(z.string()),
  doubts: z.array(sourceDoubtSchema),
  /** Learnt pause between two samples of this source, ms; null before two were seen, or where it has none of its own. */
  cadenceMs: z.number().nullable(),
  nextAttemptAt: z.number().nullable(),
})
export type SourceHealth = z.infer<typeof sourceHealthSchema>

/** Which of the two ways feeds the floor, and why. */
export const feedSchema = z.object({
  path: z.enum(['prometheus', 'direct', 'none']),
  since: z.number(),
  /** "Prometheus has not answered for 12 s (connection refused); scraping 128 exporters directly." */
  reason: z.string(),
  /** Both ways are configured, so that one can take over from the other. */
  fallback: z.boolean(),
})
export type Feed = z.infer<typeof feedSchema>

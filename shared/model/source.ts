import { z } from 'zod'

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

export const sourceHealthSchema = z.object({
  id: z.string(),
  kind: z.enum(['prometheus', 'exporter', 'discovery', 'metering', 'inference']),
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

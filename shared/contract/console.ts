import { z } from 'zod'
import { FIELD_IDS } from '../model/field.ts'
import { SEVERITIES } from '../model/figure.ts'
import { feedSchema, SOURCE_STATES } from '../model/source.ts'
import { ROLES } from './define.ts'
import { DRIFT_STATES } from './tokens.ts'
import { messageSchema } from '../messages/schema.ts'

/** The configuration file was edited since it was loaded. */
const configChangeSchema = z.object({
  /** When that was noticed, ms. */
  at: z.number(),
  /** Names this very text: `config.apply` applies what was shown, or nothing. */
  digest: z.string(),
  /** Why it would be refused, with their lines; empty where it can be applied. */
  problems: z.array(
    z.object({ line: z.int(), column: z.int(), key: z.string(), text: z.string(), nextStep: z.string() }),
  ),
  /** Problems beyond those listed. */
  more: z.int(),
  /** Secrets that it sends where they do not go now: "the environment variable A to https://b". */
  newRoutes: z.array(z.string()),
})
export type ConfigChange = z.infer<typeof configChangeSchema>

const limitsSchema = z.object({ advisory: z.number(), critical: z.number() })

/** What the status bar needs, on every screen. */
export const consoleStatusSchema = z.object({
  /** Engine wall clock, ms. */
  at: z.number(),
  mode: z.enum(['setup', 'demo', 'site']),
  role: z.enum(ROLES),
  site: z.object({ name: z.string(), timezone: z.string() }),
  version: z.string(),
  engineStartedAt: z.number(),
  feed: feedSchema,
  /** Why what feeds the floor tells a part of it only, so that counts and sums are not whole; null while they are. */
  partial: messageSchema.nullable(),
  rollCall: z.object({
    /** Null without an inventory. */
    expected: z.int().nullable(),
    present: z.int(),
    missing: z.int(),
    unexpected: z.int(),
  }),
  abnormal: z.object({ critical: z.int(), advisory: z.int() }),
  /** Sum over boards with an ok figure, W, and over how many boards of all. */
  power: z.object({ watts: z.number().nullable(), boards: z.int(), of: z.int() }),
  /** Input and output tokens per second of the whole factory; null where no metering is configured. */
  tokens: z
    .object({
      perSecond: z.number().nullable(),
      at: z.number().nullable(),
      origin: z.enum(['ok', 'lagging', 'partial', 'failing', 'waiting']),
      /** Served against metered, the worst of the total and of every model; `unknown` is never good. */
      drift: z.object({
        state: z.enum(DRIFT_STATES),
        severity: z.enum(SEVERITIES),
        /** What drifts or is not known, and why, in plain words. */
        text: z.string(),
      }),
    })
    .nullable(),
  sources: z.record(z.enum(SOURCE_STATES), z.int()),
  /** Of the newest sample that was accepted, ms; null before the first. */
  newestSampleAt: z.number().nullable(),
  /** Once the newest sample is older than this, ms, it says nothing of now; follows the learnt cadence of what feeds the floor. */
  tooOldMs: z.number(),
  configPath: z.string().nullable(),
  /** Whether this screen may use the setup: without a site, or while whoever runs the engine has unlocked it (until, ms). */
  setup: z.object({ open: z.boolean(), until: z.number().nullable() }),
  /** Configured limits in the exporter's unit, which stand in the place of the model's; critical below advisory: too low. */
  thresholds: z.partialRecord(z.enum(FIELD_IDS), limitsSchema),
  /** Null where the file says what is in use, and on walls. */
  configChange: configChangeSchema.nullable(),
})
export type ConsoleStatus = z.infer<typeof consoleStatusSchema>

/** A secret is never sent by a screen: it names where the engine finds it. */
export const secretReferenceSchema = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
  z.strictObject({ file: z.string().min(1) }),
])
export type SecretReference = z.infer<typeof secretReferenceSchema>

export const probeSchema = z.strictObject({
  kind: z.enum(['prometheus', 'exporter']),
  url: z.url({ protocol: /^https?$/ }),
  bearer: secretReferenceSchema.optional(),
  caFile: z.string().optional(),
})

export const verdictSchema = z.object({
  ok: z.boolean(),
  /** "Prometheus 2.42.0 answers in 12 ms; 1,024 GPUs on 128 hosts." */
  title: z.string(),
  details: z.array(z.string()),
  nextStep: z.string(),
})
export type Verdict = z.infer<typeof verdictSchema>

export const setupDraftSchema = z.strictObject({
  site: z.strictObject({ name: z.string().min(1).max(80), timezone: z.string().min(1) }),
  prometheus: probeSchema.omit({ kind: true }).nullable(),
  exporters: z.array(z.string().min(1)).max(10_000),
})
export type SetupDraft = z.infer<typeof setupDraftSchema>

import { z } from 'zod'
import { tokens } from '../../../../shared/metering/values.ts'
import { cutName, MOST_NAME, named, publicKey } from './names.ts'

/**
 * What a LiteLLM proxy answers, as far as it is used here; all other fields (spend logs may hold prompts) are dropped.
 * Money is a binary fraction there and is taken over by its decimal text alone (prices.ts).
 */

const text = z.string().transform(cutName)
const maybeText = text.nullish().transform((value) => value ?? '')
const counter = tokens
const page = z.int().min(0)

/** Without a word on the database it has none; the version is hidden by some installations. */
export const readinessSchema = z.object({
  status: text.nullish(),
  db: text.nullish(),
  litellm_version: maybeText,
})
export type Readiness = z.output<typeof readinessSchema>

/** `prompt_tokens` include those read from a cache. Old versions leave out what is optional here. */
export const dailyMetricsSchema = z.object({
  prompt_tokens: counter,
  completion_tokens: counter,
  cache_read_input_tokens: counter.optional(),
  api_requests: counter.optional(),
  failed_requests: counter.optional(),
})
export type DailyMetrics = z.output<typeof dailyMetricsSchema>

const byKey = z.record(z.string(), z.object({ metrics: dailyMetricsSchema })).default({})
const breakdown = z.record(z.string(), z.object({ metrics: dailyMetricsSchema, api_key_breakdown: byKey }))
export const dailySchema = z.object({
  results: z
    .array(
      z.object({
        date: z.iso.date('expected a day such as 2026-11-23'),
        metrics: dailyMetricsSchema,
        breakdown: z
          .object({
            /** By the name that customers ask for; `models` is by the deployment's own. Missing before 1.72. */
            model_groups: breakdown.optional(),
            models: breakdown.default({}),
            entities: breakdown.default({}),
            api_keys: byKey,
          })
          .prefault({}),
      }),
    )
    .max(100_000),
  metadata: z.object({
    page: page.default(1),
    total_pages: page,
    /** Of the rows of this answer. Versions that do not tell it say 0. */
    total_prompt_tokens: counter.nullish().catch(null),
    total_completion_tokens: counter.nullish().catch(null),
    /** The newest versions name the most used keys only. */
    api_key_limit: z.int().nullish().catch(null),
    total_api_keys: z.int().nullish().catch(null),
  }),
})
export type Daily = z.output<typeof dailySchema>
export type Day = Daily['results'][number]

const errorInformation = z.object({ error_code: z.union([text, z.number().transform(String)]).nullish() })
const usageObject = z.object({
  prompt_tokens_details: z.object({ cached_tokens: counter.nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: counter.nullish() }).nullish(),
  cache_read_input_tokens: counter.nullish(),
})
const logMetadata = z.object({
  /** Older versions say it here alone. */
  status: text.nullish().catch(null),
  error_information: errorInformation.nullish().catch(null),
  usage_object: usageObject.nullish().catch(null),
})

/** Times come with and without a zone, and mean UTC either way. */
export const logTime = z
  .string()
  .max(40)
  .transform((value, context) => {
    const zoned = /(?:z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : `${value}Z`
    const ms = Date.parse(zoned.replace(' ', 'T'))
    if (Number.isFinite(ms)) return ms
    context.issues.push({ code: 'custom', message: 'expected an instant', input: value })
    return z.NEVER
  })

export const logSchema = z.object({
  request_id: text,
  startTime: logTime,
  endTime: logTime,
  team_id: maybeText.transform(named),
  model_group: maybeText.transform(named),
  model: maybeText.transform(named),
  api_key: z
    .string()
    .nullish()
    .transform((value) => publicKey(value ?? '')),
  prompt_tokens: counter,
  completion_tokens: counter,
  /** Whether it was charged for at all; the amount is a binary fraction and is not read. */
  spend: z
    .number()
    .nullish()
    .catch(null)
    .transform((value) => (value ?? 0) > 0),
  status: text.nullish(),
  /** An object, or JSON in a string, by version. */
  metadata: z
    .preprocess((value) => (typeof value === 'string' ? parsed(value) : value), logMetadata.nullish())
    .catch(null),
})
export type SpendLog = z.output<typeof logSchema>
export const logsSchema = z.object({
  data: z.array(logSchema).max(1000),
  total: z.int().min(0),
  total_pages: page,
})
export type SpendLogs = z.output<typeof logsSchema>

const limit = z
  .union([z.number().min(0), z.bigint()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : Math.floor(Number(value))))

export const teamSchema = z.object({
  team_id: z.string().min(1).max(MOST_NAME),
  team_alias: maybeText,
  tpm_limit: limit,
  rpm_limit: limit,
  max_parallel_requests: limit,
  blocked: z.boolean().nullish(),
})
export type Team = z.output<typeof teamSchema>
export const teamsPageSchema = z.object({ teams: z.array(teamSchema).max(1000), total_pages: page })
export const teamsListSchema = z.array(teamSchema)

export const keySchema = z.object({
  /** SHA-256 of the key, which is public. */
  token: z.string().min(1).max(MOST_NAME),
  key_alias: maybeText,
  key_name: maybeText,
  blocked: z.boolean().nullish(),
  expires: logTime.nullish().catch(null),
  created_at: logTime.nullish().catch(null),
  last_active: logTime.nullish().catch(null),
})
export const keysSchema = z.object({
  keys: z.array(z.union([keySchema, z.string().min(1).max(MOST_NAME)])).max(1000),
  total_pages: page.nullish().transform((value) => value ?? 1),
})
export type KeysPage = z.output<typeof keysSchema>

const perToken = z.number().min(0).nullish().catch(null)
export const modelsSchema = z.object({
  data: z
    .array(
      z.object({
        model_name: z.string().min(1).max(MOST_NAME),
        model_info: z
          .object({
            input_cost_per_token: perToken,
            output_cost_per_token: perToken,
            cache_read_input_token_cost: perToken,
            updated_at: logTime.nullish().catch(null),
          })
          .nullish(),
      }),
    )
    .max(20_000),
})
export type Models = z.output<typeof modelsSchema>

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}

import { z } from 'zod'
import { DIMENSIONS, type Dimension } from '../metering/capabilities.ts'

export { DIMENSIONS, type Dimension }

/** What is counted of usage. `cachedInput` is part of `input`, `reasoning` of `output`: they are never added. */
export const MEASURES = [
  'input',
  'output',
  'cachedInput',
  'reasoning',
  'requests',
  'rejected',
  'errors',
  'errorTokens',
] as const
export type Measure = (typeof MEASURES)[number]
export const TOKEN_MEASURES = ['input', 'output', 'cachedInput', 'reasoning', 'errorTokens'] as const

/** What a chart or ranking can be drawn of: the measures, and `tokens` = input + output. */
export const CHARTED = ['tokens', ...MEASURES] as const
export type Charted = (typeof CHARTED)[number]

export const DIMENSION_TITLES: Readonly<Record<Dimension, { one: string; many: string }>> = {
  gpuType: { one: 'GPU type', many: 'GPU types' },
  model: { one: 'Model', many: 'Models' },
  endpoint: { one: 'Endpoint', many: 'Endpoints' },
  tenant: { one: 'Tenant', many: 'Tenants' },
}

/** As long as a label of an exporter may be. */
const names = z.array(z.string().max(4096)).min(1).max(100)
/** Narrows a question to named tenants, models, endpoints or GPU types; several names of one dimension are alternatives. */
export const filtersSchema = z.strictObject({
  tenant: names.optional(),
  model: names.optional(),
  endpoint: names.optional(),
  gpuType: names.optional(),
})
export type TokenFilters = z.output<typeof filtersSchema>

/** An exact number of tokens or requests in a string of digits: a JSON number would lose digits beyond 2^53. */
export const exactCount = z.string().regex(/^-?\d+$/)

/** Exact totals of one group; null where the back end does not count the measure. */
export const totalsSchema = z.object({
  input: exactCount.nullable(),
  output: exactCount.nullable(),
  cachedInput: exactCount.nullable(),
  reasoning: exactCount.nullable(),
  requests: exactCount.nullable(),
  rejected: exactCount.nullable(),
  errors: exactCount.nullable(),
  errorTokens: exactCount.nullable(),
})
export type Totals = z.output<typeof totalsSchema>

/** Rates per second of one group; null where it is unknown or not counted. */
export const ratesSchema = z.object({
  input: z.number().nullable(),
  output: z.number().nullable(),
  cachedInput: z.number().nullable(),
  reasoning: z.number().nullable(),
  requests: z.number().nullable(),
  rejected: z.number().nullable(),
  errors: z.number().nullable(),
  errorTokens: z.number().nullable(),
})
export type Rates = z.output<typeof ratesSchema>

/** The quantiles that are shown everywhere, seconds; null where nothing was measured or the answer lies beyond the last bound. */
export const quantilesSchema = z.object({
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  /** Observations in the window. */
  count: z.number(),
  /** Quantiles above the last finite bound: "over 60 s". */
  beyond: z.number().nullable(),
})
export type Quantiles = z.output<typeof quantilesSchema>

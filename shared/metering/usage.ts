import { z } from 'zod'
import { BUCKETS, GROUPS, LATENCY_KINDS } from './capabilities.ts'
import { asOf, count, identifier, instant, tokens } from './values.ts'

/** `tenant,model` in a query: the names of groups hold no comma. Filters repeat their parameter, for names may. */
const groupList = z
  .string()
  .max(100)
  .transform((text) => text.split(',').filter(Boolean))
  .pipe(z.array(z.enum(GROUPS)).max(GROUPS.length))
  .meta({
    description: 'Names separated by commas: tenant,model,endpoint,gpuType; key with one tenant only.',
  })

const values = z
  .union([identifier.transform((one) => [one]), z.array(identifier).max(100)])
  .meta({ description: 'Only these; repeat the parameter for several.' })

export const filterQuery = {
  tenant: values.optional(),
  model: values.optional(),
  endpoint: values.optional(),
  gpuType: values.optional(),
}

export const usageQuerySchema = z.strictObject({
  from: instant,
  to: instant,
  step: z.coerce.number().int().min(1).optional().meta({
    description:
      'Seconds per point, a multiple of minStepSeconds; points start at multiples of it since 1970.',
  }),
  bucket: z.enum(BUCKETS).optional().meta({
    description: 'Calendar buckets in `timezone` instead of a step: a day may have 23 or 25 hours.',
  }),
  timezone: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'IANA zone of the calendar buckets; UTC by default.' }),
  groupBy: groupList.optional(),
  top: z.coerce.number().int().min(1).max(1000).optional().meta({
    description: 'Only the series with the most tokens in the range; all others are summed in `rest`.',
  }),
  ...filterQuery,
})
export type UsageQuery = z.input<typeof usageQuerySchema>

export const usagePointSchema = z
  .object({
    t: instant.meta({ description: 'Start of the step.' }),
    input: tokens.meta({ description: 'Includes cachedInput.' }),
    output: tokens.meta({ description: 'Includes reasoning.' }),
    cachedInput: tokens.meta({ description: 'The part of input that came from a cache; never added to it.' }),
    reasoning: tokens.meta({ description: 'The part of output that was reasoning; never added to it.' }),
    requests: count.meta({ description: 'Admitted requests that ended in the step, failed ones included.' }),
    rejected: count.meta({ description: 'Requests refused by a limit or quota; not part of requests.' }),
    errors: count.meta({ description: 'Requests that failed; part of requests.' }),
    errorTokens: tokens.optional().meta({
      description: 'Input and output tokens spent on failed requests; part of input and output.',
    }),
  })
  .meta({ id: 'UsagePoint' })
export type UsagePoint = z.output<typeof usagePointSchema>

export const dimsSchema = z.object({
  tenant: identifier.optional(),
  model: identifier.optional(),
  endpoint: identifier.optional(),
  gpuType: identifier.optional(),
  key: identifier.optional(),
})

export const usageSeriesSchema = z
  .object({ dims: dimsSchema, points: z.array(usagePointSchema) })
  .meta({ id: 'UsageSeries' })

export const usageSchema = z
  .object({
    ...asOf,
    from: instant,
    to: instant,
    step: z.int().min(1).nullable().meta({ description: 'Seconds; null for calendar buckets.' }),
    series: z.array(usageSeriesSchema).meta({ description: 'Steps without any usage may be left out.' }),
    rest: z.array(usagePointSchema).optional().meta({ description: 'All series beyond `top`, summed.' }),
  })
  .meta({ id: 'Usage' })
export type Usage = z.output<typeof usageSchema>

export const latencyQuerySchema = z.strictObject({
  from: instant,
  to: instant,
  kind: z.enum(LATENCY_KINDS).meta({ description: 'As measured at the gateway, seconds.' }),
  step: z.coerce.number().int().min(1).optional().meta({
    description:
      'Seconds per histogram, a multiple of minStepSeconds; they start at multiples of it since 1970. One histogram of the whole range where it is left out.',
  }),
  groupBy: groupList.optional(),
  ...filterQuery,
})

export const latencySchema = z
  .object({
    ...asOf,
    kind: z.enum(LATENCY_KINDS),
    bounds: z.array(z.number().positive()).max(500).meta({
      description: 'Upper bounds of the buckets, seconds, ascending; a last bucket without a bound follows.',
    }),
    step: z.int().min(1).nullable().meta({ description: 'Seconds; null for one histogram of the range.' }),
    series: z
      .array(
        z.object({
          dims: dimsSchema,
          points: z.array(
            z.object({
              t: instant.meta({ description: 'Start of the step, or of the range.' }),
              counts: z.array(count).max(501).meta({ description: 'Requests per bucket, not cumulative.' }),
            }),
          ),
        }),
      )
      .meta({ description: 'Steps without any request are left out.' }),
  })
  .meta({ id: 'Latency', description: 'Histograms, because percentiles of groups cannot be added.' })
export type Latency = z.output<typeof latencySchema>

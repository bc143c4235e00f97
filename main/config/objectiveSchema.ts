import { z } from 'zod'

/** `objectives:` of floorwatch.yaml: what is owed, and what is counted for it. */
const duration = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/, 'expected a duration such as 500ms, 5m, 1h or 30d')
  .meta({ description: 'A duration: a number and ms, s, m, h or d' })

const scopeName = (what: string) =>
  z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .meta({ description: `Only of this ${what}` })

const promql = (what: string) =>
  z
    .string()
    .min(1)
    .max(10_000)
    .optional()
    .meta({ description: `How many ${what} in $window: sum(increase(...[$window])), one series` })

export const objectiveSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      'expected lower-case letters, digits and dashes, such as ttft-chat',
    )
    .meta({ description: 'Unique; what was measured is kept under it' }),
  title: z
    .string()
    .min(1)
    .max(80)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'expected a text without control characters')
    .optional()
    .meta({ description: 'What screens call it; the name where it is left out' }),
  target: z
    .number()
    .gt(0)
    .lt(1)
    .meta({ description: 'Share that is owed: 0.95 means that at least 95 % are good' }),
  latency: z
    .strictObject({
      kind: z
        .enum(['timeToFirstToken', 'interToken', 'duration'])
        .meta({ description: 'Until the first token, between tokens, or of the whole request' }),
      within: duration.meta({
        description: 'The threshold; judged by the largest bucket that is not above it',
      }),
    })
    .optional()
    .meta({ description: 'Good is what is in time' }),
  availability: z
    .strictObject({
      rejections: z.enum(['ignored', 'bad']).default('ignored').meta({
        description: 'Whether requests that a limit refused count as bad, or not at all',
      }),
    })
    .optional()
    .meta({ description: 'Good is a request that succeeds, as the metering counts it' }),
  errorTokens: z
    .strictObject({})
    .optional()
    .meta({ description: 'Good is a token of a request that succeeds, as the metering counts it' }),
  promql: z
    .strictObject({
      good: promql('events were good'),
      bad: promql('events were bad'),
      total: promql('events there were').unwrap(),
      window: duration.default('1m').meta({
        description:
          'What $window stands for: 1m to 1h, at least four scrapes; longer ones are spread over their minutes',
      }),
    })
    .optional()
    .meta({ description: 'Two expressions that the Prometheus above is asked: total, and good or bad' }),
  source: z.enum(['metering', 'servers']).optional().meta({
    description:
      'Who measures latencies: the gateway as the metering tells it (knows tenants), or the inference servers. The metering where there is one',
  }),
  model: scopeName('model'),
  endpoint: scopeName('endpoint'),
  tenant: scopeName('tenant'),
  window: duration.default('30d').meta({ description: 'The period of the budget, in whole days: 1d to 90d' }),
  pairs: z
    .array(
      z.strictObject({
        long: duration,
        short: duration.meta({ description: 'A twelfth of the long one is usual' }),
        factor: z.number().positive().meta({ description: 'Both windows have to burn faster than this' }),
        severity: z.enum(['page', 'ticket']),
      }),
    )
    .min(1)
    .max(8)
    .optional()
    .meta({
      description:
        'Alerts. Left out, those of the SRE workbook: 1h/5m and 6h/30m page, 1d/2h and 3d/6h open a ticket',
    }),
  minBad: z.int().min(1).max(1_000_000).default(10).meta({
    description: 'So many events have to be bad in the long window before an alert fires',
  }),
})
export type ObjectiveSection = z.output<typeof objectiveSchema>

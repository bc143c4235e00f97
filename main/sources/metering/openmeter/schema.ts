import { z } from 'zod'
import { MOST_TOKENS } from '../../../../shared/metering/values.ts'

/** What this project reads of OpenMeter's API (/api/v1); all else is dropped. Text from outside is bounded. */
const text = z.string().max(256)

export const meterSchema = z.object({
  slug: text,
  aggregation: text,
  /** Names of the groups and where each is read from in an event. */
  groupBy: z.record(text, z.string()).nullish(),
})
export type Meter = z.output<typeof meterSchema>

/** A sum: a whole number, which comes as a number, as a string, or as a number with a point and zeros. */
const whole = z
  .union([z.bigint().min(0n), z.number().min(0), z.string().regex(/^\d{1,31}(?:\.0+)?$/)], {
    error: 'expected a whole number of 0 or more',
  })
  .transform((value, context) => {
    const isWhole = typeof value !== 'number' || Number.isInteger(value)
    const sum = isWhole ? BigInt(typeof value === 'string' ? value.replace(/\.0+$/, '') : value) : null
    if (sum !== null && sum <= MOST_TOKENS) return sum
    const end = sum === null ? '' : ', at most 10^30'
    context.addIssue({ code: 'custom', message: `expected a whole number of tokens or requests${end}` })
    return z.NEVER
  })

export const queryAnswerSchema = z.object({
  data: z.array(
    z.object({
      value: whole,
      windowStart: z.iso.datetime({
        offset: true,
        error: 'expected an instant such as 2026-11-24T09:30:00Z',
      }),
      subject: text.nullish(),
      groupBy: z.record(text, text.nullable()).nullish(),
    }),
  ),
})
export type QueryAnswer = z.output<typeof queryAnswerSchema>

export const subjectsSchema = z.array(z.object({ key: text.min(1), displayName: text.nullish() }))

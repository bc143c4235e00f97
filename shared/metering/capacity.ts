import { z } from 'zod'
import { TOKEN_TYPES } from './capabilities.ts'
import { asOf, currency, identifier, instant, money } from './values.ts'

export const capacityQuerySchema = z.strictObject({ from: instant, to: instant })

export const capacitySchema = z
  .object({
    ...asOf,
    from: instant,
    to: instant,
    rows: z.array(
      z.object({
        gpuType: identifier,
        model: identifier
          .nullable()
          .meta({ description: 'Null: allocated to no model, or shared by several.' }),
        gpuHoursProvisioned: z.number().min(0).nullable().meta({ description: 'Installed, used or not.' }),
        gpuHoursAllocated: z.number().min(0).nullable().meta({ description: 'Held by a serving pod.' }),
        gpuHoursActive: z.number().min(0).nullable().meta({ description: 'With work on the GPU.' }),
        energyJoules: z.number().min(0).nullable(),
      }),
    ),
  })
  .meta({ id: 'Capacity' })
export type Capacity = z.output<typeof capacitySchema>

export const rateSchema = z
  .object({
    kind: z
      .enum(['price', 'cost'])
      .meta({ description: 'price: what a customer pays. cost: what the factory pays.' }),
    model: identifier.nullable(),
    gpuType: identifier.nullable(),
    tokenType: z.enum(TOKEN_TYPES).nullable(),
    unit: z.enum(['megatoken', 'gpuHour']),
    amount: money,
    currency,
    effectiveFrom: instant,
  })
  .meta({ id: 'Rate' })
export type Rate = z.output<typeof rateSchema>
export const ratesSchema = z.object({ ...asOf, rates: z.array(rateSchema).max(10_000) }).meta({ id: 'Rates' })

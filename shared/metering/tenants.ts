import { z } from 'zod'
import {
  asOf,
  count,
  currency,
  identifier,
  instant,
  money,
  name,
  nextCursor,
  pageQuery,
  tokens,
} from './values.ts'

export const limitsValueSchema = z
  .object({
    tpm: z.int().min(0).nullable().meta({ description: 'Tokens per minute; null: no limit.' }),
    rpm: z.int().min(0).nullable().meta({ description: 'Requests per minute; null: no limit.' }),
    maxConcurrent: z.int().min(0).nullable().meta({ description: 'Requests in flight; null: no limit.' }),
  })
  .meta({ id: 'LimitValues' })
export type LimitValues = z.output<typeof limitsValueSchema>

export const quotaSchema = z
  .object({
    name,
    limit: tokens,
    used: tokens,
    remaining: tokens,
    resetsAt: instant,
  })
  .meta({ id: 'Quota' })

export const tenantSchema = z
  .object({
    id: identifier,
    name,
    state: z.enum(['active', 'blocked', 'closed']),
    entitlement: z.object({
      tokensPerSecond: z.number().min(0).nullable().meta({
        description: 'The rate that the tenant has bought and may always expect; null where none is agreed.',
      }),
    }),
    limits: limitsValueSchema.meta({ description: 'Effective now, throttles included.' }),
    quotas: z.array(quotaSchema).max(20),
  })
  .meta({ id: 'Tenant' })
export type Tenant = z.output<typeof tenantSchema>

export const tenantsQuerySchema = z.strictObject(pageQuery)
export const tenantsSchema = z
  .object({ ...asOf, tenants: z.array(tenantSchema), nextCursor })
  .meta({ id: 'Tenants' })

export const keySchema = z
  .object({
    id: identifier.meta({ description: 'A public name of the key; never the key.' }),
    name,
    state: z.enum(['active', 'blocked', 'expired']),
    createdAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Key' })
export const keysQuerySchema = z.strictObject(pageQuery)
export const keysSchema = z.object({ ...asOf, keys: z.array(keySchema), nextCursor }).meta({ id: 'Keys' })

export const quotasSchema = z.object({ ...asOf, quotas: z.array(quotaSchema).max(20) }).meta({ id: 'Quotas' })

/** What a tenant is charged for a period, as the billing system has it; evidence is compared with it. */
export const statementQuerySchema = z.strictObject({ from: instant, to: instant })
export const statementSchema = z
  .object({
    ...asOf,
    tenant: identifier,
    from: instant,
    to: instant,
    currency,
    scale: z.int().min(0).max(12).meta({ description: 'Decimals that each line is rounded to.' }),
    rounding: z.enum(['half-up', 'half-even', 'down']),
    lines: z
      .array(
        z.object({
          model: identifier,
          gpuType: identifier.nullable(),
          tokenType: z.enum(['input', 'output', 'cachedInput', 'reasoning']).meta({
            description:
              'cachedInput lines bill that part of the input at another price; input lines hold the rest.',
          }),
          tokens,
          requests: count.optional(),
          pricePerMegatoken: money,
          amount: money,
        }),
      )
      .max(10_000),
    total: money,
  })
  .meta({ id: 'Statement' })
export type Statement = z.output<typeof statementSchema>

import { z } from 'zod'
import { WORKFLOW_OUTCOMES } from '../../metering/workflows.ts'
import { command, stream } from '../define.ts'
import * as forWalls from '../forWalls.ts'
import {
  evidenceSchema,
  keyListSchema,
  tenantDetailSchema,
  tenantsSchema,
  workflowDetailSchema,
  workflowListSchema,
} from '../tenants.ts'
import { nothing, range, tenantId } from './questions.ts'

export const tenantStreams = {
  'tokens.tenants': stream({ walls: { narrow: forWalls.tenants }, params: nothing, item: tenantsSchema }),
  /** Tokens per second over the recent steps of those tenants that are in sight; usage over time is not for walls. */
  'tokens.sparks': stream({
    walls: 'refused',
    params: z.strictObject({ tenants: z.array(tenantId).max(120) }),
    item: z.object({ times: z.array(z.number()), values: z.array(z.array(z.number().nullable())) }),
  }),
  /** Quotas, limits and what was agreed: not for walls. */
  'tokens.tenant': stream({
    walls: 'refused',
    params: z.strictObject({ id: tenantId }),
    item: tenantDetailSchema.nullable(),
  }),
}

export const tenantCommands = {
  'tokens.keys': command({
    access: 'read',
    walls: 'refused',
    input: z.strictObject({ tenant: tenantId }),
    output: keyListSchema,
  }),
  'tokens.workflows': command({
    access: 'read',
    walls: 'refused',
    input: z.strictObject({
      ...range,
      tenant: tenantId.nullable(),
      outcome: z.enum(WORKFLOW_OUTCOMES).nullable().default(null),
      cursor: z.string().max(1024).nullable().default(null),
    }),
    output: workflowListSchema,
  }),
  'tokens.workflow': command({
    access: 'read',
    walls: 'refused',
    input: z.strictObject({ id: tenantId }),
    output: workflowDetailSchema,
  }),
  'tokens.evidence': command({
    access: 'read',
    walls: 'refused',
    input: z.strictObject({
      tenant: tenantId,
      /** Calendar days, "2026-10-01"; the last one belongs to the period. */
      first: z.iso.date(),
      last: z.iso.date(),
      /** Whose days: bills are cut by one or the other. */
      daysOf: z.enum(['site', 'utc']).default('site'),
      format: z.enum(['csv', 'json']),
    }),
    output: evidenceSchema,
  }),
}

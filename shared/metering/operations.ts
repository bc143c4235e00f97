import { z } from 'zod'
import { auditQuerySchema, auditSchema, checkpointSchema, meteringEventSchema } from './audit.ts'
import { capacityQuerySchema, capacitySchema, ratesSchema } from './capacity.ts'
import { capabilitiesSchema } from './capabilities.ts'
import type { ProblemType } from './problem.ts'
import {
  keysQuerySchema,
  keysSchema,
  quotasSchema,
  statementQuerySchema,
  statementSchema,
  tenantsQuerySchema,
  tenantsSchema,
} from './tenants.ts'
import {
  approveRequestSchema,
  extendRequestSchema,
  limitsSchema,
  previewRequestSchema,
  previewSchema,
  throttleRequestSchema,
  throttleSchema,
  throttlesQuerySchema,
  throttlesSchema,
  tightenRequestSchema,
} from './throttles.ts'
import { latencyQuerySchema, latencySchema, usageQuerySchema, usageSchema } from './usage.ts'
import { identifier } from './values.ts'
import { workflowsQuerySchema, workflowsSchema, workflowTreeSchema } from './workflows.ts'

/**
 * One operation of the Metering API. The OpenAPI document, the reference server, the client and the conformance suite
 * all read this table, so none of them can differ from it.
 */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With `{id}` where a path parameter stands. */
  readonly path: string
  readonly summary: string
  readonly tag: 'Reading' | 'Workflows' | 'Tenants' | 'Throttles' | 'Audit' | 'Events'
  readonly query: z.ZodObject | null
  readonly params: z.ZodObject | null
  readonly body: z.ZodType | null
  /** Request headers without which the call is refused with 428. */
  readonly requiredHeaders: readonly ('Idempotency-Key' | 'If-Match')[]
  readonly answer: {
    readonly status: 200 | 202 | 204
    readonly body: z.ZodType | null
    readonly etag: boolean
  }
  /** `application/json` unless it streams. */
  readonly media: 'application/json' | 'text/event-stream'
  readonly problems: readonly ProblemType[]
}

const none = {
  query: null,
  params: null,
  body: null,
  requiredHeaders: [],
  media: 'application/json',
} as const
const ok = <B extends z.ZodType>(body: B, etag = false) => ({ status: 200, body, etag }) as const
const reading = ['invalid-request', 'unauthorised', 'forbidden', 'rate-limited', 'unavailable'] as const
const readingOne = [...reading, 'not-found'] as const
const writing = [
  ...readingOne,
  'idempotency-conflict',
  'stale',
  'above-base',
  'precondition-required',
] as const
const byId = z.strictObject({ id: identifier })
const get = { ...none, method: 'GET' } as const
const changing = {
  ...none,
  method: 'POST',
  params: byId,
  requiredHeaders: ['Idempotency-Key', 'If-Match'],
} as const

function define<const O extends Readonly<Record<string, Operation>>>(operations: O): O {
  return operations
}

export const OPERATIONS = define({
  getCapabilities: {
    ...get,
    path: '/v1/capabilities',
    summary: 'What this back end can do',
    tag: 'Reading',
    answer: ok(capabilitiesSchema),
    problems: reading,
  },
  getUsage: {
    ...get,
    path: '/v1/usage',
    summary: 'Tokens and requests over time',
    tag: 'Reading',
    query: usageQuerySchema,
    answer: ok(usageSchema),
    problems: reading,
  },
  getLatency: {
    ...get,
    path: '/v1/latency',
    summary: 'Latency histograms of a period, or of each step of it',
    tag: 'Reading',
    query: latencyQuerySchema,
    answer: ok(latencySchema),
    problems: reading,
  },
  getCapacity: {
    ...get,
    path: '/v1/capacity',
    summary: 'GPU hours and energy of a period',
    tag: 'Reading',
    query: capacityQuerySchema,
    answer: ok(capacitySchema),
    problems: reading,
  },
  getRates: {
    ...get,
    path: '/v1/rates',
    summary: 'Prices and costs',
    tag: 'Reading',
    answer: ok(ratesSchema),
    problems: reading,
  },
  listWorkflows: {
    ...get,
    path: '/v1/workflows',
    summary: 'Jobs of a period, those with the most tokens first',
    tag: 'Workflows',
    query: workflowsQuerySchema,
    answer: ok(workflowsSchema),
    problems: reading,
  },
  getWorkflow: {
    ...get,
    path: '/v1/workflows/{id}',
    summary: 'One job as a tree of steps, without any content',
    tag: 'Workflows',
    params: byId,
    answer: ok(workflowTreeSchema),
    problems: readingOne,
  },
  listTenants: {
    ...get,
    path: '/v1/tenants',
    summary: 'Tenants with their entitlements, limits and quotas',
    tag: 'Tenants',
    query: tenantsQuerySchema,
    answer: ok(tenantsSchema),
    problems: reading,
  },
  getLimits: {
    ...get,
    path: '/v1/tenants/{id}/limits',
    summary: 'Base limits, throttles and what is effective of one tenant',
    tag: 'Tenants',
    params: byId,
    answer: ok(limitsSchema, true),
    problems: readingOne,
  },
  getQuotas: {
    ...get,
    path: '/v1/tenants/{id}/quotas',
    summary: 'Quotas of one tenant',
    tag: 'Tenants',
    params: byId,
    answer: ok(quotasSchema),
    problems: readingOne,
  },
  listKeys: {
    ...get,
    path: '/v1/tenants/{id}/keys',
    summary: 'Keys of one tenant by their public names',
    tag: 'Tenants',
    params: byId,
    query: keysQuerySchema,
    answer: ok(keysSchema),
    problems: readingOne,
  },
  getStatement: {
    ...get,
    path: '/v1/tenants/{id}/statement',
    summary: 'What one tenant is charged for a period',
    tag: 'Tenants',
    params: byId,
    query: statementQuerySchema,
    answer: ok(statementSchema),
    problems: readingOne,
  },
  previewThrottle: {
    ...none,
    method: 'POST',
    path: '/v1/throttles/preview',
    summary: 'What a throttle would change; nothing is stored',
    tag: 'Throttles',
    body: previewRequestSchema,
    answer: ok(previewSchema),
    problems: [...readingOne, 'above-base'],
  },
  createThrottle: {
    ...none,
    method: 'POST',
    path: '/v1/throttles',
    summary: 'Lay a throttle over the limits of a tenant',
    tag: 'Throttles',
    body: throttleRequestSchema,
    requiredHeaders: ['Idempotency-Key', 'If-Match'],
    answer: { status: 202, body: throttleSchema, etag: true },
    problems: writing,
  },
  listThrottles: {
    ...get,
    path: '/v1/throttles',
    summary: 'Throttles, ended ones for as long as they are kept',
    tag: 'Throttles',
    query: throttlesQuerySchema,
    answer: ok(throttlesSchema),
    problems: reading,
  },
  getThrottle: {
    ...get,
    path: '/v1/throttles/{id}',
    summary: 'One throttle: stored, and what each gateway reports',
    tag: 'Throttles',
    params: byId,
    answer: ok(throttleSchema, true),
    problems: readingOne,
  },
  approveThrottle: {
    ...changing,
    path: '/v1/throttles/{id}/approve',
    summary: 'The second person agrees',
    tag: 'Throttles',
    body: approveRequestSchema,
    answer: { status: 202, body: throttleSchema, etag: true },
    problems: writing,
  },
  extendThrottle: {
    ...changing,
    path: '/v1/throttles/{id}/extend',
    summary: 'A later end, within the longest duration',
    tag: 'Throttles',
    body: extendRequestSchema,
    answer: { status: 202, body: throttleSchema, etag: true },
    problems: writing,
  },
  tightenThrottle: {
    ...changing,
    path: '/v1/throttles/{id}/tighten',
    summary: 'Lower limits of a throttle; it never raises one',
    tag: 'Throttles',
    body: tightenRequestSchema,
    answer: { status: 202, body: throttleSchema, etag: true },
    problems: writing,
  },
  releaseThrottle: {
    ...changing,
    method: 'DELETE',
    path: '/v1/throttles/{id}',
    summary: 'Remove the overlay',
    tag: 'Throttles',
    answer: { status: 202, body: throttleSchema, etag: true },
    problems: writing,
  },
  listAudit: {
    ...get,
    path: '/v1/audit',
    summary: 'Who did what, as a chain of hashes',
    tag: 'Audit',
    query: auditQuerySchema,
    answer: ok(auditSchema),
    problems: reading,
  },
  getCheckpoint: {
    ...get,
    path: '/v1/audit/checkpoint',
    summary: 'The signed end of the chain: a bare chain cannot show that its tail was cut off',
    tag: 'Audit',
    answer: ok(checkpointSchema),
    problems: reading,
  },
  streamEvents: {
    ...get,
    path: '/v1/events',
    summary: 'What has changed, as server-sent events; Last-Event-ID resumes',
    tag: 'Events',
    media: 'text/event-stream',
    answer: ok(meteringEventSchema),
    problems: reading,
  },
})

export type OperationName = keyof typeof OPERATIONS
export type AnswerOf<N extends OperationName> = (typeof OPERATIONS)[N]['answer']['body'] extends infer S
  ? S extends z.ZodType
    ? z.output<S>
    : null
  : never
export type QueryOf<N extends OperationName> = (typeof OPERATIONS)[N]['query'] extends infer S
  ? S extends z.ZodType
    ? z.input<S>
    : null
  : never

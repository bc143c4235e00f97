import { z } from 'zod'

/** RFC 9457. `type` ends in one of {@link PROBLEM_TYPES}, so that a client need not read prose. */
export const PROBLEM_TYPES = [
  'invalid-request',
  'unauthorised',
  'forbidden',
  'not-found',
  'idempotency-conflict',
  'stale',
  'above-base',
  'precondition-required',
  'rate-limited',
  'unavailable',
] as const
export type ProblemType = (typeof PROBLEM_TYPES)[number]

export const PROBLEM_STATUS: Readonly<Record<ProblemType, number>> = {
  'invalid-request': 400,
  unauthorised: 401,
  forbidden: 403,
  'not-found': 404,
  'idempotency-conflict': 409,
  stale: 412,
  'above-base': 422,
  'precondition-required': 428,
  'rate-limited': 429,
  unavailable: 503,
}

export const problemSchema = z
  .object({
    type: z.string().max(256),
    title: z.string().max(512),
    status: z.int().min(400).max(599),
    detail: z.string().max(4096).optional(),
    /** Of what was refused, in the request: `query.from`, `body.limits.tpm`. */
    pointer: z.string().max(512).optional(),
    requestId: z.string().max(256).optional(),
  })
  .meta({ id: 'Problem', description: 'application/problem+json (RFC 9457)' })
export type Problem = z.output<typeof problemSchema>

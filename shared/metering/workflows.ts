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

/**
 * Token accounting that follows a job. There is no field for a prompt, an answer or a tool's arguments, and a reader
 * drops every field that it does not know.
 */
export const WORKFLOW_OUTCOMES = ['running', 'succeeded', 'failed', 'cancelled'] as const
export const STEP_KINDS = ['agent', 'retrieval', 'tool', 'model', 'verification', 'other'] as const
export const STEP_OUTCOMES = [
  'running',
  'ok',
  'failed',
  'timeout',
  'rejected',
  'missed',
  'cancelled',
] as const

export const tokenSplitSchema = z
  .object({ input: tokens, output: tokens, cachedInput: tokens, reasoning: tokens })
  .meta({ id: 'TokenSplit', description: 'cachedInput is part of input and reasoning part of output.' })

const cost = z.object({ amount: money, currency }).nullable()

const workflow = {
  id: identifier,
  name: name.meta({ description: 'Of the kind of job, e.g. contract-review; never free text of a user.' }),
  tenant: identifier,
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.enum(WORKFLOW_OUTCOMES),
  steps: count,
  retries: count,
  toolFailures: count,
  retrievalMisses: count,
  tokens: tokenSplitSchema,
  cost,
}

export const workflowSchema = z.object(workflow).meta({ id: 'Workflow' })
export type Workflow = z.output<typeof workflowSchema>

export const workflowsQuerySchema = z.strictObject({
  from: instant,
  to: instant,
  tenant: identifier.optional(),
  name: identifier.optional(),
  outcome: z.enum(WORKFLOW_OUTCOMES).optional(),
  ...pageQuery,
})
export const workflowsSchema = z
  .object({
    ...asOf,
    totals: z
      .object({
        started: count,
        succeeded: count,
        failed: count,
        cancelled: count,
        running: count,
        retries: count,
        toolFailures: count,
        tokens: tokenSplitSchema,
        cost,
      })
      .meta({ description: 'Over everything that the question covers, not only over this page.' }),
    workflows: z.array(workflowSchema).meta({ description: 'Those with the most tokens first.' }),
    nextCursor,
  })
  .meta({ id: 'Workflows' })

export const stepSchema = z
  .object({
    id: identifier,
    parentId: identifier.nullable(),
    kind: z.enum(STEP_KINDS),
    name: name.meta({ description: 'Of the model, tool or index.' }),
    model: identifier.nullable(),
    endpoint: identifier.nullable(),
    gpuType: identifier.nullable(),
    startedAt: instant,
    endedAt: instant.nullable(),
    outcome: z.enum(STEP_OUTCOMES),
    attempt: z.int().min(1).meta({ description: '1 for the first try, 2 and more for retries.' }),
    tokens: tokenSplitSchema.meta({ description: 'Of this step itself, without its children.' }),
    cost,
  })
  .meta({ id: 'Step' })
export type Step = z.output<typeof stepSchema>

export const workflowTreeSchema = z
  .object({ ...asOf, workflow: workflowSchema, tree: z.array(stepSchema).max(20_000) })
  .meta({ id: 'WorkflowTree' })

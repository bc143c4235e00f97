import type { CommandOutput, CommandParsed } from '../../../../shared/contract/contract.ts'
import type { WorkflowRow } from '../../../../shared/contract/tenants.ts'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import type { Workflow } from '../../../../shared/metering/workflows.ts'
import { costPerSuccess, treeOf } from '../../../core/tokens/workflows/workflows.ts'
import { askOnce, type Asking, checkRange } from '../answers/asking.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'

type ListQuestion = CommandParsed<'tokens.workflows'>
type List = CommandOutput<'tokens.workflows'>
type TreeQuestion = CommandParsed<'tokens.workflow'>
type Tree = CommandOutput<'tokens.workflow'>

/** Of one page. */
const LIMIT = 100

/** Jobs of a period, those with the most tokens first, and what all of them came to. @throws Refusal */
export async function workflowList(
  asking: Asking,
  question: ListQuestion,
  signal: AbortSignal,
): Promise<List> {
  checkRange(question)
  return askOnce(asking, 'workflows', question, signal, async (shared) => {
    const { source, backendClock, origin } = asking
    const { fromMs, toMs, tenant, outcome, cursor } = question
    const range = { fromMs: backendClock.toRemote(fromMs), toMs: backendClock.toRemote(toMs) }
    const answer = await source.workflows({ ...range, tenant, outcome, cursor, limit: LIMIT }, shared)
    return {
      origin: origin(),
      totals: totalsOf(answer.totals),
      workflows: answer.workflows.map((workflow) => rowOf(workflow, backendClock)),
      nextCursor: answer.nextCursor,
    }
  })
}

/** One job as a tree of steps, and why it took so many tokens. @throws Refusal */
export async function workflowTree(
  asking: Asking,
  question: TreeQuestion,
  signal: AbortSignal,
): Promise<Tree> {
  return askOnce(asking, 'workflow', question, signal, async (shared) => {
    const { source, backendClock, origin } = asking
    const { workflow, tree } = await source.workflow(question.id, shared)
    const local = (ms: number | null) => (ms === null ? null : backendClock.toLocal(ms))
    const parts = treeOf(workflow, tree)
    return {
      origin: origin(),
      workflow: rowOf(workflow, backendClock),
      ...parts,
      steps: parts.steps.map((step) => ({
        ...step,
        startedAt: backendClock.toLocal(step.startedAt),
        endedAt: local(step.endedAt),
      })),
    }
  })
}

type Totals = AnswerOf<'listWorkflows'>['totals']

function totalsOf(totals: Totals): List['totals'] {
  const { tokens } = totals
  return {
    ...totals,
    tokens: splitOf(tokens),
    total: (tokens.input + tokens.output).toString(),
    costPerSuccess: costPerSuccess(totals),
  }
}

function rowOf(workflow: Workflow, backendClock: RemoteTime): WorkflowRow {
  const { tokens } = workflow
  return {
    ...workflow,
    startedAt: backendClock.readLocal(workflow.startedAt) ?? 0,
    endedAt: backendClock.readLocal(workflow.endedAt),
    tokens: splitOf(tokens),
    total: (tokens.input + tokens.output).toString(),
  }
}

function splitOf(tokens: Workflow['tokens']): WorkflowRow['tokens'] {
  return {
    input: tokens.input.toString(),
    output: tokens.output.toString(),
    cachedInput: tokens.cachedInput.toString(),
    reasoning: tokens.reasoning.toString(),
  }
}

import { Money } from '../../../../shared/model/money.ts'
import type { Step, Workflow } from '../../../../shared/metering/workflows.ts'
import { DAY_MS } from '../../ledger/measures.ts'
import { costOf, CURRENCY, listAt, priceLists, type TokenSplit } from '../../ledger/prices.ts'
import { createJobs, type Job } from '../../ledger/workflows/workflows.ts'
import type { JobStep } from '../../ledger/workflows/steps.ts'
import { type Handlers, ProblemError } from '../http/handler.ts'
import {
  asOf,
  beforeKept,
  instant,
  invalid,
  pageFrom,
  pageOf,
  rangeOf,
  type ReadingContext,
} from './context.ts'

/** Jobs are drawn when they are asked for: a longer period would keep the server busy for seconds. */
const MAX_DAYS = 32
const OUTCOMES = ['succeeded', 'failed', 'cancelled', 'running'] as const

/** Jobs of agents as trees of steps, priced at the list in force when they began. No content anywhere. */
export function createWorkflowHandlers(
  context: ReadingContext,
): Pick<Handlers, 'listWorkflows' | 'getWorkflow'> {
  const { ledger, factory } = context
  const jobs = createJobs(ledger, factory.options.seed)
  const lists = priceLists(ledger.startMs)
  const costAt = (model: string, tokens: TokenSplit, atMs: number) =>
    costOf(listAt(lists, atMs), model, tokens)
  const amount = (cost: Money | null) =>
    cost === null ? null : { amount: cost.toFixed(), currency: CURRENCY }

  const workflowOf = (job: Job): Workflow => ({
    id: job.id,
    name: job.name,
    tenant: job.tenant,
    startedAt: instant(job.startMs),
    endedAt: job.endMs === null ? null : instant(job.endMs),
    outcome: job.outcome,
    steps: job.steps,
    retries: job.retries,
    toolFailures: job.toolFailures,
    retrievalMisses: job.retrievalMisses,
    tokens: exact(job.tokens),
    cost: amount(costAt(job.model, job.tokens, job.startMs)),
  })

  const stepOf = (step: JobStep, job: Job): Step => ({
    id: step.id,
    parentId: step.parentId,
    kind: step.kind,
    name: step.name,
    model: step.usesModel ? job.model : null,
    endpoint: step.usesModel ? job.endpoint : null,
    gpuType: step.usesModel ? job.gpuType : null,
    startedAt: instant(step.startMs),
    endedAt: step.outcome === 'running' ? null : instant(step.endMs),
    outcome: step.outcome,
    attempt: step.attempt,
    tokens: exact(step.tokens),
    cost: step.usesModel ? amount(costAt(job.model, step.tokens, job.startMs)) : null,
  })

  return {
    listWorkflows({ query }) {
      const { fromMs, toMs } = rangeOf(query)
      if (toMs - fromMs > MAX_DAYS * DAY_MS) {
        throw invalid(`Jobs can be listed for at most ${MAX_DAYS} days at once.`, 'query.from')
      }
      const first = pageFrom('workflows', query)
      const wanted = first + query.limit + 1
      const totals = {
        started: 0,
        succeeded: 0,
        failed: 0,
        cancelled: 0,
        running: 0,
        retries: 0,
        toolFailures: 0,
      }
      const tokens: TokenSplit = { input: 0, output: 0, cachedInput: 0, reasoning: 0 }
      const byPrice = new Map<string, { model: string; atMs: number; tokens: TokenSplit }>()
      let most: Job[] = []
      jobs.each(Math.max(fromMs, ledger.history.keptFrom()), toMs, query.tenant, (job) => {
        if (query.name !== undefined && job.name !== query.name) return
        if (query.outcome !== undefined && job.outcome !== query.outcome) return
        totals.started += 1
        for (const outcome of OUTCOMES) if (job.outcome === outcome) totals[outcome] += 1
        totals.retries += job.retries
        totals.toolFailures += job.toolFailures
        addTo(tokens, job.tokens)
        // Tokens at one price are added before they are priced: a month has hundreds of thousands of jobs.
        const price = `${listAt(lists, job.startMs)?.effectiveFrom ?? 0}/${job.model}`
        const priced = byPrice.get(price)
        if (priced === undefined) {
          byPrice.set(price, { model: job.model, atMs: job.startMs, tokens: { ...job.tokens } })
        } else addTo(priced.tokens, job.tokens)
        most.push(job)
        if (most.length > 2 * wanted + 1000) most = most.toSorted(byTokens).slice(0, wanted)
      })
      const costs = [...byPrice.values()].flatMap(
        ({ model, atMs, tokens: sum }) => costAt(model, sum, atMs) ?? [],
      )
      const { entries, nextCursor } = pageOf(most.toSorted(byTokens), 'workflows', first, query.limit)
      return {
        body: {
          ...asOf(ledger, beforeKept(ledger, fromMs)),
          totals: {
            ...totals,
            tokens: exact(tokens),
            cost: amount(costs.reduce((sum, cost) => sum.plus(cost), new Money(0))),
          },
          workflows: entries.map(workflowOf),
          nextCursor,
        },
      }
    },

    getWorkflow({ params: { id } }) {
      const found = jobs.find(id)
      if (found === null) {
        throw new ProblemError('not-found', `There is no job "${id}", or it is no longer kept.`, 'path.id')
      }
      return {
        body: {
          ...asOf(ledger),
          workflow: workflowOf(found.job),
          tree: found.tree.map((step) => stepOf(step, found.job)),
        },
      }
    },
  }
}

function addTo(sum: TokenSplit, tokens: TokenSplit): void {
  sum.input += tokens.input
  sum.output += tokens.output
  sum.cachedInput += tokens.cachedInput
  sum.reasoning += tokens.reasoning
}

function byTokens(a: Job, b: Job): number {
  return b.tokens.input + b.tokens.output - a.tokens.input - a.tokens.output || (a.id < b.id ? -1 : 1)
}

function exact({ input, output, cachedInput, reasoning }: TokenSplit) {
  return {
    input: BigInt(input),
    output: BigInt(output),
    cachedInput: BigInt(cachedInput),
    reasoning: BigInt(reasoning),
  }
}

import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import type { Step } from '../../../../shared/metering/workflows.ts'
import { capabilitiesOf, text } from '../ranges.ts'
import type { Area } from '../check.ts'
import type { Session } from '../session.ts'
import { Nonconformity, NotApplicable, Worthwhile } from '../verdict.ts'

type Tree = AnswerOf<'getWorkflow'>

export const workflowChecks: Area = {
  title: 'Workflows',
  checks: [
    { title: 'jobs come with the most tokens first, and their totals cover all pages', run: list },
    { title: 'a job is one tree whose steps sum to its tokens', run: tree },
    {
      title: 'a job that does not exist is refused with 404',
      async run(session) {
        required(session)
        await session.refused('not-found', 'getWorkflow', { id: 'there-is-no-such-workflow' })
      },
    },
  ],
}

const total = ({ input, output }: { input: bigint; output: bigint }): bigint => input + output

function required(session: Session): void {
  if (!capabilitiesOf(session).workflows) throw new NotApplicable('The back end knows no workflows.')
}

function lastHours(session: Session): { from: string; to: string } {
  required(session)
  const to = Math.floor(session.now() / 60_000) * 60_000
  return { from: text(to - 6 * 3_600_000), to: text(to) }
}

async function list(session: Session): Promise<void> {
  const range = lastHours(session)
  const { value, reply } = await session.ask('listWorkflows', { query: { ...range, limit: '20' } })
  value.workflows.forEach((workflow, i) => {
    const before = value.workflows[i - 1]
    if (before !== undefined && total(workflow.tokens) > total(before.tokens)) {
      throw new Nonconformity(
        `${reply.place} → workflows[${i}]`,
        `at most ${total(before.tokens)} tokens`,
        `${total(workflow.tokens)}`,
      )
    }
  })
  const { started, succeeded, failed, cancelled, running } = value.totals
  if (started !== succeeded + failed + cancelled + running) {
    throw new Nonconformity(
      `${reply.place} → totals.started`,
      `${succeeded + failed + cancelled + running}, the sum of the outcomes`,
      `${started}`,
    )
  }
  if (value.nextCursor === null) return
  const next = await session.ask('listWorkflows', {
    query: { ...range, limit: '20', cursor: value.nextCursor },
  })
  if (next.value.totals.started !== started && next.value.dataAsOf === value.dataAsOf) {
    throw new Nonconformity(
      `${next.reply.place} → totals.started`,
      `${started} as on the first page`,
      `${next.value.totals.started}`,
    )
  }
  const ids = new Set(value.workflows.map(({ id }) => id))
  const twice = next.value.workflows.find(({ id }) => ids.has(id))
  if (twice !== undefined)
    throw new Nonconformity(next.reply.place, 'each job on one page', `"${twice.id}" twice`)
}

async function largest(session: Session): Promise<{ answer: Tree; place: string }> {
  const range = lastHours(session)
  const { value } = await session.ask('listWorkflows', { query: { ...range, limit: '50' } })
  const ended = value.workflows.find(({ endedAt }) => endedAt !== null)
  if (ended === undefined) throw new NotApplicable('No job has ended in the last 6 hours.')
  const { value: answer, reply } = await session.ask('getWorkflow', { id: ended.id })
  return { answer, place: reply.place }
}

async function tree(session: Session): Promise<void> {
  const { answer, place } = await largest(session)
  const byId = new Map<string, Step>(answer.tree.map((step) => [step.id, step]))
  if (byId.size !== answer.tree.length)
    throw new Nonconformity(place, 'steps with ids of their own', 'an id twice')
  const roots = answer.tree.filter(({ parentId }) => parentId === null)
  if (roots.length !== 1) throw new Nonconformity(place, 'one step without a parent', `${roots.length}`)
  for (const step of answer.tree) {
    const path = new Set<string>()
    for (
      let at: Step | undefined = step;
      at !== undefined;
      at = at.parentId === null ? undefined : byId.get(at.parentId)
    ) {
      if (path.has(at.id)) throw new Nonconformity(`${place} → step ${step.id}`, 'a tree', 'a circle')
      path.add(at.id)
      if (at.parentId !== null && !byId.has(at.parentId)) {
        throw new Nonconformity(`${place} → step ${at.id}`, 'a parent in the same tree', `"${at.parentId}"`)
      }
    }
  }
  const steps = answer.tree.reduce((sum, step) => sum + total(step.tokens), 0n)
  const job = total(answer.workflow.tokens)
  if (steps > job)
    throw new Nonconformity(`${place} → sum of steps`, `at most the ${job} tokens of the job`, `${steps}`)
  if (steps < job)
    throw new Worthwhile(`${job - steps} of ${job} tokens of "${answer.workflow.id}" belong to no step.`)
}

import type { StepRow, WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { message } from '../../../../shared/messages/message.ts'
import { FAILURES, type Finding, rowAt, size, topmost, totalOf } from './findings.ts'
import { growth, loopsAmong, recursion, repetitionAmong } from './loops.ts'
import type { StepTree } from './tree.ts'

export type Remark = WorkflowDetail['remarks'][number]

/** One step with so much of the job. */
const LARGE_SHARE = 50n
const SMALLEST_JOB = 4
const MISSES_FROM = 3
/** For a screen; a remark about more steps names the first. */
const MOST_STEPS = 500
const MOST_REMARKS = 12

/**
 * Why a job took so many tokens, the largest reason first. Reasons overlap, as a loop is also a context
 * that grows: their tokens are not to be added. No single one counts a token twice.
 */
export function remarksOf(tree: StepTree, jobTokens: bigint): Remark[] {
  const families = [...Map.groupBy(tree.parents.keys(), (step) => tree.parents[step] as number)]
  const loops = families.flatMap(([parent, siblings]) => loopsAmong(tree, parent, siblings, jobTokens))
  const looping = new Set(loops.flatMap(({ steps }) => steps))
  const found: Finding[] = [
    ...loops,
    ...families.flatMap(([parent, siblings]) => repetitionAmong(tree, parent, siblings, looping, jobTokens)),
    ...growth(tree, families, jobTokens),
    ...recursion(tree, jobTokens),
    ...retries(tree, looping, jobTokens),
    ...deadEnds(tree, looping, jobTokens),
    ...largeStep(tree, jobTokens),
    ...misses(tree, jobTokens),
  ]
  return found
    .toSorted((a, b) => (a.tokens < b.tokens ? 1 : a.tokens > b.tokens ? -1 : 0))
    .slice(0, MOST_REMARKS)
    .map(({ text, steps, tokens }) => ({
      text,
      stepIds: steps.slice(0, MOST_STEPS).map((step) => rowAt(tree, step).id),
      tokens: tokens.toString(),
    }))
}

function retries(tree: StepTree, looping: ReadonlySet<number>, job: bigint): Finding[] {
  const steps = topmost(tree, ({ attempt }) => attempt > 1, looping)
  const tokens = totalOf(tree, steps)
  if (tokens === 0n) return []
  const text = message('remark.retries', { steps: steps.length, size: size(tokens, job) })
  return [{ text, steps, tokens }]
}

/** The topmost steps that came to nothing, below the job itself. */
function deadEnds(tree: StepTree, looping: ReadonlySet<number>, job: bigint): Finding[] {
  const roots = tree.parents.filter((parent) => parent < 0).length
  const isJob = (step: number) => roots === 1 && (tree.parents[step] as number) < 0
  const isDead = ({ outcome }: StepRow, step: number) =>
    (FAILURES.has(outcome) || outcome === 'cancelled') && !isJob(step)
  const steps = topmost(tree, isDead, looping).filter((step) => (tree.total[step] as bigint) > 0n)
  const tokens = totalOf(tree, steps)
  if (tokens === 0n) return []
  const text = message('remark.deadEnds', { branches: steps.length, size: size(tokens, job) })
  return [{ text, steps, tokens }]
}

function largeStep(tree: StepTree, job: bigint): Finding[] {
  if (tree.steps.length < SMALLEST_JOB || job <= 0n) return []
  const step = tree.own.findIndex((own) => own * 100n >= job * LARGE_SHARE)
  if (step < 0) return []
  const { name, kind } = rowAt(tree, step)
  const tokens = tree.own[step] as bigint
  const text = message(kind === 'model' ? 'remark.largeStep.model' : 'remark.largeStep.call', {
    name,
    size: size(tokens, job),
  })
  return [{ text, steps: [step], tokens }]
}

function misses(tree: StepTree, job: bigint): Finding[] {
  const all = tree.steps.filter(({ kind }) => kind === 'retrieval')
  const isMiss = ({ kind, outcome }: StepRow) => kind === 'retrieval' && outcome === 'missed'
  const missed = all.filter(isMiss)
  if (missed.length < MISSES_FROM) return []
  const steps = topmost(tree, isMiss, new Set())
  const tokens = totalOf(tree, steps)
  const counts = { missed: missed.length, lookUps: all.length }
  const text =
    tokens > 0n
      ? message('remark.misses.took', { ...counts, size: size(tokens, job) })
      : message('remark.misses', counts)
  return [{ text, steps, tokens }]
}

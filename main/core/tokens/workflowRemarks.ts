import type { StepRow, WorkflowDetail } from '../../../shared/contract/tenants.ts'
import { figureText } from '../../../shared/model/units.ts'
import { grouped, plural } from '../../../shared/model/words.ts'
import type { StepTree } from './workflowTree.ts'

export type Remark = WorkflowDetail['remarks'][number]
type Found = { readonly text: string; readonly steps: readonly number[]; readonly tokens: bigint }

/** A call that fails so often in one place is a loop and no retry. */
const LOOP_FROM = 5
/** A context that grows so many times over in so many passes is the reason and not the noise. */
const GROWTH_FROM = 3
const GROWING_PASSES = 8
/** One step with so much of the job. */
const LARGE_SHARE = 50n
const SMALLEST_JOB = 4
const MISSES_FROM = 3
/** For a screen; a remark about more steps names the first. */
const MOST_STEPS = 500
const MOST_REMARKS = 12

/**
 * Why a job took so many tokens, in plain words, the largest reason first. Reasons overlap: a loop is made of retries
 * whose context grows, so their tokens are not to be added.
 */
export function remarksOf(tree: StepTree, jobTokens: bigint): Remark[] {
  const byParent = new Map<number, number[]>()
  for (const [step, parent] of tree.parents.entries()) {
    const siblings = byParent.get(parent)
    if (siblings === undefined) byParent.set(parent, [step])
    else siblings.push(step)
  }
  const loops = [...byParent].flatMap(([parent, siblings]) => loopsAmong(tree, parent, siblings, jobTokens))
  const looping = new Set(loops.flatMap(({ steps }) => steps))
  const found: Found[] = [
    ...loops,
    ...[...byParent].flatMap(([parent, siblings]) => growthAmong(tree, parent, siblings, jobTokens)),
    ...retries(tree, looping, jobTokens),
    ...failedBranches(tree, looping, jobTokens),
    ...largeStep(tree, jobTokens),
    ...misses(tree),
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

const FAILURES: ReadonlySet<StepRow['outcome']> = new Set(['failed', 'timeout', 'rejected', 'missed'])

/** The same call fails again and again under one parent, with passes between that decide to try once more. */
function loopsAmong(tree: StepTree, parent: number, siblings: readonly number[], job: bigint): Found[] {
  const failures = new Map<string, number[]>()
  for (const step of siblings) {
    const { kind, name, outcome } = rowAt(tree, step)
    if (!FAILURES.has(outcome)) continue
    const key = `${kind} ${name}`
    const same = failures.get(key)
    if (same === undefined) failures.set(key, [step])
    else same.push(step)
  }
  return [...failures.values()].flatMap((same) => {
    const [first] = same
    const last = same.at(-1)
    if (same.length < LOOP_FROM || first === undefined || last === undefined) return []
    const from = siblings.indexOf(first)
    const to = siblings.indexOf(last)
    // The pass behind the last failure read it, too.
    const steps = siblings.slice(from, to + 2)
    const tokens = sum(steps.map((step) => tree.total[step] as bigint))
    const { name } = rowAt(tree, first)
    const where = parent < 0 ? '' : ` under ${rowAt(tree, parent).name}`
    return [
      {
        text: `Loop: ${name} failed ${grouped(same.length)} times${where}, and each time it was decided to try again; that took ${size(tokens, job)}.`,
        steps,
        tokens,
      },
    ]
  })
}

/** Every pass reads what came before it. */
function growthAmong(tree: StepTree, parent: number, siblings: readonly number[], job: bigint): Found[] {
  const passes = siblings.filter((step) => rowAt(tree, step).kind === 'model')
  if (passes.length < GROWING_PASSES) return []
  const quarter = Math.max(1, Math.floor(passes.length / 4))
  const before = sum(passes.slice(0, quarter).map((step) => inputOf(tree, step)))
  const after = sum(passes.slice(-quarter).map((step) => inputOf(tree, step)))
  if (before === 0n || after < before * BigInt(GROWTH_FROM)) return []
  const tokens = sum(passes.map((step) => inputOf(tree, step)))
  const each = (total: bigint) => figureText(Number(total) / quarter, { unit: 'tok' })
  const where = parent < 0 ? '' : ` of ${rowAt(tree, parent).name}`
  return [
    {
      text: `Growing context: over ${grouped(passes.length)} passes${where} the input grew from ${each(before)} to ${each(after)} a pass; reading took ${size(tokens, job)}.`,
      steps: passes,
      tokens,
    },
  ]
}

function retries(tree: StepTree, looping: ReadonlySet<number>, job: bigint): Found[] {
  const steps = stepsWhere(tree, (row, step) => row.attempt > 1 && !looping.has(step))
  const tokens = sum(steps.map((step) => tree.total[step] as bigint))
  if (steps.length === 0 || tokens === 0n) return []
  const text = `Retries: ${plural(steps.length, 'step was', 'steps were')} tried again after a failure; the later attempts took ${size(tokens, job)}.`
  return [{ text, steps, tokens }]
}

/** The topmost steps that came to nothing, below the job itself. */
function failedBranches(tree: StepTree, looping: ReadonlySet<number>, job: bigint): Found[] {
  const dead = new Set<number>()
  const steps: number[] = []
  for (const [step, parent] of tree.parents.entries()) {
    if (dead.has(parent)) {
      dead.add(step)
      continue
    }
    const { outcome } = rowAt(tree, step)
    if (parent < 0 || !(FAILURES.has(outcome) || outcome === 'cancelled')) continue
    dead.add(step)
    if (!looping.has(step) && (tree.total[step] as bigint) > 0n) steps.push(step)
  }
  if (steps.length === 0) return []
  const tokens = sum(steps.map((step) => tree.total[step] as bigint))
  const text = `Dead ends: ${plural(steps.length, 'branch', 'branches')} ended without a result, after ${size(tokens, job)}.`
  return [{ text, steps, tokens }]
}

function largeStep(tree: StepTree, job: bigint): Found[] {
  if (tree.steps.length < SMALLEST_JOB || job <= 0n) return []
  const step = tree.own.findIndex((own) => own * 100n >= job * LARGE_SHARE)
  if (step < 0) return []
  const { name, kind } = rowAt(tree, step)
  const tokens = tree.own[step] as bigint
  const text = `One step: ${kind === 'model' ? 'a single pass of' : 'a single call of'} ${name} took ${size(tokens, job)}.`
  return [{ text, steps: [step], tokens }]
}

function misses(tree: StepTree): Found[] {
  const all = stepsWhere(tree, ({ kind }) => kind === 'retrieval')
  const steps = all.filter((step) => rowAt(tree, step).outcome === 'missed')
  if (steps.length < MISSES_FROM) return []
  const tokens = sum(steps.map((step) => tree.total[step] as bigint))
  const text = `Retrieval: ${grouped(steps.length)} of ${plural(all.length, 'look-up')} found nothing, so the passes after them had to do without.`
  return [{ text, steps, tokens }]
}

function rowAt(tree: StepTree, step: number): StepRow {
  return tree.steps[step] as StepRow
}

function inputOf(tree: StepTree, step: number): bigint {
  return BigInt(rowAt(tree, step).tokens.input)
}

function stepsWhere(tree: StepTree, passes: (row: StepRow, step: number) => boolean): number[] {
  return tree.steps.flatMap((row, step) => (passes(row, step) ? [step] : []))
}

function sum(counts: readonly bigint[]): bigint {
  return counts.reduce((all, count) => all + count, 0n)
}

/** "398 M tok, 99 % of the job" */
function size(tokens: bigint, job: bigint): string {
  const text = figureText(tokens, { unit: 'tok' })
  if (job <= 0n) return text
  return `${text}, ${figureText(Number((tokens * 1000n) / job) / 10, { unit: '%' })} of the job`
}

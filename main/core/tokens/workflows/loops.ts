import { figureText } from '../../../../shared/model/units.ts'
import { type Message, message } from '../../../../shared/messages/message.ts'
import { callOf, FAILURES, type Finding, parentOf, rowAt, size, sum, totalOf } from './findings.ts'
import type { StepTree } from './tree.ts'

/** A call that fails so often in one place is a loop and no retry. */
const LOOP_FROM = 5
/** So many calls alike are worth a word even where each came to something. */
const REPEATED_FROM = 20
/** And only where they are a quarter of the job: reading many pages is what some jobs are. */
const REPEATED_SHARE = 25n
/** Steps from one call to the next of its like: a look-up and a pass or two between them. Beyond it is a new start. */
const STRIDE = 6
/** A context that grows so many times over in so many passes is the reason and not the noise. */
const GROWTH_FROM = 3
const GROWING_PASSES = 8
/** A call inside itself so often has lost its way. */
const NESTED_FROM = 10

interface Run {
  readonly call: string
  /** Places among the siblings. */
  readonly first: number
  last: number
  count: number
}

/** The same call fails again and again under one parent, with passes between that decide to try once more. */
export function loopsAmong(
  tree: StepTree,
  parent: number,
  siblings: readonly number[],
  job: bigint,
): Finding[] {
  const runs = runsOf(tree, siblings, (step) => FAILURES.has(rowAt(tree, step).outcome))
  return runs.flatMap((run) => {
    if (run.count < LOOP_FROM) return []
    const steps = stepsOf(tree, siblings, run)
    const tokens = totalOf(tree, steps)
    const { name } = rowAt(tree, siblings[run.first] as number)
    const told = { name, times: run.count, size: size(tokens, job) }
    const under = parentOf(tree, parent)
    const loop =
      under === null ? message('remark.loop.top', told) : message('remark.loop', { ...told, parent: under })
    return [{ text: withReading(tree, steps, loop), steps, tokens }]
  })
}

/** The same call again and again under one parent, though it comes to something. @param looping steps that are told already */
export function repetitionAmong(
  tree: StepTree,
  parent: number,
  siblings: readonly number[],
  looping: ReadonlySet<number>,
  job: bigint,
): Finding[] {
  const others = siblings.filter((step) => !looping.has(step))
  // Of passes of a model every agent is made; what makes too many of them is the growth of their context.
  const runs = runsOf(tree, others, () => true).filter(({ call }) => !call.startsWith('model '))
  return runs.flatMap((run) => {
    if (run.count < REPEATED_FROM) return []
    const steps = stepsOf(tree, others, run)
    const tokens = totalOf(tree, steps)
    if (job <= 0n || tokens * 100n < job * REPEATED_SHARE) return []
    const { name } = rowAt(tree, others[run.first] as number)
    const told = { name, times: run.count, size: size(tokens, job) }
    const under = parentOf(tree, parent)
    const text =
      under === null
        ? message('remark.repetition.top', told)
        : message('remark.repetition', { ...told, parent: under })
    return [{ text, steps, tokens }]
  })
}

/** Calls of each kind that pass and follow one another closely; one of its like that does not pass ends a run. */
function runsOf(tree: StepTree, siblings: readonly number[], passes: (step: number) => boolean): Run[] {
  const runs: Run[] = []
  const open = new Map<string, Run>()
  for (const [place, step] of siblings.entries()) {
    const call = callOf(rowAt(tree, step))
    const run = open.get(call)
    if (!passes(step)) open.delete(call)
    else if (run !== undefined && place - run.last <= STRIDE) {
      run.last = place
      run.count += 1
    } else {
      const begun = { call, first: place, last: place, count: 1 }
      open.set(call, begun)
      runs.push(begun)
    }
  }
  return runs
}

/** From the first call to the last, and the pass behind it, which has read it, too. */
function stepsOf(tree: StepTree, siblings: readonly number[], { first, last }: Run): number[] {
  const behind = siblings[last + 1]
  const isRead = behind !== undefined && rowAt(tree, behind).kind === 'model'
  return siblings.slice(first, last + (isRead ? 2 : 1))
}

/** With what each pass in it read, which is why it came to so much; without it where no pass read. */
function withReading(tree: StepTree, steps: readonly number[], loop: Message): Message {
  const passes = steps.filter((step) => rowAt(tree, step).kind === 'model')
  const input = sum(passes.map((step) => inputOf(tree, step)))
  if (passes.length < 2 || input === 0n) return loop
  const mean = figureText(input / BigInt(passes.length), TOK)
  return message('remark.loop.read', { loop, passes: passes.length, mean })
}

function inputOf(tree: StepTree, step: number): bigint {
  return BigInt(rowAt(tree, step).tokens.input)
}

/** Every pass reads what came before it. Where several agents grow so, they are one remark that names the largest. */
export function growth(
  tree: StepTree,
  families: readonly (readonly [parent: number, siblings: readonly number[]])[],
  job: bigint,
): Finding[] {
  const growing = families.flatMap(([parent, siblings]) => growthAmong(tree, parent, siblings))
  const [largest] = growing.toSorted((a, b) => (a.tokens < b.tokens ? 1 : a.tokens > b.tokens ? -1 : 0))
  if (largest === undefined) return []
  const { parent, passes, before, after } = largest
  const steps = growing.flatMap((each) => each.passes).toSorted((a, b) => a - b)
  const tokens = sum(growing.map((each) => each.tokens))
  const told = {
    passes: passes.length,
    before: figureText(before, TOK),
    after: figureText(after, TOK),
    others: growing.length - 1,
    size: size(tokens, job),
  }
  const under = parentOf(tree, parent)
  const text =
    under === null ? message('remark.growth.top', told) : message('remark.growth', { ...told, parent: under })
  return [{ text, steps, tokens }]
}

const TOK = { unit: 'tok' } as const

interface Growing {
  readonly parent: number
  readonly passes: readonly number[]
  readonly before: bigint
  readonly after: bigint
  /** Read by all passes. */
  readonly tokens: bigint
}

function growthAmong(tree: StepTree, parent: number, siblings: readonly number[]): Growing[] {
  const passes = siblings.filter((step) => rowAt(tree, step).kind === 'model')
  if (passes.length < GROWING_PASSES) return []
  const inputs = passes.map((step) => inputOf(tree, step))
  const quarter = Math.floor(passes.length / 4)
  // Medians, so that one large pass is not taken for a growth.
  const before = medianOf(inputs.slice(0, quarter))
  const after = medianOf(inputs.slice(-quarter))
  if (before === 0n || after < before * BigInt(GROWTH_FROM)) return []
  return [{ parent, passes, before, after, tokens: sum(inputs) }]
}

/** The lower of the two in the middle; 0 of nothing. */
function medianOf(counts: readonly bigint[]): bigint {
  const ascending = counts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return ascending[Math.floor((ascending.length - 1) / 2)] ?? 0n
}

/** The call that goes deepest into itself: an agent that hands its job to an agent like it, and so on. */
export function recursion(tree: StepTree, job: bigint): Finding[] {
  // How often each call is on the way from the top to the present step, which the order of the tree makes a stack.
  const way: string[] = []
  const onWay = new Map<string, number>()
  let deepest = { levels: NESTED_FROM - 1, step: -1 }
  for (const [step, row] of tree.steps.entries()) {
    while (way.length > row.depth) {
      const left = way.pop() as string
      onWay.set(left, (onWay.get(left) ?? 1) - 1)
    }
    const call = callOf(row)
    way.push(call)
    const levels = (onWay.get(call) ?? 0) + 1
    onWay.set(call, levels)
    if (levels > deepest.levels) deepest = { levels, step }
  }
  const nest = nestOf(tree, deepest.step)
  const [first, second] = nest
  if (first === undefined || second === undefined) return []
  const tokens = tree.total[second] as bigint
  const text = message('remark.recursion', {
    name: rowAt(tree, first).name,
    levels: nest.length,
    size: size(tokens, job),
  })
  return [{ text, steps: nest, tokens }]
}

/** A step and those above it that are the same call, from the top; none for -1. */
function nestOf(tree: StepTree, end: number): number[] {
  if (end < 0) return []
  const call = callOf(rowAt(tree, end))
  const nest: number[] = []
  for (let step = end; step >= 0; step = tree.parents[step] as number) {
    if (callOf(rowAt(tree, step)) === call) nest.push(step)
  }
  return nest.toReversed()
}

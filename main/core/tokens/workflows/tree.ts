import type { StepRow } from '../../../../shared/contract/tenants.ts'
import type { Step } from '../../../../shared/metering/workflows.ts'
import { type Message, message } from '../../../../shared/messages/message.ts'

/** The steps of a job as a tree, and what is odd about it. */
export interface StepTree {
  /** Parents before their children, siblings in the order of their start. Times are ms on the back end's clock. */
  readonly steps: StepRow[]
  /** Index of each step's parent; -1 at the top. */
  readonly parents: readonly number[]
  /** Tokens of each step itself, and with all under it; input and output. */
  readonly own: readonly bigint[]
  readonly total: readonly bigint[]
  readonly warnings: Message[]
}

/**
 * Puts steps into the order of a tree. Nothing is left out: what has no parent in the answer, or is its own ancestor,
 * stands at the top and is told. Without recursion, because an agent may go ten thousand steps deep.
 */
export function arrange(answer: readonly Step[]): StepTree {
  const warnings: Message[] = []
  const byId = new Map<string, Step>()
  const doubled = new Set<string>()
  for (const step of answer) {
    if (byId.has(step.id)) doubled.add(step.id)
    else byId.set(step.id, step)
  }
  if (doubled.size > 0) {
    warnings.push(message('remark.steps.doubled', { steps: doubled.size }))
  }

  const orphans = [...byId.values()].filter(({ parentId }) => parentId !== null && !byId.has(parentId))
  if (orphans.length > 0) {
    warnings.push(message('remark.steps.orphans', { steps: orphans.length }))
  }
  const { cuts, members } = circlesOf(byId)
  if (cuts.size > 0) {
    warnings.push(message('remark.steps.circles', { steps: members, circles: cuts.size }))
  }

  const children = new Map<string | null, Step[]>()
  for (const step of byId.values()) {
    const { parentId } = step
    const parent = parentId === null || !byId.has(parentId) || cuts.has(step.id) ? null : parentId
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [step])
    else siblings.push(step)
  }
  // Those that began at once stay in the order of the answer, which the back end may know better.
  for (const siblings of children.values()) siblings.sort(byStart)
  const roots = children.get(null) ?? []
  const beginnings = roots.filter(({ id, parentId }) => parentId === null && !cuts.has(id)).length
  if (beginnings > 1) warnings.push(message('remark.steps.roots', { roots: beginnings }))

  const ordered: { readonly step: Step; readonly depth: number; readonly parent: number }[] = []
  const waiting = roots.toReversed().map((step) => ({ step, depth: 0, parent: -1 }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const place = ordered.push(next) - 1
    const under = children.get(next.step.id) ?? []
    for (let i = under.length - 1; i >= 0; i--) {
      waiting.push({ step: under[i] as Step, depth: next.depth + 1, parent: place })
    }
  }

  const own = ordered.map(({ step }) => step.tokens.input + step.tokens.output)
  const total = [...own]
  for (let i = ordered.length - 1; i >= 0; i--) {
    const { parent } = ordered[i] as (typeof ordered)[number]
    if (parent >= 0) total[parent] = (total[parent] as bigint) + (total[i] as bigint)
  }
  return {
    steps: ordered.map(({ step, depth }, i) => rowOf(step, depth, own[i] as bigint, total[i] as bigint)),
    parents: ordered.map(({ parent }) => parent),
    own,
    total,
    warnings,
  }
}

/** Steps whose way up leads back to them. Of each circle the one with the earliest start is cut from its parent. */
function circlesOf(byId: ReadonlyMap<string, Step>): { cuts: Set<string>; members: number } {
  const cuts = new Set<string>()
  const known = new Set<string>()
  let members = 0
  for (const start of byId.values()) {
    const way = new Map<string, Step>()
    let step: Step | undefined = start
    while (step !== undefined && !known.has(step.id) && !way.has(step.id)) {
      way.set(step.id, step)
      step = step.parentId === null ? undefined : byId.get(step.parentId)
    }
    if (step !== undefined && way.has(step.id)) {
      const ids = [...way.keys()]
      const circle = ids.slice(ids.indexOf(step.id)).map((id) => byId.get(id) as Step)
      members += circle.length
      const [first] = circle.toSorted((a, b) => byStart(a, b) || (a.id < b.id ? -1 : 1))
      if (first !== undefined) cuts.add(first.id)
    }
    for (const id of way.keys()) known.add(id)
  }
  return { cuts, members }
}

function rowOf(step: Step, depth: number, own: bigint, total: bigint): StepRow {
  const { input, output, cachedInput, reasoning } = step.tokens
  return {
    id: step.id,
    parentId: step.parentId,
    kind: step.kind,
    name: step.name,
    model: step.model,
    endpoint: step.endpoint,
    gpuType: step.gpuType,
    startedAt: timeOf(step.startedAt),
    endedAt: step.endedAt === null ? null : timeOf(step.endedAt),
    outcome: step.outcome,
    attempt: step.attempt,
    tokens: {
      input: input.toString(),
      output: output.toString(),
      cachedInput: cachedInput.toString(),
      reasoning: reasoning.toString(),
    },
    own: own.toString(),
    total: total.toString(),
    cost: step.cost,
    depth,
  }
}

function byStart(a: Step, b: Step): number {
  return timeOf(a.startedAt) - timeOf(b.startedAt)
}

function timeOf(instant: string): number {
  const ms = Date.parse(instant)
  return Number.isFinite(ms) ? ms : 0
}

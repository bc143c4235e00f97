import type { StepRow } from '../../../shared/contract/tenants.ts'
import type { Step } from '../../../shared/metering/workflows.ts'
import { plural } from '../../../shared/model/words.ts'

/** The steps of a job as a tree, and what is odd about it. */
export interface StepTree {
  /** Parents before their children, siblings in the order of their start. Times are ms on the back end's clock. */
  readonly steps: StepRow[]
  /** Index of each step's parent; -1 at the top. */
  readonly parents: readonly number[]
  /** Tokens of each step itself, and with all under it; input and output. */
  readonly own: readonly bigint[]
  readonly total: readonly bigint[]
  /** In plain words. */
  readonly warnings: string[]
}

/**
 * Puts steps into the order of a tree. Nothing is left out: what has no parent in the answer, or is its own ancestor,
 * stands at the top and is told. Without recursion, because an agent may go ten thousand steps deep.
 */
export function arrange(answer: readonly Step[]): StepTree {
  const warnings: string[] = []
  const byId = new Map<string, Step>()
  for (const step of answer) if (!byId.has(step.id)) byId.set(step.id, step)
  const doubled = answer.length - byId.size
  if (doubled > 0) warnings.push(`${plural(doubled, 'step')} came twice and ${is(doubled)} counted once.`)

  const orphans = [...byId.values()].filter(({ parentId }) => parentId !== null && !byId.has(parentId))
  if (orphans.length > 0) {
    warnings.push(
      `${plural(orphans.length, 'step')} ${orphans.length === 1 ? 'names' : 'name'} a parent that the answer does not hold; ${they(orphans.length)} shown at the top.`,
    )
  }
  const circular = circularSteps(byId)
  if (circular.size > 0) {
    warnings.push(
      `${plural(circular.size, 'step')} ${circular.size === 1 ? 'is its' : 'are their'} own ancestor; ${they(circular.size)} shown at the top.`,
    )
  }

  const children = new Map<string | null, Step[]>()
  for (const step of byId.values()) {
    const { parentId } = step
    const parent = parentId === null || !byId.has(parentId) || circular.has(step.id) ? null : parentId
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [step])
    else siblings.push(step)
  }
  for (const siblings of children.values()) siblings.sort(byStart)
  const roots = children.get(null) ?? []
  const beginnings = roots.filter(({ id, parentId }) => parentId === null && !circular.has(id)).length
  if (beginnings > 1)
    warnings.push(`The job has ${beginnings} first steps; each stands as a tree of its own.`)

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

/** Steps whose way up never ends; one of each circle is enough to cut it. */
function circularSteps(byId: ReadonlyMap<string, Step>): Set<string> {
  const cut = new Set<string>()
  const known = new Set<string>()
  for (const start of byId.keys()) {
    const way = new Set<string>()
    let id: string | null | undefined = start
    while (typeof id === 'string' && byId.has(id) && !known.has(id)) {
      if (way.has(id)) {
        cut.add(id)
        break
      }
      way.add(id)
      id = byId.get(id)?.parentId
    }
    for (const each of way) known.add(each)
  }
  return cut
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
  return timeOf(a.startedAt) - timeOf(b.startedAt) || (a.id < b.id ? -1 : 1)
}

function timeOf(instant: string): number {
  const ms = Date.parse(instant)
  return Number.isFinite(ms) ? ms : 0
}

function is(count: number): string {
  return count === 1 ? 'is' : 'are'
}

function they(count: number): string {
  return count === 1 ? 'it is' : 'they are'
}

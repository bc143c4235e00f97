import type { StepRow } from '../../../shared/contract/tenants.ts'
import { grouped } from '../../../shared/model/phrases.ts'
import { say } from '../../../shared/messages/format.ts'
import { wasted } from './outcomes.ts'
import { type JobTree, jobTree } from './tree.ts'

/**
 * Steps that repeat side by side as one line: a loop of 9,819 flat rows is one that says how often and how much. What
 * repeats may be several steps long: a model pass and the look-up that it asks for.
 */
export interface FoldedTree {
  /** The steps, and between a parent and what repeats under it a step that stands for the run. */
  readonly tree: JobTree
  /** Place in `tree` of each step of the job. */
  readonly folded: Int32Array
  /** Place in the job of each step of `tree`; of a run, that of its first step. */
  readonly original: Int32Array
  /** 1 for a run. */
  readonly isRun: Uint8Array
}

/** Fewer repetitions than this are read as quickly as a word about them. */
const FEWEST = 4
/** Longer patterns are no loop that anybody would see. */
const LONGEST_PATTERN = 4

interface Run {
  readonly from: number
  readonly pattern: number
  readonly times: number
}

export function foldRuns(job: JobTree): FoldedTree {
  const steps: StepRow[] = []
  const original: number[] = []
  const runs: number[] = []
  const folded = new Int32Array(job.steps.length)
  /** Siblings with the id of what they stand under now; null: under the parent that they have. */
  const waiting: { readonly place: number; readonly under: string | null; readonly opens: StepRow | null }[] =
    []
  const put = (siblings: readonly number[], parent: string | null): void => {
    const entries = siblings.map((place) => ({ place, under: parent, opens: null as StepRow | null }))
    for (const { from, pattern, times } of runsOf(siblings.map((place) => keyOf(job, place)))) {
      const members = siblings.slice(from, from + pattern * times)
      const row = runRow(job, members, pattern, parent)
      members.forEach((place, i) => {
        entries[from + i] = { place, under: row.id, opens: i === 0 ? row : null }
      })
    }
    for (let i = entries.length - 1; i >= 0; i--) waiting.push(entries[i] as (typeof entries)[number])
  }
  put(job.roots, null)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { place, under, opens } = next
    if (opens !== null) {
      steps.push(opens)
      original.push(place)
      runs.push(1)
    }
    const step = job.steps[place] as StepRow
    folded[place] = steps.length
    steps.push({ ...step, parentId: under })
    original.push(place)
    runs.push(0)
    put(job.children[place] ?? [], step.id)
  }
  // A run's tokens are its steps', and are added up there: what it shows as its own is the sum of theirs.
  const added = jobTree(
    steps.map((step, i) => (runs[i] === 1 ? { ...step, own: '0' } : step)),
    job.whole,
  )
  const tree = { ...added, steps }
  return { tree, folded, original: Int32Array.from(original), isRun: Uint8Array.from(runs) }
}

function keyOf({ steps }: JobTree, place: number): string {
  const step = steps[place]
  return `${step?.kind} ${step?.name}`
}

/** Patterns that repeat one after the other, from the left; of several at one place the one that covers most. */
export function runsOf(keys: readonly string[]): Run[] {
  const runs: Run[] = []
  let at = 0
  while (at < keys.length) {
    let best: Run | null = null
    for (let pattern = 1; pattern <= LONGEST_PATTERN; pattern++) {
      let end = at + pattern
      while (end < keys.length && keys[end] === keys[end - pattern]) end++
      const times = Math.floor((end - at) / pattern)
      if (times < FEWEST) continue
      if (best === null || pattern * times > best.pattern * best.times) best = { from: at, pattern, times }
    }
    if (best !== null) runs.push(best)
    at += best === null ? 1 : best.pattern * best.times
  }
  return runs
}

function runRow(job: JobTree, members: readonly number[], pattern: number, parent: string | null): StepRow {
  const rows = members.map((place) => job.steps[place] as StepRow)
  const first = rows[0] as StepRow
  const sum = (of: (row: StepRow) => string): string =>
    rows.reduce((all, row) => all + BigInt(of(row)), 0n).toString()
  const same = <T>(of: (row: StepRow) => T): T | null =>
    rows.every((row) => of(row) === of(first)) ? of(first) : null
  const vain = rows.filter(({ outcome }) => wasted(outcome)).length
  const words = rows.slice(0, pattern).map(({ name }) => name)
  const run = { times: grouped(rows.length / pattern), steps: words.join(' → ') }
  const ends = rows.map(({ endedAt }) => endedAt)
  const running = ends.includes(null)
  return {
    ...first,
    id: `run of ${first.id}`,
    parentId: parent,
    kind: same(({ kind }) => kind) ?? 'other',
    name:
      vain === 0 || vain === rows.length
        ? say('steps.run', run)
        : say('steps.run.wasted', { ...run, wasted: vain }),
    model: same(({ model }) => model),
    endpoint: same(({ endpoint }) => endpoint),
    gpuType: same(({ gpuType }) => gpuType),
    endedAt: running ? null : Math.max(...ends.map((at) => at ?? 0)),
    outcome: same(({ outcome }) => outcome) ?? (running ? 'running' : 'ok'),
    attempt: 1,
    tokens: {
      input: sum(({ tokens }) => tokens.input),
      output: sum(({ tokens }) => tokens.output),
      cachedInput: sum(({ tokens }) => tokens.cachedInput),
      reasoning: sum(({ tokens }) => tokens.reasoning),
    },
    own: sum(({ own }) => own),
    total: sum(({ total }) => total),
    cost: null,
  }
}

import type { StepRow } from '../../../shared/contract/tenants.ts'
import type { WorkflowOutcome } from './address.ts'
import { wasted, wastedJob } from './outcomes.ts'

/** The steps of a job by their place in the list, for looking up and for drawing. */
export interface JobTree {
  readonly steps: readonly StepRow[]
  /** Place of each step's parent; -1 at the top. Always smaller than its own. */
  readonly parents: Int32Array
  /** Places of the steps under each, in the order of their start. */
  readonly children: readonly (readonly number[])[]
  readonly roots: readonly number[]
  /** From 0 at the top. */
  readonly depths: Int32Array
  /** Place among its siblings, from 0. */
  readonly places: Int32Array
  /** Steps under each, itself not counted. */
  readonly below: Int32Array
  /** Tokens of each with all under it: for pictures; the exact count is in the step. */
  readonly totals: Float64Array
  /** Tokens that shares are taken of: the job's, or those of its steps where they are more. */
  readonly whole: bigint
  /** Tokens of the job that no step explains; 0n where the steps have more than the job. */
  readonly unexplained: bigint
  readonly placeOf: ReadonlyMap<string, number>
  /** 1 for steps whose tokens are wasted: they, a step above them, or the whole job ended without a result. */
  readonly wasted: Uint8Array
}

const NO_CHILDREN: readonly number[] = []

/**
 * Puts the steps of an answer together. Parents stand before their children; one that names a later parent, or none that
 * is there, stands at the top, so that nothing is lost and nothing goes in circles.
 * @param jobTokens exact tokens of the job, as the back end counts them
 * @param outcome of the job
 */
export function jobTree(
  steps: readonly StepRow[],
  jobTokens: bigint,
  outcome: WorkflowOutcome = 'succeeded',
): JobTree {
  const count = steps.length
  const placeOf = new Map<string, number>()
  const parents = new Int32Array(count)
  const depths = new Int32Array(count)
  const places = new Int32Array(count)
  const below = new Int32Array(count)
  const vain = new Uint8Array(count)
  const all = wastedJob(outcome)
  const lists: number[][] = []
  const roots: number[] = []
  for (const [place, { id, parentId, outcome: own }] of steps.entries()) {
    // Looked up before it is noted itself, so that only those before it can be found.
    const parent = parentId === null ? -1 : (placeOf.get(parentId) ?? -1)
    const siblings = parent === -1 ? roots : (lists[parent] ??= [])
    parents[place] = parent
    vain[place] = all || wasted(own) || vain[parent] === 1 ? 1 : 0
    depths[place] = parent === -1 ? 0 : (depths[parent] ?? 0) + 1
    places[place] = siblings.length
    siblings.push(place)
    if (!placeOf.has(id)) placeOf.set(id, place)
  }

  const exact = steps.map(({ own }) => BigInt(own))
  for (let place = count - 1; place >= 0; place--) {
    const parent = parents[place] ?? -1
    if (parent === -1) continue
    exact[parent] = (exact[parent] ?? 0n) + (exact[place] ?? 0n)
    below[parent] = (below[parent] ?? 0) + (below[place] ?? 0) + 1
  }
  const explained = roots.reduce((sum, root) => sum + (exact[root] ?? 0n), 0n)
  return {
    steps,
    parents,
    children: Array.from({ length: count }, (_, place) => lists[place] ?? NO_CHILDREN),
    roots,
    depths,
    places,
    below,
    totals: Float64Array.from(exact, Number),
    whole: explained > jobTokens ? explained : jobTokens,
    unexplained: explained < jobTokens ? jobTokens - explained : 0n,
    placeOf,
    wasted: vain,
  }
}

/** The steps above one, the top first, itself last. */
export function wayTo(tree: Pick<JobTree, 'parents'>, place: number): number[] {
  const way: number[] = []
  for (let at = place; at >= 0; at = tree.parents[at] ?? -1) way.push(at)
  return way.toReversed()
}

/** Of the whole job, 0 to 1: for bars and words; null where the job has no tokens. */
export function shareOf(tokens: bigint, whole: bigint): number | null {
  if (whole <= 0n) return null
  // Six digits are more than any bar or percentage shows.
  return Number((tokens * 1_000_000n) / whole) / 1_000_000
}

import { STEP_KINDS } from '../../../shared/metering/workflows.ts'
import type { JobTree } from './tree.ts'
import { KIND_WORDS, type StepKind } from './outcomes.ts'

export interface KindSum {
  readonly kind: StepKind
  readonly steps: number
  /** Of the steps themselves, without what is under them: the kinds add up to the job. */
  readonly own: bigint
  /** Of these, in steps that ended without what they were made for, or under one, or of a job without a result. */
  readonly wasted: { readonly steps: number; readonly own: bigint }
}

/** What each kind of step took, the most first; kinds that do not occur are left out. */
export function kindSums({ steps, wasted }: Pick<JobTree, 'steps' | 'wasted'>): KindSum[] {
  const sums = STEP_KINDS.map((kind) => {
    const all = steps.filter((step) => step.kind === kind)
    const waste = steps.filter((step, place) => step.kind === kind && wasted[place] === 1)
    return {
      kind,
      steps: all.length,
      own: ownOf(all),
      wasted: { steps: waste.length, own: ownOf(waste) },
    }
  })
  const order = Object.keys(KIND_WORDS)
  return sums
    .filter((sum) => sum.steps > 0)
    .toSorted((a, b) =>
      a.own === b.own ? order.indexOf(a.kind) - order.indexOf(b.kind) : a.own < b.own ? 1 : -1,
    )
}

function ownOf(steps: JobTree['steps']): bigint {
  return steps.reduce((sum, { own }) => sum + BigInt(own), 0n)
}

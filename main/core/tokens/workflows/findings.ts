import type { StepRow } from '../../../../shared/contract/tenants.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { type Message, message, said } from '../../../../shared/messages/message.ts'
import type { StepTree } from './tree.ts'

/** One reason why a job took so many tokens. */
export interface Finding {
  readonly text: Message
  /** Places in the tree, ascending. */
  readonly steps: readonly number[]
  readonly tokens: bigint
}

export const FAILURES: ReadonlySet<StepRow['outcome']> = new Set(['failed', 'timeout', 'rejected', 'missed'])

export function rowAt(tree: StepTree, step: number): StepRow {
  return tree.steps[step] as StepRow
}

/** Calls of the same model, tool or index. */
export function callOf({ kind, name }: StepRow): string {
  return `${kind} ${name}`
}

/** Of these steps with everything under them; none may lie under another. */
export function totalOf(tree: StepTree, steps: readonly number[]): bigint {
  return sum(steps.map((step) => tree.total[step] as bigint))
}

export function sum(counts: readonly bigint[]): bigint {
  return counts.reduce((all, count) => all + count, 0n)
}

/** Steps that pass and lie under no other that does, so that their tokens may be added. @param apart with all under them */
export function topmost(
  tree: StepTree,
  passes: (row: StepRow, step: number) => boolean,
  apart: ReadonlySet<number>,
): number[] {
  const covered = new Uint8Array(tree.steps.length)
  return tree.parents.flatMap((parent, step) => {
    if (parent >= 0 && covered[parent] === 1) {
      covered[step] = 1
      return []
    }
    const found = passes(rowAt(tree, step), step)
    if (apart.has(step) || found) covered[step] = 1
    return found && !apart.has(step) ? [step] : []
  })
}

/** "398 M tok, 99 % of the job" */
export function size(tokens: bigint, job: bigint): Message {
  const text = figureText(tokens, { unit: 'tok' })
  if (job <= 0n) return said(text)
  const share = figureText(Number((tokens * 1000n) / job) / 10, { unit: '%' })
  return message('remark.size', { tokens: text, share })
}

/** Name of the step under which something happened; null at the top. */
export function parentOf(tree: StepTree, parent: number): string | null {
  return parent < 0 ? null : rowAt(tree, parent).name
}

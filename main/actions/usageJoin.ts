import type { Usage } from '../core/throttles/index.ts'

/** Most steps that are kept: eight hours of ten seconds, and what was before. */
const MOST_STEPS = 3_000

/** Usage with newer usage of the same kind: where both have a step, the newer answer is right. */
export function joined(old: Usage, newer: Usage): Usage {
  const [first] = newer.steps
  if (first === undefined || old.stepMs !== newer.stepMs) return first === undefined ? old : newer
  const before = old.steps.filter(({ at }) => at < first.at)
  const last = before.at(-1)
  // A hole between them is time that is not measured: what lies before it is of no use for what comes after.
  if (last !== undefined && last.at + old.stepMs < first.at) return newer
  return { ...newer, steps: [...before, ...newer.steps].slice(-MOST_STEPS) }
}

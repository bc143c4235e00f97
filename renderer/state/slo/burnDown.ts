import type { SloHistory } from '../../../shared/contract/slo.ts'

type Points = SloHistory['points']

/** A drawing of the budget in a box of 1 × 1, y downwards. */
export interface BurnDown {
  /** Of the axis: budget left at the bottom; the top is 1. */
  readonly lowest: number
  /** The line of what is left, broken nowhere: what is not measured is in the band. */
  readonly line: readonly (readonly [x: number, y: number])[]
  /** Between all unmeasured as bad and as good: along the top, and back along the bottom. */
  readonly band: readonly (readonly [x: number, y: number])[]
  /** Stretches of which less than half is known. */
  readonly unmeasured: readonly (readonly [from: number, to: number])[]
  /** y of the budget being gone. */
  readonly zero: number
  /** Bad ratio of each stretch against what is owed: 1 is a rate that spends the budget in its period. */
  readonly burns: readonly { readonly x: number; readonly width: number; readonly burn: number | null }[]
}

/** Less than this is known of a stretch that is hatched. */
const HALF = 0.5

export function burnDownOf(history: SloHistory, fromMs: number, toMs: number): BurnDown {
  const { points, stepMs, objective } = history
  const x = (at: number) => (at - fromMs) / (toMs - fromMs)
  const end = (index: number) => points[index + 1]?.at ?? Math.min(toMs, (points[index]?.at ?? toMs) + stepMs)
  const lefts = points.flatMap(({ budget }) => (budget === null ? [] : [budget.left, budget.leftWorst]))
  // A worst case far below the ground would press everything else flat.
  const lowest = Math.min(0, Math.max(-1, Math.min(0, ...lefts)))
  const y = (left: number) => (1 - Math.min(1, Math.max(lowest, left))) / (1 - lowest)
  const at = (of: 'left' | 'leftWorst' | 'leftBest') => {
    const first = points[0]
    if (first === undefined) return []
    const drawn: [number, number][] = [[x(first.at), y(1)]]
    points.forEach(({ budget }, index) => {
      if (budget !== null) drawn.push([x(end(index)), y(budget[of])])
    })
    return drawn
  }
  return {
    lowest,
    line: at('left'),
    band: [...at('leftBest'), ...at('leftWorst').toReversed()],
    unmeasured: stretches(points, end).map(([from, to]) => [x(from), x(to)] as const),
    zero: y(0),
    burns: points.map(({ at: from, bad, total }, index) => ({
      x: x(from),
      width: Math.max(0, x(end(index)) - x(from)),
      burn: total > 0 ? bad / total / (1 - objective.target) : null,
    })),
  }
}

function stretches(points: Points, end: (index: number) => number): [number, number][] {
  const found: [number, number][] = []
  points.forEach(({ at, known, expected }, index) => {
    if (expected === 0 || known / expected >= HALF) return
    const last = found.at(-1)
    if (last !== undefined && last[1] === at) last[1] = end(index)
    else found.push([at, end(index)])
  })
  return found
}

export function pathOf(points: readonly (readonly [number, number])[], closed = false): string {
  if (points.length === 0) return ''
  const text = points.map(([x, y]) => `${(x * 1000).toFixed(1)} ${(y * 100).toFixed(2)}`)
  return `M${text.join('L')}${closed ? 'Z' : ''}`
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindSums } from './kinds.ts'
import { opening, openIn, revealing, rowsOf } from './rows.ts'
import { chainOf, stepOf } from './testing/steps.ts'
import { jobTree, shareOf, wayTo } from './tree.ts'
import { treeKey } from './treeKeys.ts'

/** 0 ─ 1 ─ 3, 0 ─ 2, 4 */
const STEPS = [
  stepOf('0', null, 10n),
  stepOf('1', '0', 20n),
  stepOf('3', '1', 5n),
  stepOf('2', '0', 60n),
  stepOf('4', null, 5n),
]
const tree = jobTree(STEPS, 110n)

const everyPlaceOf = ({ below }: { readonly below: ArrayLike<number> }) =>
  new Set(Array.from(below, (_, place) => place))

describe('jobTree', () => {
  it('knows what is under each step and what no step explains', () => {
    expect([...tree.parents]).toEqual([-1, 0, 1, 0, -1])
    expect([...tree.totals]).toEqual([95, 25, 5, 60, 5])
    expect([...tree.below]).toEqual([3, 1, 0, 0, 0])
    expect([...tree.depths]).toEqual([0, 1, 2, 1, 0])
    expect([tree.whole, tree.unexplained]).toEqual([110n, 10n])
    expect(wayTo(tree, 2)).toEqual([0, 1, 2])
  })

  it('takes shares of the steps where they have more than the job', () => {
    const { whole, unexplained } = jobTree(STEPS, 50n)
    expect([whole, unexplained]).toEqual([100n, 0n])
    expect([shareOf(25n, 100n), shareOf(1n, 0n)]).toEqual([0.25, null])
  })

  it('puts a step at the top whose parent is itself, comes later or is not there', () => {
    const { roots } = jobTree([stepOf('a', 'a'), stepOf('b', 'c'), stepOf('c', null), stepOf('d', 'x')], 0n)
    expect(roots).toEqual([0, 1, 2, 3])
  })

  it('keeps totals beyond 2^53 exact in what is unexplained', () => {
    const huge = 2n ** 60n
    expect(jobTree([stepOf('0', null, huge), stepOf('1', '0', 1n)], huge + 3n).unexplained).toBe(2n)
  })
})

describe('rows', () => {
  it('lists what is open, children behind their parents', () => {
    expect(rowsOf(tree, new Set())).toEqual([0, 4])
    expect(rowsOf(tree, new Set([0]))).toEqual([0, 1, 3, 4])
    expect(rowsOf(tree, everyPlaceOf(tree))).toEqual([0, 1, 2, 3, 4])
    // Open below something closed: not in sight.
    expect(rowsOf(tree, new Set([1]))).toEqual([0, 4])
  })

  it('shows each step of any tree once when all is open, parents first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 80 }), (given) => {
        const steps = given.map((n, i) => stepOf(String(i), n % (i + 1) === i ? null : String(n % (i + 1))))
        const any = jobTree(steps, 0n)
        const rows = rowsOf(any, everyPlaceOf(any))
        expect(rows.toSorted((a, b) => a - b)).toEqual(steps.map((_, i) => i))
        const seen = new Set([-1])
        for (const row of rows) {
          expect(seen.has(any.parents[row] ?? -2)).toBe(true)
          seen.add(row)
        }
      }),
    )
  })

  it('goes ten thousand steps deep without recursion', () => {
    const deep = jobTree(chainOf(10_000), 10_000n)
    expect(rowsOf(deep, everyPlaceOf(deep))).toHaveLength(10_000)
    expect(revealing(deep, new Set(), [9999]).size).toBe(9999)
    expect(rowsOf(deep, opening(deep, 60))).toHaveLength(60)
  })

  it('opens the branches with the most tokens first, as long as there is room', () => {
    const steps = [
      stepOf('root', null),
      stepOf('big', 'root'),
      ...Array.from({ length: 5 }, (_, i) => stepOf(`b${i}`, 'big', 100n)),
      stepOf('small', 'root'),
      ...Array.from({ length: 5 }, (_, i) => stepOf(`s${i}`, 'small', 1n)),
    ]
    const both = jobTree(steps, 0n)
    expect([...opening(both, 8)]).toEqual([0, 1])
    expect([...opening(both, 100)]).toEqual([0, 1, 7])
    // The first level in any case: a closed top explains nothing.
    expect([...opening(both, 1)]).toEqual([0])
  })

  it('keeps open what was, when a job that runs has grown', () => {
    const before = jobTree([stepOf('a', null), stepOf('a1', 'a'), stepOf('b', null), stepOf('b1', 'b')], 0n)
    const grown = [
      stepOf('a', null),
      stepOf('a1', 'a'),
      stepOf('a2', 'a'),
      stepOf('b', null),
      stepOf('b1', 'b'),
    ]
    expect([...openIn(jobTree(grown, 0n), before, new Set([2]))]).toEqual([3])
    expect([...openIn(jobTree(grown.slice(0, 2), 0n), before, new Set([0, 2]))]).toEqual([0])
  })

  it('opens everything above a step, and nothing where it is in sight already', () => {
    const open = new Set([0])
    expect([...revealing(tree, open, [2])]).toEqual([0, 1])
    expect(revealing(tree, open, [1])).toBe(open)
  })
})

describe('treeKey', () => {
  const open = new Set([0])
  const press = (key: string, current: number, opened: ReadonlySet<number> = open) =>
    treeKey(key, { tree, rows: rowsOf(tree, opened), open: opened, current, page: 2 })

  it('walks the rows in sight and stops at the ends', () => {
    expect(press('ArrowDown', 0)).toEqual({ kind: 'go', to: 1 })
    expect(press('ArrowDown', 4)).toEqual({ kind: 'go', to: 4 })
    expect(press('ArrowUp', 3)).toEqual({ kind: 'go', to: 1 })
    expect(press('Home', 3)).toEqual({ kind: 'go', to: 0 })
    expect(press('End', 0)).toEqual({ kind: 'go', to: 4 })
    expect(press('PageDown', 0)).toEqual({ kind: 'go', to: 3 })
    expect(press('PageUp', 3)).toEqual({ kind: 'go', to: 0 })
    expect(press('k', -1)).toEqual({ kind: 'go', to: 0 })
  })

  it('opens with right, then goes in; closes with left, then goes out', () => {
    expect(press('ArrowRight', 1)).toEqual({ kind: 'open', places: [1] })
    expect(press('ArrowRight', 0)).toEqual({ kind: 'go', to: 1 })
    expect(press('ArrowRight', 3)).toEqual({ kind: 'go', to: 3 })
    expect(press('ArrowLeft', 0)).toEqual({ kind: 'close', places: [0] })
    expect(press('ArrowLeft', 3)).toEqual({ kind: 'go', to: 0 })
    expect(press('ArrowLeft', 4)).toEqual({ kind: 'go', to: 4 })
  })

  it('opens all branches beside one with *', () => {
    expect(press('*', 3)).toEqual({ kind: 'open', places: [1] })
    expect(press('*', 0, new Set())).toEqual({ kind: 'open', places: [0] })
  })

  it('leaves other keys and an empty tree alone', () => {
    expect(press('x', 0)).toBeNull()
    expect(treeKey('Home', { tree, rows: [], open, current: -1, page: 5 })).toBeNull()
  })
})

describe('kindSums', () => {
  it('adds up what the steps took themselves, and what of it was wasted', () => {
    const steps = [
      stepOf('0', null, 10n, { kind: 'agent' }),
      stepOf('1', '0', 70n),
      stepOf('2', '0', 30n, { outcome: 'timeout' }),
      stepOf('3', '0', 0n, { kind: 'tool', outcome: 'failed' }),
    ]
    expect(kindSums(jobTree(steps, 110n))).toEqual([
      { kind: 'model', steps: 2, own: 100n, wasted: { steps: 1, own: 30n } },
      { kind: 'agent', steps: 1, own: 10n, wasted: { steps: 0, own: 0n } },
      { kind: 'tool', steps: 1, own: 0n, wasted: { steps: 1, own: 0n } },
    ])
  })
  it('takes all under a step that failed, and all of a job without a result, for wasted', () => {
    const steps = [
      stepOf('0', null, 10n),
      stepOf('1', '0', 20n, { outcome: 'failed' }),
      stepOf('2', '1', 30n),
      stepOf('3', '0', 40n),
    ]
    const wasted = (outcome: 'succeeded' | 'failed' | 'cancelled' | 'running') =>
      kindSums(jobTree(steps, 100n, outcome))[0]?.wasted
    expect(wasted('succeeded')).toEqual({ steps: 2, own: 50n })
    expect(wasted('running')).toEqual({ steps: 2, own: 50n })
    for (const outcome of ['failed', 'cancelled'] as const)
      expect(wasted(outcome)).toEqual({ steps: 4, own: 100n })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IcicleTree, layoutIcicle } from './icicle.ts'
import { cellAt, walkIcicle } from './hit.ts'

/** A forest from parents that come before their children, and what each step took itself. */
function forest(parents: readonly number[], own: readonly number[]): IcicleTree {
  const children: number[][] = parents.map(() => [])
  const roots: number[] = []
  const totals = own.slice()
  const below = parents.map(() => 0)
  for (const [place, parent] of parents.entries()) {
    if (parent === -1) roots.push(place)
    else children[parent]?.push(place)
  }
  for (let place = parents.length - 1; place >= 0; place--) {
    const parent = parents[place] ?? -1
    if (parent === -1) continue
    totals[parent] = (totals[parent] ?? 0) + (totals[place] ?? 0)
    below[parent] = (below[parent] ?? 0) + (below[place] ?? 0) + 1
  }
  return { roots, children, parents, below, totals }
}

const OPTIONS = { branch: -1, unexplained: 0, width: 1000, rowHeight: 20, rows: 8, smallest: 3 }
const brief = (layout: ReturnType<typeof layoutIcicle>) =>
  layout.cells.map(({ kind, step, x, width, row }) => [kind, step, x, width, row])

describe('layoutIcicle', () => {
  it('gives widths in proportion to tokens, and leaves free what a step took itself', () => {
    // 0 took 20 itself and has two steps of 50 and 30 under it.
    const tree = forest([-1, 0, 0], [20, 50, 30])
    expect(brief(layoutIcicle(tree, OPTIONS))).toEqual([
      ['whole', -1, 0, 1000, 0],
      ['step', 0, 0, 1000, 1],
      ['step', 1, 0, 500, 2],
      ['step', 2, 500, 300, 2],
    ])
  })

  it('shows what no step explains beside the steps', () => {
    const layout = layoutIcicle(forest([-1], [75]), { ...OPTIONS, unexplained: 25 })
    expect(brief(layout).slice(1)).toEqual([
      ['step', 0, 0, 750, 1],
      ['rest', -1, 750, 250, 1],
    ])
  })

  it('fills the width with a branch', () => {
    const tree = forest([-1, 0, 1, 0], [0, 10, 30, 960])
    const layout = layoutIcicle(tree, { ...OPTIONS, branch: 1 })
    expect(brief(layout)).toEqual([
      ['step', 1, 0, 1000, 0],
      ['step', 2, 0, 750, 1],
    ])
    expect([...layout.cellOf]).toEqual([-1, 0, 1, -1])
  })

  it('draws nothing of a job without steps or without tokens, and counts its steps', () => {
    expect(layoutIcicle(forest([], []), OPTIONS).cells).toEqual([])
    const idle = layoutIcicle(forest([-1, 0], [0, 0]), OPTIONS)
    expect([idle.cells.length, idle.counts.narrow]).toEqual([0, 2])
  })

  it('draws neighbours that are too narrow as one, with the number of their steps', () => {
    // 1000 passes of which 400 have a child each: one pixel a pass.
    const parents = [-1, ...Array.from({ length: 1000 }, () => 0)]
    for (let i = 1; i <= 400; i++) parents.push(i)
    const layout = layoutIcicle(forest(parents, [0, ...Array.from({ length: 1400 }, () => 1)]), OPTIONS)
    expect(brief(layout).slice(2)).toEqual([['group', 1, 0, 1000, 2]])
    expect(layout.cells[2]?.hidden).toBe(1400)
    expect(layout.counts).toEqual({ drawn: 1, grouped: 1400, narrow: 0, deeper: 0 })
    expect(layout.cellOf[1400]).toBe(2)
  })

  it('goes ten thousand steps deep, down to its last row', () => {
    const parents = Array.from({ length: 10_000 }, (_, i) => i - 1)
    const layout = layoutIcicle(
      forest(
        parents,
        parents.map(() => 1),
      ),
      OPTIONS,
    )
    expect(layout.cells).toHaveLength(8)
    expect(layout.cells.at(-1)?.hidden).toBe(9993)
    expect(layout.counts).toEqual({ drawn: 7, grouped: 0, narrow: 0, deeper: 9993 })
    expect(layout.cellOf[9999]).toBe(7)
  })

  it('accounts for every step, and keeps cells within their parents and apart from one another', () => {
    const steps = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 1e12 })), { maxLength: 120 })
    const more = fc.record({
      unexplained: fc.integer({ min: 0, max: 1e12 }),
      rows: fc.integer({ min: 1, max: 6 }),
      width: fc.integer({ min: 1, max: 400 }),
      branch: fc.nat(),
    })
    fc.assert(
      fc.property(steps, more, (given, { branch, ...options }) => {
        const parents = given.map(([parent], place) => (parent % (place + 1)) - 1)
        const tree = forest(
          parents,
          given.map(([, own]) => own),
        )
        const root = given.length === 0 ? -1 : (branch % (given.length + 1)) - 1
        const layout = layoutIcicle(tree, { ...OPTIONS, ...options, branch: root })
        const { drawn, grouped, narrow, deeper } = layout.counts
        const within = root === -1 ? given.length : (tree.below[root] ?? 0) + 1
        expect(drawn + grouped + narrow + deeper).toBe(within)
        for (const [place, cell] of layout.cells.entries()) {
          const parent = layout.cells[cell.parent]
          const before = layout.cells[place - 1]
          if (parent !== undefined) {
            expect(cell.x).toBeGreaterThanOrEqual(parent.x - 1e-6)
            expect(cell.x + cell.width).toBeLessThanOrEqual(parent.x + parent.width + 1e-6)
          }
          if (before?.row === cell.row) expect(cell.x).toBeGreaterThanOrEqual(before.x + before.width - 1e-6)
        }
      }),
    )
  })
})

describe('cellAt and walkIcicle', () => {
  const tree = forest([-1, 0, 0, 2, 2], [20, 50, 10, 5, 15])
  const layout = layoutIcicle(tree, OPTIONS)
  const stepAt = (x: number, y: number): number => layout.cells[cellAt(layout, x, y)]?.step ?? -2

  it('finds the cell under the pointer, and none where a step has nothing under it', () => {
    expect([stepAt(10, 25), stepAt(10, 45), stepAt(600, 45), stepAt(520, 65)]).toEqual([0, 1, 2, 3])
    expect([cellAt(layout, 10, 65), cellAt(layout, 10, 500), cellAt(layout, -1, 5)]).toEqual([-1, -1, -1])
  })

  it('walks to parents, to the largest child and to neighbours, and stays where there is no way', () => {
    const from = (step: number) =>
      layout.cells.findIndex((cell) => cell.step === step && cell.kind === 'step')
    const walk = (step: number, way: Parameters<typeof walkIcicle>[2]) =>
      layout.cells[walkIcicle(layout, from(step), way)]?.step
    expect([walk(0, 'down'), walk(2, 'down'), walk(4, 'left'), walk(1, 'right'), walk(3, 'up')]).toEqual([
      1, 4, 3, 2, 2,
    ])
    expect([walk(1, 'down'), walk(1, 'left'), walk(2, 'right')]).toEqual([1, 1, 2])
    expect([walkIcicle(layout, -1, 'down'), walkIcicle(layout, 4, 'first')]).toEqual([0, 0])
  })
})

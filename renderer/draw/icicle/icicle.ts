import { hierarchy, partition } from 'd3'

/** What an icicle is laid out from: a forest whose steps are known by their place. */
export interface IcicleTree {
  readonly roots: readonly number[]
  readonly children: readonly (readonly number[])[]
  readonly parents: ArrayLike<number>
  /** Steps under each. */
  readonly below: ArrayLike<number>
  /** Of each with all under it; widths are in proportion to it. */
  readonly totals: ArrayLike<number>
}

export interface IcicleOptions {
  /** The step that fills the width; -1 for all of them, under a bar of the whole. */
  readonly branch: number
  /** Of the whole, what no step explains. */
  readonly unexplained: number
  /** px */
  readonly width: number
  readonly rowHeight: number
  /** Levels that there is room for; deeper ones are counted. */
  readonly rows: number
  /** px: narrower siblings beside one another are drawn as one. */
  readonly smallest: number
}

/**
 * `group`: neighbours too narrow for cells of their own. `rest`: what no step explains. `gap`: keeps the place of what is
 * too narrow to be seen at all.
 */
export type IcicleKind = 'whole' | 'step' | 'group' | 'rest' | 'gap'

export interface IcicleCell {
  readonly kind: IcicleKind
  /** Place of the step; of a group, that with the most; -1 for all others. */
  readonly step: number
  /** Steps that are drawn as this one: itself, or the members of a group. */
  readonly members: readonly number[]
  readonly value: number
  /** px from the left. */
  readonly x: number
  readonly width: number
  readonly row: number
  /** Place of the cell that it hangs under, -1 at the top. */
  readonly parent: number
  /** Steps under it that have no cell: those of a group, and what lies too deep. */
  readonly hidden: number
}

export interface IcicleLayout {
  /** From left to right within a row, rows one after another. */
  readonly cells: readonly IcicleCell[]
  /** Where each row begins in `cells`, and behind the last one where they end. */
  readonly rowStarts: readonly number[]
  readonly rowHeight: number
  readonly width: number
  /** Cell in which each step is seen: its own, its group's, or that of the nearest step above; -1 outside the branch. */
  readonly cellOf: Int32Array
  readonly counts: {
    /** Steps with a cell of their own. */
    readonly drawn: number
    /** In groups, with all under them. */
    readonly grouped: number
    /** Too narrow even as a group: they took next to nothing. */
    readonly narrow: number
    /** Below the last row. */
    readonly deeper: number
  }
}

interface Datum {
  readonly kind: IcicleKind
  readonly step: number
  readonly members: readonly number[]
  readonly value: number
  readonly level: number
}

/** A group narrower than this would be an invisible sliver. */
const THINNEST = 1

/**
 * Tokens as widths, a row for each level, steps in their order. Only what can be seen is laid out: of ten thousand steps
 * in a row the narrow ones become groups, and a chain of ten thousand ends at the last row; both are counted.
 */
export function layoutIcicle(tree: IcicleTree, options: IcicleOptions): IcicleLayout {
  const { branch, unexplained, width, rowHeight, rows, smallest } = options
  const top = topOf(tree, branch, unexplained)
  const count = tree.parents.length
  const within = branch === -1 ? count : (tree.below[branch] ?? 0) + 1
  if (!(top.value > 0) || !(width > 0) || rows < 1) {
    return {
      cells: [],
      rowStarts: [0],
      rowHeight,
      width,
      cellOf: new Int32Array(count).fill(-1),
      counts: { drawn: 0, grouped: 0, narrow: within, deeper: 0 },
    }
  }

  const scale = width / top.value
  const expand = (datum: Datum): Datum[] => {
    const { kind, step, level } = datum
    if ((kind !== 'step' && kind !== 'whole') || level + 1 >= rows) return []
    const under = kind === 'whole' ? tree.roots : (tree.children[step] ?? [])
    const found = gather(tree, under, level + 1, scale, smallest)
    return kind === 'whole' && unexplained * scale >= THINNEST
      ? [...found, { kind: 'rest', step: -1, members: [], value: unexplained, level: level + 1 }]
      : found
  }
  // A step keeps what it took itself: its children's widths leave that free behind them.
  const data = hierarchy<Datum>(top, expand).each((node) => Object.assign(node, { value: node.data.value }))
  const laid = partition<Datum>().size([width, rowHeight * rows])(data)

  const levels: (typeof laid)[][] = []
  laid.each((node) => (levels[node.depth] ??= []).push(node))
  const placeOf = new Map<typeof laid, number>()
  const cells: IcicleCell[] = []
  const rowStarts: number[] = []
  for (const level of levels) {
    rowStarts.push(cells.length)
    for (const node of level.toSorted((a, b) => a.x0 - b.x0)) {
      placeOf.set(node, cells.length)
      const { kind, step, members, value } = node.data
      cells.push({
        kind,
        step,
        members,
        value,
        x: node.x0,
        width: node.x1 - node.x0,
        row: node.depth,
        parent: node.parent === null ? -1 : (placeOf.get(node.parent) ?? -1),
        hidden: hiddenUnder(tree, node.data, rows),
      })
    }
  }
  rowStarts.push(cells.length)
  return {
    cells,
    rowStarts,
    rowHeight,
    width,
    cellOf: placesOfSteps(tree, cells, branch === -1 ? 0 : -1),
    counts: countsOf(tree, cells, rows, within),
  }
}

function topOf(tree: IcicleTree, branch: number, unexplained: number): Datum {
  if (branch !== -1) {
    return { kind: 'step', step: branch, members: [branch], value: tree.totals[branch] ?? 0, level: 0 }
  }
  const value = tree.roots.reduce((sum, root) => sum + (tree.totals[root] ?? 0), unexplained)
  return { kind: 'whole', step: -1, members: [], value, level: 0 }
}

/** Siblings as cells: narrow ones that stand beside one another as one, unless even that would not be seen. */
function gather(
  tree: IcicleTree,
  siblings: readonly number[],
  level: number,
  scale: number,
  smallest: number,
): Datum[] {
  const found: Datum[] = []
  let narrow: number[] = []
  let sum = 0
  const flush = (): void => {
    if (narrow.length > 0 && sum * scale >= THINNEST) {
      const step = narrow.reduce((best, place) =>
        (tree.totals[place] ?? 0) > (tree.totals[best] ?? 0) ? place : best,
      )
      found.push({ kind: 'group', step, members: narrow, value: sum, level })
    } else if (sum > 0) {
      found.push({ kind: 'gap', step: -1, members: [], value: sum, level })
    }
    narrow = []
    sum = 0
  }
  for (const place of siblings) {
    const value = tree.totals[place] ?? 0
    if (value * scale < smallest) {
      narrow.push(place)
      sum += value
    } else {
      flush()
      found.push({ kind: 'step', step: place, members: [place], value, level })
    }
  }
  flush()
  return found
}

function withBelow(tree: IcicleTree, members: readonly number[]): number {
  return members.reduce((sum, place) => sum + 1 + (tree.below[place] ?? 0), 0)
}

function hiddenUnder(tree: IcicleTree, { kind, step, members, level }: Datum, rows: number): number {
  if (kind === 'group') return withBelow(tree, members)
  return kind === 'step' && level + 1 >= rows ? (tree.below[step] ?? 0) : 0
}

function countsOf(
  tree: IcicleTree,
  cells: readonly IcicleCell[],
  rows: number,
  within: number,
): IcicleLayout['counts'] {
  let drawn = 0
  let grouped = 0
  let deeper = 0
  for (const { kind, members, row, hidden } of cells) {
    if (kind === 'step') drawn += 1
    if (kind === 'group') grouped += withBelow(tree, members)
    if (kind === 'step' && row + 1 >= rows) deeper += hidden
  }
  return { drawn, grouped, deeper, narrow: within - drawn - grouped - deeper }
}

/** Parents come before their children, so that each step finds its parent's cell. @param top cell of what is at the top */
function placesOfSteps(tree: IcicleTree, cells: readonly IcicleCell[], top: number): Int32Array {
  const cellOf = new Int32Array(tree.parents.length).fill(-1)
  for (const [place, { members }] of cells.entries()) for (const step of members) cellOf[step] = place
  for (let step = 0; step < cellOf.length; step++) {
    const parent = tree.parents[step] ?? -1
    if (cellOf[step] === -1) cellOf[step] = parent === -1 ? top : (cellOf[parent] ?? -1)
  }
  return cellOf
}

import type { PlannedFloor } from './plan.ts'

/** How a floor plan fills a viewport. Lengths in CSS px where not said otherwise. */
export interface Packing {
  readonly cell: { readonly width: number; readonly height: number }
  /** Cells from left to right in each floor's grid, gaps included. */
  readonly wide: readonly number[]
  /** Rows of racks per floor. */
  readonly rackRows: readonly number[]
  /** Index of the stack of bands that each floor stands in, from left to right. */
  readonly stack: readonly number[]
  readonly stacks: number
}

export interface Viewport {
  readonly width: number
  readonly height: number
  /** Device pixels per CSS pixel: cells are whole device pixels, so that all of them look alike. */
  readonly pixelRatio: number
  /** Root font size / 16: how much larger than usual text and marks are. */
  readonly em: number
}

/** Name, power and roll-call above each band. */
export const HEADER = 26
/** Between stacks of bands. */
export const GUTTER = 24
export const MARGIN = 8
const MAX_STACKS = 4
const LARGEST = { width: 260, height: 110 }
/** Wider than tall reads better once there is text; beyond this a host no longer looks like a column. */
const WIDEST = 1.9
const NARROWEST = 0.75
/** A cell that is high enough for a value may be wider: a site of a few hosts then fills its picture. */
const READABLE = { height: 17, widest: 3.2 }
/** A second stack of bands has to earn its keep: bands over the whole width are found more easily. */
const STACK_PENALTY = 0.9

/**
 * The largest cells with which the whole plan fits, in whole device pixels and not far from square.
 * A pure function of plan and viewport: new figures never move a cell.
 */
export function pack(plan: readonly PlannedFloor[], viewport: Viewport): Packing {
  const gpus = plan.reduce((sum, floor) => sum + cellsOf(floor), 0)
  const { pixelRatio, em } = viewport
  const width = Math.max(1, viewport.width - 2 * MARGIN * em)
  const height = Math.max(1, viewport.height - MARGIN * em)
  let best: Packing | null = null
  let bestScore = 0
  for (let stacks = 1; stacks <= Math.min(MAX_STACKS, Math.max(1, plan.length)); stacks++) {
    const stack = split(plan, stacks)
    const room = ((width - (stacks - 1) * GUTTER * em) / stacks) * pixelRatio
    const ideal = Math.sqrt((width * height * pixelRatio * pixelRatio) / Math.max(1, gpus))
    const from = Math.min(LARGEST.width * em * pixelRatio, Math.ceil(ideal * WIDEST) + 1)
    for (let wide = Math.floor(from); wide >= 1; wide--) {
      const found = fitted(plan, stack, stacks, wide, room, height, viewport)
      if (found === null) continue
      const score = scoreOf(found) * STACK_PENALTY ** (stacks - 1)
      if (score > bestScore) {
        best = found
        bestScore = score
      }
    }
  }
  return best ?? squeezed(plan, width, height, viewport)
}

/** Which racks stand beside and below each other, whatever the size of the cells. */
export type Arrangement = Pick<Packing, 'wide' | 'rackRows' | 'stack' | 'stacks'> & {
  /** GPUs above each other at most, as the plan was made. */
  readonly mostTall: number
}

/** Cells of another size in the same arrangement; null where the plan does not fit into it any more. */
export function packHeld(
  plan: readonly PlannedFloor[],
  held: Arrangement,
  viewport: Viewport,
): Packing | null {
  const { wide, rackRows, stack, stacks } = held
  if (wide.length !== plan.length) return null
  if (plan.some((floor, i) => rowsNeeded(floor, wide[i] ?? 0) > (rackRows[i] ?? 0))) return null
  const { pixelRatio, em } = viewport
  const members = Array.from({ length: stacks }, (_, s) =>
    plan.flatMap((_, i) => (stack[i] === s ? [i] : [])),
  )
  const across = members.reduce(
    (sum, floors) => sum + floors.reduce((most, i) => Math.max(most, wide[i] ?? 1), 1),
    0,
  )
  const room = (viewport.width - 2 * MARGIN * em - (stacks - 1) * GUTTER * em) * pixelRatio
  const allowed = members.map((floors) => {
    const rows = floors.reduce((sum, i) => sum + (rackRows[i] ?? 0) * ((plan[i]?.tall ?? 1) + 1), 0)
    return (viewport.height - MARGIN * em - floors.length * HEADER * em) / Math.max(1, rows)
  })
  const mostHigh = Math.min(Math.min(...allowed) * pixelRatio, LARGEST.height * em * pixelRatio)
  const mostWide = Math.floor(Math.min(room / Math.max(1, across), LARGEST.width * em * pixelRatio))
  const high = Math.floor(Math.min(mostHigh, mostWide / NARROWEST))
  if (high < 1 || mostWide < 1) return null
  const widest = high >= READABLE.height * em * pixelRatio ? READABLE.widest : WIDEST
  const cell = {
    width: Math.max(1, Math.min(mostWide, Math.floor(high * widest))) / pixelRatio,
    height: high / pixelRatio,
  }
  return { cell, wide, rackRows, stack, stacks }
}

function cellsOf({ tall, racks }: PlannedFloor): number {
  return racks.reduce((sum, rack) => sum + rack.columns * tall, 0)
}

/** Area of a cell, less what it lacks in shape. */
export function scoreOf({ cell }: Packing): number {
  const ratio = cell.width / cell.height
  const off = ratio < 1 ? 1 / ratio - 1 : Math.max(0, ratio - 1.3)
  return (cell.width * cell.height) / (1 + 0.35 * off)
}

function fitted(
  plan: readonly PlannedFloor[],
  stack: readonly number[],
  stacks: number,
  /** Device pixels. */
  cellWidth: number,
  room: number,
  height: number,
  { pixelRatio, em }: Viewport,
): Packing | null {
  const across = Math.floor(room / cellWidth)
  if (across < 2) return null
  const rackRows = plan.map((floor) => rowsNeeded(floor, across))
  let tallest = 0
  let allowed = Number.POSITIVE_INFINITY
  for (let s = 0; s < stacks; s++) {
    const members = plan.flatMap((_, i) => (stack[i] === s ? [i] : []))
    const cells = members.reduce((sum, i) => sum + (rackRows[i] as number) * ((plan[i]?.tall ?? 1) + 1), 0)
    tallest = Math.max(tallest, cells)
    if (cells > 0) allowed = Math.min(allowed, (height - members.length * HEADER * em) / cells)
  }
  const most = Math.min(allowed * pixelRatio, LARGEST.height * em * pixelRatio)
  const cellHeight = Math.floor(Math.min(most, cellWidth / NARROWEST))
  if (cellHeight < 1) return null
  // What is left of the width once the rows are evened out makes the cells wider.
  const wide = plan.map((floor, i) => evened(floor, across, rackRows[i] as number))
  const widest = Array.from({ length: stacks }, (_, s) =>
    wide.reduce((most, cells, i) => (stack[i] === s ? Math.max(most, cells) : most), 1),
  )
  const stretched = Math.min(
    // A stack of small floors leaves its width to a stack of large ones.
    Math.floor((room * stacks) / widest.reduce((sum, cells) => sum + cells, 0)),
    Math.floor(cellHeight * (cellHeight >= READABLE.height * em * pixelRatio ? READABLE.widest : WIDEST)),
    Math.floor(LARGEST.width * em * pixelRatio),
  )
  // Wider cells may be higher again, if there is height left.
  const high = Math.max(cellHeight, Math.floor(Math.min(most, stretched / NARROWEST)))
  const cell = { width: Math.max(1, stretched) / pixelRatio, height: high / pixelRatio }
  return { cell, wide, rackRows, stack, stacks }
}

/** Rows of racks that a floor needs when `across` cells stand side by side, a gap cell between racks. */
export function rowsNeeded({ racks }: PlannedFloor, across: number): number {
  let rows = 0
  let used = across
  for (const { columns } of racks) {
    const needed = used === 0 ? columns : columns + 1
    if (used + needed <= across) {
      used += needed
    } else if (columns <= across) {
      rows += 1
      used = columns
    } else {
      // A rack wider than the picture (a floor without rack names) goes on in the next rows.
      rows += Math.ceil(columns / across)
      used = columns % across === 0 ? across : columns % across
    }
  }
  return rows
}

/** The narrowest grid that needs no more rows: the last row is then about as long as the others. */
function evened(floor: PlannedFloor, across: number, rows: number): number {
  let low = 1
  let high = across
  while (low < high) {
    const middle = (low + high) >> 1
    if (rowsNeeded(floor, middle) <= rows) high = middle
    else low = middle + 1
  }
  return low
}

/** Floors in order over `stacks` stacks of about the same number of cells. */
function split(plan: readonly PlannedFloor[], stacks: number): number[] {
  const total = plan.reduce((sum, floor) => sum + cellsOf(floor), 0)
  let before = 0
  let last = 0
  return plan.map((floor, i) => {
    const middle = before + cellsOf(floor) / 2
    before += cellsOf(floor)
    const wanted = Math.min(stacks - 1, Math.floor((middle / Math.max(1, total)) * stacks))
    // Never leave a stack out, never go back.
    last = Math.max(last, Math.min(wanted, last + 1), stacks - (plan.length - i))
    return Math.max(0, last)
  })
}

/** More GPUs than device pixels: cells shrink below one, the picture is then a sample of the floor. */
function squeezed(
  plan: readonly PlannedFloor[],
  width: number,
  height: number,
  { pixelRatio, em }: Viewport,
): Packing {
  const across = Math.max(2, Math.floor(width * pixelRatio))
  const rackRows = plan.map((floor) => rowsNeeded(floor, across))
  const cells = plan.reduce((sum, floor, i) => sum + (rackRows[i] as number) * (floor.tall + 1), 0)
  const room = Math.max(height / 4, height - plan.length * HEADER * em)
  return {
    cell: { width: width / across, height: Math.min(LARGEST.height, room / Math.max(1, cells)) },
    wide: plan.map(() => across),
    rackRows,
    stack: plan.map(() => 0),
    stacks: 1,
  }
}

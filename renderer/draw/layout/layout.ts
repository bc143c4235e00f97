import type { Topology } from '../../../shared/model/topology.ts'
import {
  type Arrangement,
  GUTTER,
  HEADER,
  MARGIN,
  pack,
  packHeld,
  type Packing,
  scoreOf,
  type Viewport,
} from './pack.ts'
import { holeAt, MAX_TALL, planFloors, type PlannedFloor } from './plan.ts'

export type { Viewport } from './pack.ts'
export { holeAt, holeOf } from './plan.ts'

/** Part of a rack, or all of it: one rectangle of cells. A rack wider than the picture is broken into several. */
export interface RackBox {
  readonly rack: number
  /** Cells from the band's left, and from its top to the gap row in which its name stands. */
  readonly column: number
  readonly row: number
  readonly columns: number
}

export interface HostColumn {
  readonly host: number
  readonly column: number
  /** First cell row of its GPUs. */
  readonly row: number
  readonly columns: number
}

/** One floor: a header and below it a grid of cells, one pixel of the atlas each. World lengths. */
export interface Band {
  readonly floor: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly header: number
  readonly height: number
  /** Top of the grid. */
  readonly gridY: number
  /** Grid size in cells; gaps are cells too. */
  readonly wide: number
  readonly high: number
  /** GPUs above each other in a column; a rack row has one more, its gap, on top. */
  readonly tall: number
  /** First row of the grid in the atlas. */
  readonly atlasRow: number
  readonly racks: readonly RackBox[]
  readonly hosts: readonly HostColumn[]
}

/**
 * Where every physical GPU stands. World coordinates are CSS px of the picture when all of it is shown.
 * The atlas is the grids of all floors below each other, one pixel per cell.
 */
export interface FloorLayout {
  readonly cell: { readonly width: number; readonly height: number }
  readonly width: number
  readonly height: number
  readonly bands: readonly Band[]
  readonly atlas: { readonly width: number; readonly height: number }
  /** Per row: its pixel in the atlas. */
  readonly pixelOf: Uint32Array
  /** Per row: index into `bands`. */
  readonly bandOf: Uint16Array
  /** Per empty slot: its pixel and band. */
  readonly holes: readonly { readonly pixel: number; readonly band: number }[]
  /** Per pixel of the atlas: its row, `holeOf` an empty slot, -1 for a gap. */
  readonly rowAt: Int32Array
  readonly arrangement: Arrangement
}

/** Slack below the last band is given to the headers, up to this much each, before it stays below. */
const MOST_EXTRA_HEADER = 22

/** A held arrangement may leave cells this much smaller than the best one, before racks move for it. */
const HELD_SHARE = 0.6

/**
 * Lays the whole site out for one viewport.
 * @param viewport CSS px; at least 1 × 1
 * @param before racks keep their places in this one where they can: whatever opens beside the picture, they only shrink
 */
export function layOut(
  topology: Topology,
  viewport: Viewport,
  before: FloorLayout | null = null,
): FloorLayout {
  const { plan, packing, mostTall } = chosenPacking(topology, viewport, before)
  const { em } = viewport
  const { cell } = packing
  const high = plan.map((floor, i) => (packing.rackRows[i] ?? 0) * (floor.tall + 1))
  const stackWidth = Array.from({ length: packing.stacks }, (_, s) =>
    plan.reduce(
      (most, _floor, i) => (packing.stack[i] === s ? Math.max(most, packing.wide[i] ?? 0) : most),
      0,
    ),
  ).map((cells) => cells * cell.width)
  const stackHeight = Array.from({ length: packing.stacks }, (_, s) =>
    plan.reduce(
      (sum, _floor, i) => (packing.stack[i] === s ? sum + HEADER * em + (high[i] ?? 0) * cell.height : sum),
      0,
    ),
  )
  const fullest = stackHeight.reduce((most, height) => Math.max(most, height), 0)
  const slack = Math.max(0, viewport.height - MARGIN * em - fullest)
  const mostInStack = Math.max(
    1,
    ...stackHeight.map((_, s) => packing.stack.filter((stack) => stack === s).length),
  )
  const snap = (px: number): number => Math.floor(px * viewport.pixelRatio) / viewport.pixelRatio
  const header = snap(HEADER * em + Math.min(MOST_EXTRA_HEADER * em, slack / mostInStack))

  const atlasWidth = packing.wide.reduce((most, wide) => Math.max(most, wide), 1)
  const atlasHeight = Math.max(
    1,
    high.reduce((sum, rows) => sum + rows, 0),
  )
  const rowAt = new Int32Array(atlasWidth * atlasHeight).fill(-1)
  const pixelOf = new Uint32Array(topology.gpus.host.length)
  const bandOf = new Uint16Array(topology.gpus.host.length)
  const holes: { pixel: number; band: number }[] = []

  const next = stackHeight.map(() => 0)
  let atlasRow = 0
  const bands = plan.map((floor, i): Band => {
    const stack = packing.stack[i] ?? 0
    const x = snap(stackWidth.slice(0, stack).reduce((sum, width) => sum + width + GUTTER * em, 0))
    const y = next[stack] ?? 0
    const wide = packing.wide[i] ?? 1
    const rows = high[i] ?? 0
    const placed = place(floor, wide, (row, column, cellRow) => {
      const pixel = (atlasRow + cellRow) * atlasWidth + column
      rowAt[pixel] = row
      if (row < 0) {
        holes[holeAt(row)] = { pixel, band: i }
        return
      }
      pixelOf[row] = pixel
      bandOf[row] = i
    })
    const band: Band = {
      floor: floor.floor,
      x,
      y,
      width: wide * cell.width,
      header,
      height: header + rows * cell.height,
      gridY: y + header,
      wide,
      high: rows,
      tall: floor.tall,
      atlasRow,
      ...placed,
    }
    atlasRow += rows
    next[stack] = y + band.height
    return band
  })
  return {
    cell,
    width: bands.reduce((most, band) => Math.max(most, band.x + band.width), 1),
    height: bands.reduce((most, band) => Math.max(most, band.y + band.height), 1),
    bands,
    atlas: { width: atlasWidth, height: atlasHeight },
    pixelOf,
    bandOf,
    holes,
    rowAt,
    arrangement: {
      wide: packing.wide,
      rackRows: packing.rackRows,
      stack: packing.stack,
      stacks: packing.stacks,
      mostTall,
    },
  }
}

/** Up to so many hosts are distinguished whatever their shape; one column of eight would leave a wide picture empty. */
const FEW_HOSTS = 6

interface Packed {
  readonly plan: PlannedFloor[]
  readonly packing: Packing
  readonly mostTall: number
}

function chosenPacking(topology: Topology, viewport: Viewport, before: FloorLayout | null): Packed {
  const best = bestPacking(topology, viewport)
  if (before === null) return best
  const { mostTall } = before.arrangement
  const plan = planFloors(topology, mostTall)
  const packing = packHeld(plan, before.arrangement, viewport)
  if (packing === null || scoreOf(packing) < HELD_SHARE * scoreOf(best.packing)) return best
  return { plan, packing, mostTall }
}

/** Hosts are columns of GPUs; those of a very small site are blocks where that fills the picture better. */
function bestPacking(topology: Topology, viewport: Viewport): Packed {
  const shapes = topology.hosts.length <= FEW_HOSTS ? [MAX_TALL, 4, 2] : [MAX_TALL]
  const candidates = shapes.map((tall) => {
    const plan = planFloors(topology, tall)
    return { plan, packing: pack(plan, viewport), mostTall: tall }
  })
  return candidates.reduce((best, next) => (scoreOf(next.packing) > scoreOf(best.packing) ? next : best))
}

/** Racks from left to right, rows from top to bottom; must agree with `rowsNeeded`. */
function place(
  floor: PlannedFloor,
  wide: number,
  put: (row: number, column: number, cellRow: number) => void,
): { racks: RackBox[]; hosts: HostColumn[] } {
  const racks: RackBox[] = []
  const hosts: HostColumn[] = []
  const pitch = floor.tall + 1
  let rackRow = -1
  let used = wide
  for (const rack of floor.racks) {
    const fitsHere = used + rack.columns + (used === 0 ? 0 : 1) <= wide
    if (fitsHere) {
      if (used > 0) used += 1
    } else {
      rackRow += 1
      used = 0
    }
    let box: RackBox = { rack: rack.rack, column: used, row: rackRow * pitch, columns: 0 }
    for (const { host, rows, columns } of rack.hosts) {
      let from = used
      for (let c = 0; c < columns; c++) {
        if (used === wide) {
          racks.push(box)
          if (c > 0) hosts.push({ host, column: from, row: rackRow * pitch + 1, columns: used - from })
          rackRow += 1
          used = 0
          from = 0
          box = { rack: rack.rack, column: 0, row: rackRow * pitch, columns: 0 }
        }
        const top = rackRow * pitch + 1
        rows.slice(c * floor.tall, (c + 1) * floor.tall).forEach((row, i) => put(row, used, top + i))
        used += 1
        box = { ...box, columns: box.columns + 1 }
      }
      hosts.push({ host, column: from, row: rackRow * pitch + 1, columns: used - from })
    }
    racks.push(box)
  }
  return { racks, hosts }
}

/** Cell of a row, or of an empty slot, within its band: column and cell row. */
export function cellOf(
  layout: FloorLayout,
  row: number,
): { band: Band; column: number; cellRow: number } | null {
  const hole = layout.holes[holeAt(row)]
  const band = layout.bands[hole?.band ?? layout.bandOf[row] ?? -1]
  const pixel = hole?.pixel ?? layout.pixelOf[row]
  if (!band || pixel === undefined) return null
  const { width } = layout.atlas
  return { band, column: pixel % width, cellRow: Math.floor(pixel / width) - band.atlasRow }
}

/** The rectangle of a row, or of an empty slot, in world coordinates. */
export function rectOf(layout: FloorLayout, row: number): Rect | null {
  const place = cellOf(layout, row)
  if (place === null) return null
  const { width, height } = layout.cell
  return {
    x: place.band.x + place.column * width,
    y: place.band.gridY + place.cellRow * height,
    width,
    height,
  }
}

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

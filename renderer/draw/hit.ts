import { type Band, cellOf, type FloorLayout, type Rect } from './layout/layout.ts'
import { toWorld, type View } from './viewport.ts'

/** Neither a row nor an empty slot. */
const NONE = -1

export type Direction = 'left' | 'right' | 'up' | 'down'

/** The row in a cell of a band, `holeOf` an empty slot; -1 for gaps and beyond the band. */
export function rowAtCell(layout: FloorLayout, band: Band, column: number, cellRow: number): number {
  if (column < 0 || cellRow < 0 || column >= band.wide || cellRow >= band.high) return -1
  return layout.rowAt[(band.atlasRow + cellRow) * layout.atlas.width + column] ?? -1
}

/** The row, or `holeOf` the empty slot, under a point of the screen (CSS px), -1 for none. Arithmetic alone, whatever the size of the floor. */
export function rowAtPoint(layout: FloorLayout, view: View, px: number, py: number): number {
  const { x, y } = toWorld(view, px, py)
  for (const band of layout.bands) {
    if (x < band.x || x >= band.x + band.width || y < band.gridY || y >= band.y + band.height) continue
    return rowAtCell(
      layout,
      band,
      Math.floor((x - band.x) / layout.cell.width),
      Math.floor((y - band.gridY) / layout.cell.height),
    )
  }
  return -1
}

/** Cells of a band that a world rectangle touches, ends excluded; empty where it touches none. */
export function cellsIn(
  layout: FloorLayout,
  band: Band,
  rect: Rect,
): { fromColumn: number; toColumn: number; fromRow: number; toRow: number } {
  const { width, height } = layout.cell
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value))
  return {
    fromColumn: clamp(Math.floor((rect.x - band.x) / width), band.wide),
    toColumn: clamp(Math.ceil((rect.x + rect.width - band.x) / width), band.wide),
    fromRow: clamp(Math.floor((rect.y - band.gridY) / height), band.high),
    toRow: clamp(Math.ceil((rect.y + rect.height - band.gridY) / height), band.high),
  }
}

/** Calls back for every row that a world rectangle touches, band by band, from top to bottom, left to right. */
export function eachRowIn(
  layout: FloorLayout,
  rect: Rect,
  visit: (row: number, band: Band, column: number, cellRow: number) => void,
): void {
  for (const band of layout.bands) {
    const { fromColumn, toColumn, fromRow, toRow } = cellsIn(layout, band, rect)
    for (let cellRow = fromRow; cellRow < toRow; cellRow++) {
      const start = (band.atlasRow + cellRow) * layout.atlas.width
      for (let column = fromColumn; column < toColumn; column++) {
        const row = layout.rowAt[start + column] as number
        if (row >= 0) visit(row, band, column, cellRow)
      }
    }
  }
}

/** Rows that a world rectangle touches. */
export function rowsInRect(layout: FloorLayout, rect: Rect): number[] {
  const rows: number[] = []
  eachRowIn(layout, rect, (row) => rows.push(row))
  return rows
}

/** Where an arrow key leads: over gaps to the next rack, from the last row of a floor to the next floor; itself at the end. */
export function neighbour(layout: FloorLayout, row: number, direction: Direction): number {
  const place = cellOf(layout, row)
  if (place === null) return -1
  const { band, column, cellRow } = place
  if (direction === 'left' || direction === 'right') {
    const found = alongRow(layout, band, column, cellRow, direction === 'left' ? -1 : 1)
    if (found !== NONE) return found
    const x = band.x + (direction === 'left' ? -1 : band.width + 1)
    return acrossStacks(layout, band, x, band.gridY + (cellRow + 0.5) * layout.cell.height, direction) ?? row
  }
  const step = direction === 'up' ? -1 : 1
  for (let next = cellRow + step; next >= 0 && next < band.high; next += step) {
    const found = nearestInRow(layout, band, column, next)
    if (found !== NONE) return found
  }
  const x = band.x + (column + 0.5) * layout.cell.width
  const bands = layout.bands
    .filter((other) => overlaps(other, band) && (step > 0 ? other.y > band.y : other.y < band.y))
    .toSorted((a, b) => (a.y - b.y) * step)
  for (const other of bands) {
    const at = Math.floor((x - other.x) / layout.cell.width)
    for (let next = step > 0 ? 0 : other.high - 1; next >= 0 && next < other.high; next += step) {
      const found = nearestInRow(layout, other, at, next)
      if (found !== NONE) return found
    }
  }
  return row
}

function overlaps(a: Band, b: Band): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width
}

function alongRow(layout: FloorLayout, band: Band, column: number, cellRow: number, step: number): number {
  for (let next = column + step; next >= 0 && next < band.wide; next += step) {
    const found = rowAtCell(layout, band, next, cellRow)
    if (found !== NONE) return found
  }
  return -1
}

/** The row nearest to a column; a short host or a rack gap does not stop the walk. */
function nearestInRow(layout: FloorLayout, band: Band, column: number, cellRow: number): number {
  const furthest = Math.max(column, band.wide - column)
  for (let away = 0; away <= furthest; away++) {
    const right = rowAtCell(layout, band, column + away, cellRow)
    if (right !== NONE) return right
    const left = rowAtCell(layout, band, column - away, cellRow)
    if (left !== NONE) return left
  }
  return -1
}

/** Into the band beside this one, about as far down. */
function acrossStacks(
  layout: FloorLayout,
  from: Band,
  x: number,
  y: number,
  direction: 'left' | 'right',
): number | null {
  const beside = layout.bands
    .filter((band) => (direction === 'left' ? band.x + band.width <= x + 1 : band.x >= x - 1))
    .filter((band) => band !== from && band.high > 0)
    .toSorted((a, b) => distance(a, y) - distance(b, y))[0]
  if (!beside) return null
  const at = Math.floor((y - beside.gridY) / layout.cell.height)
  const cellRow = Math.min(beside.high - 1, Math.max(0, at))
  const column = direction === 'left' ? beside.wide - 1 : 0
  for (const next of [cellRow, cellRow + 1, cellRow - 1]) {
    const found = nearestInRow(layout, beside, column, next)
    if (found !== NONE) return found
  }
  return null
}

function distance(band: Band, y: number): number {
  if (y < band.gridY) return band.gridY - y
  return Math.max(0, y - band.y - band.height)
}

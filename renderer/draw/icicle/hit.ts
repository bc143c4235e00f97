import type { IcicleLayout } from './icicle.ts'

/** Cell under a point, px from the top left; -1 where there is none. */
export function cellAt(layout: IcicleLayout, x: number, y: number): number {
  const row = Math.floor(y / layout.rowHeight)
  const from = layout.rowStarts[row]
  const to = layout.rowStarts[row + 1]
  if (row < 0 || from === undefined || to === undefined) return -1
  let low = from
  let high = to - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const cell = layout.cells[middle]
    if (cell === undefined) return -1
    if (x < cell.x) high = middle - 1
    else if (x >= cell.x + cell.width) low = middle + 1
    else return cell.kind === 'gap' ? -1 : middle
  }
  return -1
}

export type IcicleWalk = 'up' | 'down' | 'left' | 'right' | 'first'

/** The next cell with steps in a direction; the same one where there is none. Down leads to the largest. */
export function walkIcicle(layout: IcicleLayout, from: number, way: IcicleWalk): number {
  const { cells, rowStarts } = layout
  const cell = cells[from]
  if (cell === undefined || way === 'first') return cells.length > 0 ? 0 : -1
  if (way === 'up') return cell.parent === -1 ? from : cell.parent
  const row = cell.row + (way === 'down' ? 1 : 0)
  const start = rowStarts[row] ?? cells.length
  const end = rowStarts[row + 1] ?? cells.length
  if (way === 'down') {
    let best = from
    for (let at = start; at < end; at++) {
      const candidate = cells[at]
      if (candidate?.parent !== from || candidate.members.length === 0) continue
      if (best === from || candidate.value > (cells[best]?.value ?? 0)) best = at
    }
    return best
  }
  const stride = way === 'left' ? -1 : 1
  for (let at = from + stride; at >= start && at < end; at += stride) {
    if ((cells[at]?.members.length ?? 0) > 0) return at
  }
  return from
}

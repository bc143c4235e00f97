import type { View } from '../viewport.ts'
import type { Band, FloorLayout } from './layout.ts'

/** CSS px at em 1 that a header keeps on the screen, however near one looks. */
const MOST_HEADER = 34

/**
 * The layout as it is seen at zoom k: cells grow, headers stop growing once their text has room, so that no desert opens
 * between two floors. Only vertical places of bands differ from the layout at zoom 1.
 */
export function atZoom(base: FloorLayout, k: number, em: number): FloorLayout {
  const most = (MOST_HEADER * em) / k
  if (base.bands.every((band) => band.header <= most)) return base
  const nextOf = new Map<number, number>()
  const bands = base.bands.map((band): Band => {
    const header = Math.min(band.header, most)
    const y = nextOf.get(band.x) ?? 0
    const height = header + band.high * base.cell.height
    nextOf.set(band.x, y + height)
    return { ...band, y, header, height, gridY: y + header }
  })
  const height = bands.reduce((tallest, band) => Math.max(tallest, band.y + band.height), 1)
  return { ...base, bands, height }
}

/**
 * A view of one layout as a view of the same layout at another zoom: what lies under the screen point (px, py) stays
 * there.
 */
export function rebase(view: View, from: FloorLayout, to: FloorLayout, px: number, py: number): View {
  if (from === to) return view
  const x = (px - view.x) / view.k
  const y = (py - view.y) / view.k
  return { ...view, y: view.y + (y - carried(from, to, x, y)) * view.k }
}

/** The place of a world point in the other layout: the same cell, or the same share of a header. */
function carried(from: FloorLayout, to: FloorLayout, x: number, y: number): number {
  const stack = from.bands.findLast((band) => band.x <= x)?.x ?? from.bands[0]?.x
  let end = 0
  let carriedEnd = 0
  for (const [i, band] of from.bands.entries()) {
    const other = to.bands[i]
    if (!other || band.x !== stack) continue
    if (y < band.gridY) return other.y + ((y - band.y) / Math.max(1e-6, band.header)) * other.header
    if (y < band.y + band.height) return other.gridY + (y - band.gridY)
    end = band.y + band.height
    carriedEnd = other.y + other.height
  }
  return carriedEnd + (y - end)
}

import { interpolateZoom } from 'd3'
import type { FloorLayout, Rect } from './layout/layout.ts'

/** screen = world × k + (x, y), in CSS px; k = 1 shows the whole layout. */
export interface View {
  readonly k: number
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** What is drawn in a cell: colour alone, its value, or a GPU with chart, figures and workload. */
export type Level = 'floor' | 'rack' | 'host'

/** Smallest cells (CSS px at em 1) in which a value, and in which a whole GPU, can be read. */
const VALUE_CELL = { width: 30, height: 17 }
const HOST_CELL = { width: 96, height: 62 }
/** Where one key or a double click goes: a value with room around it, a card with type, workload and chart. */
const COMFORTABLE = [
  { width: 34, height: 19 },
  { width: 136, height: 92 },
]
/** Nearer there is nothing more to see. */
const LARGEST_CELL = { width: 280, height: 190 }

export function levelOf(layout: FloorLayout, view: View, em = 1): Level {
  const width = (layout.cell.width * view.k) / em
  const height = (layout.cell.height * view.k) / em
  if (width >= HOST_CELL.width && height >= HOST_CELL.height) return 'host'
  return width >= VALUE_CELL.width && height >= VALUE_CELL.height ? 'rack' : 'floor'
}

/** How far one may zoom in; never less than 1, the whole floor. */
export function maxZoom(layout: FloorLayout, em = 1): number {
  const { width, height } = layout.cell
  return Math.max(1, Math.min((LARGEST_CELL.width * em) / width, (LARGEST_CELL.height * em) / height))
}

/** The next zoom factor inwards at which more is told than now, as a target for one key or a double click. */
export function nextLevelZoom(layout: FloorLayout, view: View, em = 1): number {
  const { width, height } = layout.cell
  const steps = COMFORTABLE.map((cell) => Math.max((cell.width * em) / width, (cell.height * em) / height))
  const most = maxZoom(layout, em)
  return Math.min(most, steps.find((k) => k > view.k * 1.05) ?? most)
}

/** The whole floor, centred from left to right, at the top. */
export function fit(layout: FloorLayout, size: Size): View {
  return { k: 1, x: Math.max(0, Math.floor((size.width - layout.width) / 2)), y: 0 }
}

export function isFit(view: View): boolean {
  return view.k <= 1.001
}

/**
 * Keeps the floor in sight: no zoom out beyond the whole, no panning past an edge, except below: the last racks can be
 * pulled clear of the map that lies over the lower right corner.
 */
export function constrain(view: View, layout: FloorLayout, size: Size, em = 1): View {
  const k = Math.min(maxZoom(layout, em), Math.max(1, view.k))
  if (isFit({ ...view, k })) return fit(layout, size)
  return {
    k,
    x: between(view.x, layout.width * k, size.width, true),
    y: between(view.y, layout.height * k + underMap(layout, size, em), size.height, false),
  }
}

function between(offset: number, content: number, room: number, centred: boolean): number {
  if (content <= room) return centred ? (room - content) / 2 : 0
  return Math.min(0, Math.max(room - content, offset))
}

/** Zooms by a factor; the world point under (px, py) stays where it is. */
export function zoomAbout(view: View, factor: number, px: number, py: number): View {
  const k = view.k * factor
  return { k, x: px - (px - view.x) * factor, y: py - (py - view.y) * factor }
}

export function pan(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy }
}

export function toWorld(view: View, px: number, py: number): { x: number; y: number } {
  return { x: (px - view.x) / view.k, y: (py - view.y) / view.k }
}

export function toScreen(view: View, rect: Rect): Rect {
  return {
    x: rect.x * view.k + view.x,
    y: rect.y * view.k + view.y,
    width: rect.width * view.k,
    height: rect.height * view.k,
  }
}

/** What is seen of the world. */
export function visibleWorld(view: View, size: Size): Rect {
  const { x, y } = toWorld(view, 0, 0)
  return { x, y, width: size.width / view.k, height: size.height / view.k }
}

/** Pans as little as needed for the rectangle (world) to stand clear of the edges. */
export function reveal(view: View, rect: Rect, size: Size, margin = 24): View {
  const { x, y, width, height } = toScreen(view, rect)
  return pan(
    view,
    nudge(x, x + width, size.width, Math.min(margin, size.width / 4)),
    nudge(y, y + height, size.height, Math.min(margin, size.height / 4)),
  )
}

function nudge(from: number, to: number, room: number, margin: number): number {
  if (from < margin) return margin - from
  return to > room - margin ? room - margin - to : 0
}

/** As {@link reveal}, and clear of the map: a focus that lies under it is not seen. */
export function revealBesideMap(view: View, rect: Rect, layout: FloorLayout, size: Size, em = 1): View {
  const revealed = reveal(view, rect, size)
  const map = minimap(layout, revealed, size, em)
  if (map === null) return revealed
  const seen = toScreen(revealed, rect)
  const margin = MAP_MARGIN * em
  const left = map.box.x - margin
  const top = map.box.y - margin
  if (seen.x + seen.width <= left || seen.y + seen.height <= top) return revealed
  return reveal(revealed, rect, { width: size.width, height: Math.max(top, seen.height) }, 0)
}

/** The rectangle (world) in the middle, at zoom k. */
export function centreOn(rect: Rect, k: number, size: Size): View {
  return {
    k,
    x: size.width / 2 - (rect.x + rect.width / 2) * k,
    y: size.height / 2 - (rect.y + rect.height / 2) * k,
  }
}

/** A way from one view to another that the eye can follow (van Wijk and Nuij); at 1 exactly the second. */
export function travel(from: View, to: View, size: Size): (share: number) => View {
  const port = (view: View): [number, number, number] => {
    const { x, y } = toWorld(view, size.width / 2, size.height / 2)
    return [x, y, size.width / view.k]
  }
  const between = interpolateZoom(port(from), port(to))
  return (share) => {
    if (share >= 1) return to
    const [x, y, width] = between(share)
    const k = size.width / width
    return { k, x: size.width / 2 - x * k, y: size.height / 2 - y * k }
  }
}

export interface Minimap {
  /** World to minimap. */
  readonly scale: number
  /** The whole map, on the screen. */
  readonly box: Rect
  /** What is seen, on the screen. */
  readonly seen: Rect
}

const MAP_MARGIN = 12

function mapScale(layout: FloorLayout, size: Size, em: number): number {
  const room = { width: Math.min(220 * em, size.width * 0.25), height: Math.min(150 * em, size.height * 0.3) }
  return Math.min(room.width / layout.width, room.height / layout.height)
}

/** Height of the strip along the lower edge that the map takes. */
function underMap(layout: FloorLayout, size: Size, em: number): number {
  return layout.height * mapScale(layout, size, em) + 2 * MAP_MARGIN * em
}

/** The map in the lower right corner; null while the whole floor is in sight. */
export function minimap(layout: FloorLayout, view: View, size: Size, em = 1): Minimap | null {
  if (isFit(view)) return null
  const scale = mapScale(layout, size, em)
  const width = layout.width * scale
  const height = layout.height * scale
  const margin = MAP_MARGIN * em
  const box = { x: size.width - width - margin, y: size.height - height - margin, width, height }
  const world = visibleWorld(view, size)
  const left = Math.max(0, world.x)
  const top = Math.max(0, world.y)
  return {
    scale,
    box,
    seen: {
      x: box.x + left * scale,
      y: box.y + top * scale,
      width: (Math.min(layout.width, world.x + world.width) - left) * scale,
      height: (Math.min(layout.height, world.y + world.height) - top) * scale,
    },
  }
}

import { FIGURE } from '../../../shared/model/figure.ts'
import { say } from '../../../shared/messages/format.ts'
import { cellsIn, eachRowIn } from '../hit.ts'
import { holeOf, rectOf } from '../layout/layout.ts'
import { isLeftOut, type Scene } from '../scene.ts'
import { toScreen, visibleWorld } from '../viewport.ts'
import { fitted } from './shapes.ts'

/** Below this (CSS px) lines between cells would take more of the picture than they explain. */
const LINED_CELL = 5

/** Hairlines between cells, in the colour of the ground, only where they are seen. */
export function drawGrid(context: CanvasRenderingContext2D, scene: Scene): void {
  const { cell, em, layout, view, size, pixelRatio, table } = scene
  if (Math.min(cell.width, cell.height) < LINED_CELL * em) return
  const world = visibleWorld(view, size)
  const line = lineWidth(scene)
  context.fillStyle = table.palette.surface
  const snap = (px: number): number => Math.round(px * pixelRatio) / pixelRatio
  for (const band of layout.bands) {
    const { fromColumn, toColumn, fromRow, toRow } = cellsIn(layout, band, world)
    if (fromColumn >= toColumn || fromRow >= toRow) continue
    const left = (band.x + fromColumn * layout.cell.width) * view.k + view.x
    const top = (band.gridY + fromRow * layout.cell.height) * view.k + view.y
    const width = (toColumn - fromColumn) * cell.width
    const height = (toRow - fromRow) * cell.height
    for (let i = 1; i < toColumn - fromColumn + 1; i++) {
      context.fillRect(snap(left + i * cell.width) - line, top, line, height)
    }
    for (let i = 1; i < toRow - fromRow + 1; i++) {
      context.fillRect(left, snap(top + i * cell.height) - line, width, line)
    }
  }
}

function lineWidth({ cell, em, pixelRatio }: Scene): number {
  return Math.min(cell.width, cell.height) >= 22 * em ? 2 * em : 1 / pixelRatio
}

/** Smallest cell (CSS px) that is hatched or outlined by itself; smaller ones are textured in the heat map. */
export const TEXTURED_CELL = 9

/**
 * Empty slots: a dashed outline with nothing in it, so that the eye finds the place where a board should stand. Too small a
 * cell is left as ground.
 */
export function drawEmptySlots(context: CanvasRenderingContext2D, scene: Scene): void {
  const { cell, em, layout, view, size, table, topology, level, fonts } = scene
  if (Math.min(cell.width, cell.height) < TEXTURED_CELL * em) return
  const inset = Math.min(3, Math.max(1, cell.height * 0.08)) * em
  const outline = new Path2D()
  context.font = `${12 * em}px ${fonts.text}`
  context.textAlign = 'left'
  context.textBaseline = 'alphabetic'
  context.fillStyle = table.palette.textFaint
  for (const place of layout.holes.keys()) {
    const world = rectOf(layout, holeOf(place))
    if (world === null) continue
    const { x, y, width, height } = toScreen(view, world)
    if (x > size.width || y > size.height || x + width < 0 || y + height < 0) continue
    outline.rect(x + inset, y + inset, width - 2 * inset - 1, height - 2 * inset - 1)
    if (level !== 'host') continue
    const text = say('floor.emptySlot.short', { slot: topology.emptySlots.slot[place] ?? '?' })
    context.fillText(fitted(context, text, width - 24 * em), x + 12 * em, y + 15 * em)
  }
  context.strokeStyle = table.palette.textFaint
  context.lineWidth = em
  context.setLineDash([2 * em, 3 * em])
  context.stroke(outline)
  context.setLineDash([])
}

/** Hatch over stale cells and outlines of absent ones, where cells are large enough to carry them. */
export function drawUnknown(
  context: CanvasRenderingContext2D,
  scene: Scene,
  hatch: CanvasPattern | null,
): void {
  const { cell, em, layout, view, size, table, states } = scene
  if (scene.awaited || Math.min(cell.width, cell.height) < TEXTURED_CELL * em) return
  const stale = new Path2D()
  const absent = new Path2D()
  const line = lineWidth(scene)
  const inset = Math.min(3, Math.max(1, cell.height * 0.08)) * em
  eachRowIn(layout, visibleWorld(view, size), (row, band, column, cellRow) => {
    const state = states === null ? FIGURE.absent : states[row]
    if (state !== FIGURE.stale && state !== FIGURE.absent) return
    if (isLeftOut(scene, row)) return
    const x = (band.x + column * layout.cell.width) * view.k + view.x
    const y = (band.gridY + cellRow * layout.cell.height) * view.k + view.y
    if (state === FIGURE.stale) stale.rect(x, y, cell.width - line, cell.height - line)
    else absent.rect(x + inset, y + inset, cell.width - 2 * inset - 1, cell.height - 2 * inset - 1)
  })
  if (hatch !== null) {
    context.fillStyle = hatch
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a canvas, not an array
    context.fill(stale)
  }
  context.strokeStyle = table.palette.textFaint
  context.lineWidth = em
  context.stroke(absent)
}

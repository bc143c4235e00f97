import { type Rect, rectOf } from '../layout/layout.ts'
import type { Pointing, Scene } from '../scene.ts'
import { toScreen } from '../viewport.ts'

/** As many as can be compared side by side; they are numbered. */
export const MOST_COMPARED = 4
const SMALLEST_RING = 11
/** Outlines beyond this are not distinguished; the count stands in words elsewhere. */
const MOST_OUTLINES = 6000

/** What a person points at: selection, hover, focus ring, rubber band. On a canvas of its own, because it moves most. */
export function drawPointing(context: CanvasRenderingContext2D, scene: Scene, pointing: Pointing): void {
  const { size, table, em } = scene
  const { palette } = table
  context.clearRect(0, 0, size.width, size.height)
  const { selected, hover, focus, focusVisible, band } = pointing
  outline(context, scene, selected.slice(0, MOST_OUTLINES), palette.text, 2)
  if (selected.length > 1 && selected.length <= MOST_COMPARED) {
    selected.forEach((row, i) => badge(context, scene, row, String(i + 1)))
  }
  if (hover !== -1) outline(context, scene, [hover], palette.textSecondary, 1.5)
  if (focusVisible && focus !== -1) outline(context, scene, [focus], palette.throttle, 2.5)
  if (band !== null) {
    context.globalAlpha = 0.12
    context.fillStyle = palette.text
    context.fillRect(band.x, band.y, band.width, band.height)
    context.globalAlpha = 1
    context.strokeStyle = palette.text
    context.lineWidth = em
    context.setLineDash([4 * em, 3 * em])
    context.strokeRect(band.x, band.y, band.width, band.height)
    context.setLineDash([])
  }
}

/** A bright line between two dark ones is seen on any cell. */
function outline(
  context: CanvasRenderingContext2D,
  scene: Scene,
  rows: readonly number[],
  colour: string,
  width: number,
): void {
  const { em, table } = scene
  context.beginPath()
  for (const row of rows) {
    const rect = ringOf(scene, row)
    if (rect !== null) context.rect(rect.x, rect.y, rect.width, rect.height)
  }
  context.strokeStyle = table.isLight ? table.palette.raised : table.palette.ground
  context.lineWidth = (width + 3) * em
  context.stroke()
  context.strokeStyle = colour
  context.lineWidth = width * em
  context.stroke()
}

function ringOf(scene: Scene, row: number): Rect | null {
  const world = rectOf(scene.layout, row)
  if (world === null) return null
  const { x, y, width, height } = toScreen(scene.view, world)
  const { em, size } = scene
  if (x > size.width || y > size.height || x + width < 0 || y + height < 0) return null
  const dx = Math.max(em, (SMALLEST_RING * em - width) / 2)
  const dy = Math.max(em, (SMALLEST_RING * em - height) / 2)
  return { x: x - dx, y: y - dy, width: width + 2 * dx, height: height + 2 * dy }
}

function badge(context: CanvasRenderingContext2D, scene: Scene, row: number, text: string): void {
  const rect = ringOf(scene, row)
  if (rect === null) return
  const { em, table, fonts } = scene
  const side = 15 * em
  const x = rect.x + rect.width - em
  const y = rect.y - side + em
  context.fillStyle = table.palette.text
  context.fillRect(x, y, side, side)
  context.fillStyle = table.isLight ? table.palette.raised : table.palette.ground
  context.font = `700 ${11 * em}px ${fonts.figure}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(text, x + side / 2, y + side / 2 + 0.5 * em)
}

import type { Heatmap } from '../heatmap.ts'
import type { Scene } from '../scene.ts'
import { minimap } from '../viewport.ts'
import { drawEmptySlots, drawGrid, drawUnknown } from './grid.ts'
import { drawHosts } from './host.ts'
import { drawLabels } from './labels.ts'
import { drawHighlights, drawMarks } from './marks.ts'
import { drawValues } from './values.ts'

/** Everything above the cells that changes with figures and view. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  scene: Scene,
  hatch: CanvasPattern | null,
  heatmap: Heatmap,
): void {
  const { level, history } = scene
  drawGrid(context, scene)
  if (level === 'host') {
    drawHosts(context, scene, hatch)
  } else {
    history?.want([])
    drawUnknown(context, scene, hatch)
    if (level === 'rack') drawValues(context, scene)
  }
  drawEmptySlots(context, scene)
  drawMarks(context, scene)
  drawHighlights(context, scene)
  drawLabels(context, scene)
  drawMinimap(context, scene, heatmap)
}

const MOST_ON_MAP = 600

/** Where one is, once not all of the floor is in sight. */
function drawMinimap(context: CanvasRenderingContext2D, scene: Scene, heatmap: Heatmap): void {
  const { layout, view, size, em, table, counts } = scene
  const { palette } = table
  const map = minimap(layout, view, size, em)
  if (map === null) return
  const { box, seen, scale } = map
  const pad = 5 * em
  context.fillStyle = palette.surface
  context.fillRect(box.x - pad, box.y - pad, box.width + 2 * pad, box.height + 2 * pad)
  context.strokeStyle = palette.textFaint
  context.lineWidth = 1
  context.strokeRect(box.x - pad, box.y - pad, box.width + 2 * pad, box.height + 2 * pad)
  heatmap.draw(context, layout, { k: scale, x: box.x, y: box.y }, size)
  context.fillStyle = palette.critical
  // Every so many of very many: evenly over all floors, and never more than a frame can carry.
  const stride = Math.ceil(counts.critical.length / MOST_ON_MAP)
  const side = (stride > 1 ? 2 : 4) * em
  for (let i = 0; i < counts.critical.length; i += stride) {
    const row = counts.critical[i] as number
    const pixel = layout.pixelOf[row] as number
    const band = layout.bands[layout.bandOf[row] as number]
    if (!band) continue
    const x = band.x + (pixel % layout.atlas.width) * layout.cell.width
    const y = band.gridY + (Math.floor(pixel / layout.atlas.width) - band.atlasRow) * layout.cell.height
    context.fillRect(box.x + x * scale - side / 3, box.y + y * scale - side / 3, side, side)
  }
  context.strokeStyle = palette.text
  context.lineWidth = 1.5 * em
  context.strokeRect(seen.x, seen.y, seen.width, seen.height)
}

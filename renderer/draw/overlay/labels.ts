import { visibleName } from '../../../shared/model/foreignText.ts'
import { figureText } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'
import type { BandCount } from '../counts.ts'
import type { Band, RackBox } from '../layout/layout.ts'
import type { Scene } from '../scene.ts'
import { fitted, square, triangle } from './shapes.ts'

/** Height (CSS px at em 1) of a gap row in which a rack's name fits, and of one that takes the hosts' names as well. */
const ONE_LINE = 13
const TWO_LINES = 29
const MOST_NAMES = 1200
/** Text keeps this clear (CSS px at em 1) of the picture's left edge, where the focus ring runs. */
const EDGE = 8
/** Letters of a shortened name, the ellipsis included, that still tell one rack from another. */
const LEAST_NAME = 6

/** Names of floors, racks and hosts, in the gaps that the layout leaves for them. */
export function drawLabels(context: CanvasRenderingContext2D, scene: Scene): void {
  context.textBaseline = 'alphabetic'
  context.textAlign = 'left'
  scene.layout.bands.forEach((band) => drawNames(context, scene, band))
  scene.layout.bands.forEach((band, i) => drawHeader(context, scene, band, scene.counts.bands[i] ?? null))
}

/** A floor's name, power and roll-call. It stays at the top edge while any of its floor is in sight. */
function drawHeader(
  context: CanvasRenderingContext2D,
  scene: Scene,
  band: Band,
  count: BandCount | null,
): void {
  const { view, size, em, table, fonts, topology, frame } = scene
  const { palette } = table
  const height = 24 * em
  const bottom = (band.y + band.height) * view.k + view.y
  const gridTop = band.gridY * view.k + view.y
  const left = Math.max(0, band.x * view.k + view.x)
  const right = Math.min(size.width, (band.x + band.width) * view.k + view.x)
  if (bottom < 12 * em || gridTop - height > size.height || right < 40 * em || left > size.width) return
  // It makes way for its floor's end instead of covering the next floor's header.
  const top = Math.min(Math.max(gridTop - height, 0), bottom - height)
  if (top > gridTop - height + 0.5) {
    context.fillStyle = palette.surface
    context.fillRect(left, top, right - left, height)
    context.fillStyle = palette.hairline
    context.fillRect(left, top + height - 1, right - left, 1)
  }
  const base = top + height - 8 * em
  const room = right - 4 * em
  let x = Math.max(left + 2 * em, EDGE * em)
  const put = (text: string, colour: string, font: string, after: number): void => {
    context.font = font
    const width = context.measureText(text).width
    if (x + width > room) {
      x = room
      return
    }
    context.fillStyle = colour
    context.fillText(text, x, base)
    x += width + after * em
  }
  put(
    visibleName(topology.floors[band.floor]?.name ?? '') || say('floor.unnamed'),
    palette.text,
    `700 ${13 * em}px ${fonts.text}`,
    14,
  )
  if (count === null || frame === null) {
    put(say('floor.figures.none'), palette.textSecondary, `${12 * em}px ${fonts.text}`, 0)
    return
  }
  const small = `${12 * em}px ${fonts.text}`
  const gpus = count.present + count.missing
  const listed = topology.inventory === 'listed'
  put(
    listed || count.missing > 0
      ? say('floor.band.presentOf', { present: whole(count.present), of: whole(gpus) })
      : say('floor.band.present', { present: whole(count.present) }),
    count.missing > 0 ? palette.text : palette.textSecondary,
    small,
    14,
  )
  for (const severity of ['critical', 'advisory'] as const) {
    const many = count[severity]
    if (many === 0 || x + (14 + 8 * whole(many).length) * em > room) continue
    context.fillStyle = palette[severity]
    context.beginPath()
    if (severity === 'critical') square(context, x + 5 * em, base - 4.5 * em, 9 * em)
    else triangle(context, x + 5 * em, base - 4.5 * em, 9 * em)
    context.fill()
    x += 14 * em
    put(whole(many), palette.text, small, 12)
  }
  if (count.boards > 0) {
    const partial = count.boards < count.present
    const sum = figureText(count.watts, { unit: 'W' })
    const words = partial
      ? say('floor.band.power', { sum, boards: whole(count.boards), of: whole(count.present) })
      : sum
    put(words, palette.textSecondary, small, 14)
  }
}

function drawNames(context: CanvasRenderingContext2D, scene: Scene, band: Band): void {
  const { cell, em, view, size, layout } = scene
  const gap = cell.height
  if (gap < ONE_LINE * em) return
  const px = gap >= 18 * em ? 12 * em : 11 * em
  const withHosts = gap >= TWO_LINES * em && hostsFit(context, scene, band, px)
  let left = MOST_NAMES
  const visible = (column: number, columns: number, row: number): boolean => {
    const x = (band.x + column * layout.cell.width) * view.k + view.x
    const y = (band.gridY + row * layout.cell.height) * view.k + view.y
    return y + gap > 0 && y < size.height && x < size.width && x + columns * cell.width > 0
  }
  for (const box of band.racks) {
    if (!visible(box.column, box.columns, box.row) || left-- <= 0) continue
    drawRackName(context, scene, band, box, px, withHosts)
  }
  if (!withHosts) return
  context.font = `${px}px ${scene.fonts.text}`
  context.fillStyle = scene.table.palette.textSecondary
  for (const host of band.hosts) {
    if (!visible(host.column, host.columns, host.row - 1) || left-- <= 0) continue
    const x = (band.x + host.column * layout.cell.width) * view.k + view.x
    const y = (band.gridY + host.row * layout.cell.height) * view.k + view.y
    const name = visibleName(scene.topology.hosts[host.host]?.name ?? '')
    const from = Math.max(x + em, EDGE * em)
    // Hosts differ in their last digits: a name that is cut off says nothing, or names another.
    if (context.measureText(name).width > x + host.columns * cell.width - 4 * em - from) continue
    context.fillText(name, from, y - 5 * em)
  }
}

/** Names of hosts are about as long as each other: where the first does not fit, a second line would stand empty. */
function hostsFit(context: CanvasRenderingContext2D, scene: Scene, band: Band, px: number): boolean {
  const [first] = band.hosts
  if (first === undefined) return false
  context.font = `${px}px ${scene.fonts.text}`
  const { width } = context.measureText(visibleName(scene.topology.hosts[first.host]?.name ?? ''))
  return width <= first.columns * scene.cell.width - 4 * scene.em
}

function drawRackName(
  context: CanvasRenderingContext2D,
  scene: Scene,
  band: Band,
  box: RackBox,
  px: number,
  withHosts: boolean,
): void {
  const { cell, em, view, layout, table, topology, fonts } = scene
  const start = (band.x + box.column * layout.cell.width) * view.k + view.x
  const end = start + box.columns * cell.width
  // The name of a rack that began further left is still its name.
  const x = Math.max(start + em, EDGE * em)
  const bottom = (band.gridY + (box.row + 1) * layout.cell.height) * view.k + view.y
  context.font = `${withHosts ? '700 ' : ''}${px}px ${fonts.text}`
  context.fillStyle = withHosts ? table.palette.text : table.palette.textSecondary
  const whole = visibleName(topology.racks[box.rack]?.name ?? '')
  // Racks differ at the end of their names.
  const name = fitted(context, whole, end - x - 4 * em, 'middle')
  // A name cut to a few letters tells nothing that its place does not.
  if (name !== whole && name.length < LEAST_NAME) return
  context.fillText(name, x, bottom - (withHosts ? 19 * em : Math.max(3, cell.height * 0.22)))
}

function whole(count: number): string {
  return figureText(count, { kind: 'count' })
}

import { FIGURE, SEVERITY } from '../../../shared/model/figure.ts'
import type { FieldId } from '../../../shared/model/field.ts'
import { eachRowIn } from '../hit.ts'
import { type Rect, rectOf } from '../layout/layout.ts'
import { isLeftOut, type Scene } from '../scene.ts'
import { toScreen, visibleWorld } from '../viewport.ts'
import { square, triangle } from './shapes.ts'

/** CSS px at em 1; found from the far side of a desk or, on a wall, from 3 m. */
const SMALLEST_CRITICAL = 12
const SMALLEST_ADVISORY = 9
/** From this size on (CSS px) a cell carries its sign inside. */
const CUT_OUT_CELL = 13
/** From this width on a figure and a sign have room beside each other. */
const ROOMY_CELL = 46
/** More small triangles than this on one picture would be noise; the cells keep their colour. */
const MOST_ADVISORY = 400
/** Beyond this the floor is one large mark anyway; the cells' own colours go on showing every one. */
const MOST_PLACED = 3000
/**
 * Share of the picture that enlarged marks may cover: 3 % of the GPUs must not look like half of the floor. Many marks
 * are smaller ones.
 */
const MOST_COVERED = 0.06

/**
 * Abnormal rows. While cells are small: critical ones larger than their slot with a dark ring; advisory ones as triangles.
 * In large cells: a border and the shape in the corner, so that the value stays readable. Critical cells are filled by the
 * heat map and the cards at every zoom.
 */
export function drawMarks(context: CanvasRenderingContext2D, scene: Scene): void {
  const { counts, level } = scene
  if (level === 'floor') {
    const advisory = counts.advisory.length > MOST_PLACED ? [] : placesOf(scene, counts.advisory)
    if (advisory.length <= MOST_ADVISORY) {
      drawTriangles(context, scene, advisory)
      drawRefused(context, scene, advisory)
    }
    if (counts.critical.length <= MOST_PLACED) drawSquares(context, scene, placesOf(scene, counts.critical))
  } else {
    const { advisory, critical } = abnormalInSight(scene)
    drawBorders(context, scene, placesOf(scene, advisory), 'advisory')
    drawBorders(context, scene, placesOf(scene, critical), 'critical')
  }
}

/** Every abnormal row in sight: here cells keep their value's colour, so that a row without its border looks well. */
export function abnormalInSight({
  frame,
  layout,
  view,
  size,
}: Pick<Scene, 'frame' | 'layout' | 'view' | 'size'>): { advisory: number[]; critical: number[] } {
  const advisory: number[] = []
  const critical: number[] = []
  const severities = frame?.severity
  if (severities === undefined) return { advisory, critical }
  eachRowIn(layout, visibleWorld(view, size), (row) => {
    const severity = severities[row] as number
    if (severity === SEVERITY.normal) return
    if (severity === SEVERITY.advisory) advisory.push(row)
    else critical.push(row)
  })
  return { advisory, critical }
}

interface Place extends Rect {
  readonly row: number
  readonly faint: boolean
}

function placesOf(scene: Scene, rows: readonly number[]): Place[] {
  const { layout, view, size, em } = scene
  const margin = SMALLEST_CRITICAL * em
  const places: Place[] = []
  for (const row of rows) {
    const world = rectOf(layout, row)
    if (world === null) continue
    const rect = toScreen(view, world)
    if (rect.x > size.width + margin || rect.y > size.height + margin) continue
    if (rect.x + rect.width < -margin || rect.y + rect.height < -margin) continue
    places.push({ ...rect, row, faint: isLeftOut(scene, row) })
  }
  return places
}

function drawSquares(context: CanvasRenderingContext2D, scene: Scene, places: readonly Place[]): void {
  const { em, table, cell, size } = scene
  const { palette } = table
  const fair = Math.sqrt((MOST_COVERED * size.width * size.height) / Math.max(1, places.length))
  const short = Math.min(cell.width, cell.height)
  const side = Math.max(Math.min(SMALLEST_CRITICAL * em, fair), short * 1.25)
  const ring = Math.max(2 * em, side * 0.14)
  // All rings first: neighbours then melt into one shape instead of cutting into each other.
  context.fillStyle = table.isLight ? palette.raised : palette.ground
  context.beginPath()
  for (const place of places) square(context, ...centre(place), side + 2 * ring)
  context.fill()
  context.fillStyle = palette.critical
  context.beginPath()
  for (const place of places) square(context, ...centre(place), side)
  context.fill()
}

function drawTriangles(context: CanvasRenderingContext2D, scene: Scene, places: readonly Place[]): void {
  const { em, table, cell, lastKnown, frame, field } = scene
  const { palette } = table
  const dark = table.isLight ? palette.raised : palette.ground
  const short = Math.min(cell.width, cell.height)
  // In a cell that is large enough to be amber itself the sign is cut out of it; what is last known is hatched instead.
  const inside = short >= CUT_OUT_CELL * em && !lastKnown
  const side = inside ? short * 0.55 : Math.max(SMALLEST_ADVISORY * em, short * 0.6)
  // What is stale or refused has a look of its own already; eight triangles per silent host would say less. Where the
  // connection was lost everything is stale, and the signs stay that stood before.
  const states = lastKnown ? frame?.states[frame.fields.indexOf(field.id as FieldId)] : scene.states
  const those = places.filter(({ row }) => states?.[row] === FIGURE.ok || states?.[row] === FIGURE.zero)
  for (const faint of [true, false]) {
    context.globalAlpha = faint ? 0.3 : 1
    context.beginPath()
    for (const place of those) if (place.faint === faint) triangle(context, ...centre(place), side)
    context.strokeStyle = dark
    context.lineWidth = 2.5 * em
    context.lineJoin = 'round'
    if (!inside) context.stroke()
    context.fillStyle = inside ? dark : palette.advisory
    context.fill()
  }
  context.globalAlpha = 1
}

/** "?" on values that were refused: ringed while the cell is too small to be seen by its colour. */
function drawRefused(context: CanvasRenderingContext2D, scene: Scene, places: readonly Place[]): void {
  const { em, table, cell, states, fonts } = scene
  const { palette } = table
  const short = Math.min(cell.width, cell.height)
  const inside = short >= CUT_OUT_CELL * em
  const dark = table.isLight ? palette.raised : palette.ground
  context.font = `700 ${Math.round(inside ? short * 0.75 : 14 * em)}px ${fonts.text}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineWidth = 3.5 * em
  context.lineJoin = 'round'
  context.strokeStyle = dark
  context.fillStyle = inside ? dark : palette.implausible
  for (const place of places) {
    if (states?.[place.row] !== FIGURE.implausible) continue
    const [x, y] = centre(place)
    context.globalAlpha = place.faint ? 0.3 : 1
    if (!inside) context.strokeText('?', x, y)
    context.fillText('?', x, y)
  }
  context.globalAlpha = 1
}

function drawBorders(
  context: CanvasRenderingContext2D,
  scene: Scene,
  places: readonly Place[],
  severity: 'advisory' | 'critical',
): void {
  const { em, table, cell, states } = scene
  const { palette } = table
  const width = (severity === 'critical' ? 3 : 2) * em
  const grown = severity === 'critical' ? 1.5 * em : -0.5 * em
  for (const faint of [true, false]) {
    const those = places.filter((place) => place.faint === faint)
    if (those.length === 0) continue
    context.globalAlpha = faint ? 0.3 : 1
    const around = (by: number): void => {
      context.beginPath()
      for (const { x, y, width: w, height: h } of those)
        context.rect(x - by, y - by, w + 2 * by - 2 * em, h + 2 * by - 2 * em)
    }
    if (severity === 'critical') {
      // A ring around the block, outside of it alone: inside it would cut the block up.
      around(grown + width / 2 + em)
      context.strokeStyle = table.isLight ? palette.raised : palette.ground
      context.lineWidth = 2 * em
      context.stroke()
    }
    around(grown)
    context.strokeStyle = palette[severity]
    context.lineWidth = width
    context.stroke()
    // Left of where figures end; the host level prints the sign in its own line.
    if (scene.level === 'host') continue
    const side = Math.min(10 * em, cell.height * 0.34)
    // In a narrow cell the sign sits on the corner, or it would cover the figure.
    const inset = cell.width < ROOMY_CELL * em ? 0 : side * 0.5 + 4 * em
    context.beginPath()
    for (const { x, y, row } of those) {
      // A narrow critical block is its own sign.
      if (severity === 'critical' && inset === 0) continue
      // Hatch and clock are the sign of a stale cell already; eight triangles per silent host would say less.
      if (severity === 'advisory' && states?.[row] === FIGURE.stale) continue
      const at = [x + inset, y + inset] as const
      if (severity === 'critical') square(context, ...at, side)
      else triangle(context, ...at, side)
    }
    if (inset === 0) {
      context.strokeStyle = table.isLight ? palette.raised : palette.ground
      context.lineWidth = 2.5 * em
      context.stroke()
    }
    // Inside a critical block its own colour would not be seen.
    context.fillStyle = severity === 'critical' ? table.onCritical : palette.advisory
    context.fill()
  }
  context.globalAlpha = 1
}

function centre({ x, y, width, height }: Rect): [number, number] {
  return [x + width / 2, y + height / 2]
}

/** Rings around what a search has found, so that a single hit is seen on any floor. */
export function drawHighlights(context: CanvasRenderingContext2D, scene: Scene): void {
  const { highlights, em, table } = scene
  if (highlights === null) return
  const rows: number[] = []
  for (let row = 0; row < highlights.length && rows.length <= MOST_ADVISORY; row++) {
    if (highlights[row] === 1) rows.push(row)
  }
  // Hundreds of rings hide what they point at; the dimming of all others shows them better.
  if (rows.length > MOST_ADVISORY) return
  context.beginPath()
  for (const rect of placesOf(scene, rows)) {
    const grown = Math.max(2 * em, (9 * em - rect.width) / 2)
    const tall = Math.max(2 * em, (9 * em - rect.height) / 2)
    context.rect(rect.x - grown, rect.y - tall, rect.width + 2 * grown, rect.height + 2 * tall)
  }
  context.strokeStyle = table.palette.text
  context.lineWidth = 1.5 * em
  context.stroke()
}

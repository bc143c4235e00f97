import type { Palette } from '../colour.ts'
import { contrast, mix } from '../colour.ts'
import type { IcicleCell, IcicleLayout } from './icicle.ts'

/** How a cell looks; texts are drawn where there is room for them. */
export interface IcicleLook {
  readonly fill: string
  readonly label: string
  /** At the right: "3.9 M tok". */
  readonly figure: string
  /** Its tokens were wasted: hatched, so that colour is not the only sign. */
  readonly hatched: boolean
}

export interface IcicleScene {
  readonly layout: IcicleLayout
  /** One for each cell. */
  readonly looks: readonly IcicleLook[]
  readonly palette: Palette
  readonly fonts: { readonly text: string; readonly figure: string }
  /** px of a 16th of the root's font size. */
  readonly em: number
  readonly height: number
}

export interface IciclePointing {
  /** Cells; -1 for none. */
  readonly hover: number
  readonly selected: number
  /** The keyboard is on the picture. */
  readonly focusVisible: boolean
  /** 1 for cells that a remark is about; the others are dimmed. null: no remark is chosen. */
  readonly marked: Uint8Array | null
}

/** Narrower cells have no room for any word. */
const SMALLEST_TEXT = 34
const HATCH_STEP = 6

/** The cells with their names. Painted when the layout changes, not when somebody points at it. */
export function paintIcicle(context: CanvasRenderingContext2D, scene: IcicleScene): void {
  const { layout, looks, palette, height } = scene
  context.clearRect(0, 0, layout.width, height)
  const hatch = hatchOf(context, palette)
  for (const [place, cell] of layout.cells.entries()) {
    const look = looks[place]
    if (look === undefined || cell.kind === 'gap') continue
    const box = boxOf(layout, cell)
    context.fillStyle = look.fill
    context.fillRect(box.x, box.y, box.width, box.height)
    if (look.hatched && hatch !== null) {
      context.fillStyle = hatch
      context.fillRect(box.x, box.y, box.width, box.height)
    }
    if (cell.kind === 'rest') outline(context, box, palette.textFaint, scene.em, [3, 3])
    if (box.width >= SMALLEST_TEXT * scene.em) write(context, scene, look, box)
    if (cell.kind === 'step' && cell.hidden > 0) markDeeper(context, scene, look, box)
  }
}

/** What somebody points at, on a canvas of its own, because it changes most. */
export function paintIciclePointing(
  context: CanvasRenderingContext2D,
  scene: IcicleScene,
  { hover, selected, focusVisible, marked }: IciclePointing,
): void {
  const { layout, palette, em, height } = scene
  context.clearRect(0, 0, layout.width, height)
  if (marked !== null) {
    context.globalAlpha = 0.72
    context.fillStyle = palette.ground
    for (const [place, cell] of layout.cells.entries()) {
      if (marked[place] === 1 || cell.kind === 'gap') continue
      const box = boxOf(layout, cell)
      context.fillRect(box.x, box.y, box.width, box.height)
    }
    context.globalAlpha = 1
  }
  ring(context, scene, hover, palette.textSecondary, 1.5 * em)
  ring(context, scene, selected, focusVisible ? palette.throttle : palette.text, 2 * em)
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** With a hair of ground around it; a sliver keeps most of its width. */
function boxOf(layout: IcicleLayout, { x, width, row }: IcicleCell): Box {
  const gap = width > 6 ? 1 : width > 2 ? 0.6 : 0
  return { x, y: row * layout.rowHeight, width: Math.max(0.8, width - gap), height: layout.rowHeight - 1 }
}

/** A line of light between two of ground is seen on any cell. */
function ring(
  context: CanvasRenderingContext2D,
  { layout, palette, em }: IcicleScene,
  place: number,
  colour: string,
  width: number,
): void {
  const cell = layout.cells[place]
  if (cell === undefined) return
  const box = boxOf(layout, cell)
  const inside = width / 2
  const shape = {
    x: box.x + inside,
    y: box.y + inside,
    width: Math.max(width, box.width - width),
    height: box.height - width,
  }
  outline(context, shape, palette.ground, width + 2 * em, [])
  outline(context, shape, colour, width, [])
}

function outline(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Box,
  colour: string,
  line: number,
  dash: readonly number[],
): void {
  context.setLineDash([...dash])
  context.strokeStyle = colour
  context.lineWidth = line
  context.strokeRect(x, y, width, height)
  context.setLineDash([])
}

function write(context: CanvasRenderingContext2D, scene: IcicleScene, look: IcicleLook, box: Box): void {
  const { fonts, em, palette } = scene
  const pad = 6 * em
  const baseline = box.y + box.height / 2 + 0.5 * em
  const room = box.width - 2 * pad
  context.textBaseline = 'middle'
  context.font = `${12 * em}px ${fonts.text}`
  const whole = context.measureText(look.label).width
  context.font = `${11 * em}px ${fonts.figure}`
  const figure = look.figure === '' ? 0 : context.measureText(look.figure).width
  const both = figure > 0 && whole + figure + 2 * pad <= room
  const ink = inkOn(look.fill, palette)
  const fitted = fit(context, look.label, room, `${12 * em}px ${fonts.text}`)
  // The hatch would be read as part of the letters.
  if (look.hatched) {
    context.fillStyle = look.fill
    if (fitted.width > 0) {
      context.fillRect(box.x + pad - 3 * em, box.y + 2 * em, fitted.width + 6 * em, box.height - 4 * em)
    }
    if (both) {
      const left = box.x + box.width - pad - figure - 3 * em
      context.fillRect(left, box.y + 2 * em, figure + 6 * em, box.height - 4 * em)
    }
  }
  context.fillStyle = ink
  context.textAlign = 'left'
  context.font = `${12 * em}px ${fonts.text}`
  context.fillText(fitted.text, box.x + pad, baseline)
  if (!both) return
  context.textAlign = 'right'
  context.font = `${11 * em}px ${fonts.figure}`
  context.fillText(look.figure, box.x + box.width - pad, baseline)
}

/** As much of a text as there is room for; nothing where that would be a letter or two. */
function fit(
  context: CanvasRenderingContext2D,
  text: string,
  room: number,
  font: string,
): { text: string; width: number } {
  context.font = font
  const width = context.measureText(text).width
  if (width <= room) return { text, width }
  const kept = Math.floor((text.length * room) / width) - 1
  if (kept < 3) return { text: '', width: 0 }
  const cut = `${text.slice(0, kept)}\u2026`
  return { text: cut, width: context.measureText(cut).width }
}

/** A notch at the lower edge: it goes on below the last row. */
function markDeeper(
  context: CanvasRenderingContext2D,
  { palette, em }: IcicleScene,
  look: IcicleLook,
  box: Box,
): void {
  const half = Math.min(5 * em, box.width / 2)
  const middle = box.x + box.width / 2
  const bottom = box.y + box.height
  context.fillStyle = inkOn(look.fill, palette)
  context.beginPath()
  context.moveTo(middle - half, bottom - 4 * em)
  context.lineTo(middle + half, bottom - 4 * em)
  context.lineTo(middle, bottom)
  context.fill()
}

/** The text's own colour or the ground's, whichever is read better. */
export function inkOn(fill: string, { text, ground }: Pick<Palette, 'text' | 'ground'>): string {
  return contrast(text, fill) >= contrast(ground, fill) ? text : ground
}

/** Diagonal lines of ground over whatever colour lies below. */
function hatchOf(context: CanvasRenderingContext2D, palette: Palette): CanvasPattern | null {
  const tile = document.createElement('canvas')
  tile.width = HATCH_STEP
  tile.height = HATCH_STEP
  const pen = tile.getContext('2d')
  if (pen === null) return null
  pen.strokeStyle = mix(palette.ground, palette.raised, 0.2)
  pen.lineWidth = 1.6
  pen.beginPath()
  // Beyond the tile at both corners, so that the lines of neighbouring tiles meet.
  for (const shift of [-HATCH_STEP, 0, HATCH_STEP]) {
    pen.moveTo(shift - 1, HATCH_STEP + 1)
    pen.lineTo(shift + HATCH_STEP + 1, -1)
  }
  pen.stroke()
  return context.createPattern(tile, 'repeat')
}

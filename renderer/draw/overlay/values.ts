import { FIGURE } from '../../../shared/model/figure.ts'
import { rampStep } from '../heatmap.ts'
import { eachRowIn } from '../hit.ts'
import { fitFigures, shortDigits } from '../scale.ts'
import { isCritical, isLeftOut, type Scene } from '../scene.ts'
import { visibleWorld } from '../viewport.ts'
import { clock } from './shapes.ts'

/** A picture with more numbers than this is not read any more, and would cost a frame. */
const MOST_VALUES = 3500
/** From this width on (CSS px at em 1) a clock has room beside the figure. */
const ROOMY_CELL = 46

/** The figure in each cell, without its unit: that stands in the legend. States print their sign instead. */
export function drawValues(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, view, size, cell, em, table, field, values, states, span, fonts } = scene
  if (scene.awaited) return
  const padding = (cell.width >= ROOMY_CELL * em ? 5 : 3) * em
  context.font = `100px ${fonts.figure}`
  const advance = context.measureText('0').width / 100
  const room = { width: cell.width - 2 * padding, height: cell.height }
  const fit = fitFigures(field, span, room, advance, em)
  if (fit === null) return
  const { px, digits, characters } = fit
  context.font = `${px}px ${fonts.figure}`
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  const clocks = new Path2D()
  const texts = new Map<number, string>()
  let left = MOST_VALUES
  let ink = ''
  const cutOut = table.isLight ? table.palette.raised : table.palette.ground
  eachRowIn(layout, visibleWorld(view, size), (row, band, column, cellRow) => {
    if (left-- <= 0) return
    if (isLeftOut(scene, row)) return
    const critical = isCritical(scene, row)
    const right = (band.x + (column + 1) * layout.cell.width) * view.k + view.x - padding
    const middle = (band.gridY + (cellRow + 0.5) * layout.cell.height) * view.k + view.y
    const state = states === null ? FIGURE.absent : (states[row] as number)
    let text: string
    let colour: string
    if (state === FIGURE.ok || state === FIGURE.zero || state === FIGURE.stale) {
      const value = values?.[row] ?? Number.NaN
      if (Number.isNaN(value)) {
        // A good state without a number: the cell has the colour of a refused value already.
        text = '?'
        colour = cutOut
      } else {
        text = texts.get(value) ?? remember(texts, value, shortDigits(field, value, digits))
        colour = state === FIGURE.stale ? table.palette.textSecondary : inkOn(scene, rampStep(value, span))
      }
      if (state === FIGURE.stale) {
        // The hatch would be read as part of the digits.
        const width = text.length * advance * px + 2 * em
        ink = critical ? table.palette.critical : table.palette.surface
        context.fillStyle = ink
        context.fillRect(right - width, middle - px * 0.55, width + em, px * 1.1)
        if (cell.width >= ROOMY_CELL * em) clock(clocks, right - cell.width + 14 * em, middle, 9 * em)
      }
    } else if (state === FIGURE.absent) {
      text = '\u2014'
      colour = table.palette.textFaint
    } else {
      text = '?'
      colour = cutOut
    }
    if (critical) colour = table.onCritical
    if (colour !== ink) {
      ink = colour
      context.fillStyle = colour
    }
    // Beyond the span figures may be longer; those alone are condensed.
    if (text.length > characters) context.fillText(text, right, middle, room.width)
    else context.fillText(text, right, middle)
  })
  context.strokeStyle = table.palette.textSecondary
  context.lineWidth = em
  context.stroke(clocks)
}

function inkOn(scene: Scene, step: number): string {
  return scene.table.ink[step] ?? scene.table.palette.text
}

/** Figures repeat: most of a floor shows one of a hundred percentages. */
function remember(texts: Map<number, string>, value: number, text: string): string {
  texts.set(value, text)
  return text
}

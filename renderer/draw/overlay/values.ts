import { FIGURE } from '../../../shared/model/figure.ts'
import { rampStep } from '../heatmap.ts'
import { eachRowIn } from '../hit.ts'
import { shortDigits } from '../scale.ts'
import type { Scene } from '../scene.ts'
import { visibleWorld } from '../viewport.ts'
import { clock } from './shapes.ts'

/** A picture with more numbers than this is not read any more, and would cost a frame. */
const MOST_VALUES = 3500

/** The figure in each cell, without its unit: that stands in the legend. States print their sign instead. */
export function drawValues(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, view, size, cell, em, table, field, values, states, span, mask, fonts } = scene
  const px = Math.round(Math.min(16 * em, Math.max(12 * em, cell.height * 0.5)))
  context.font = `${px}px ${fonts.figure}`
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  const clocks = new Path2D()
  const texts = new Map<number, string>()
  let left = MOST_VALUES
  let ink = ''
  eachRowIn(layout, visibleWorld(view, size), (row, band, column, cellRow) => {
    if (left-- <= 0) return
    if (mask !== null && mask[row] === 0) return
    const right = (band.x + (column + 1) * layout.cell.width) * view.k + view.x - 5 * em
    const middle = (band.gridY + (cellRow + 0.5) * layout.cell.height) * view.k + view.y
    const state = states === null ? FIGURE.absent : (states[row] as number)
    let text: string
    let colour: string
    if (state === FIGURE.ok || state === FIGURE.zero || state === FIGURE.stale) {
      const value = values?.[row] as number
      if (Number.isNaN(value)) return
      text = texts.get(value) ?? remember(texts, value, shortDigits(field, value))
      colour = state === FIGURE.stale ? table.palette.textSecondary : inkOn(scene, rampStep(value, span))
      if (state === FIGURE.stale && cell.width >= 46 * em) {
        const clockX = right - cell.width + 14 * em
        clock(clocks, clockX, middle, 9 * em)
      }
    } else if (state === FIGURE.absent) {
      text = '\u2014'
      colour = table.palette.textFaint
    } else {
      text = '?'
      colour = table.isLight ? table.palette.raised : table.palette.ground
    }
    if (colour !== ink) {
      ink = colour
      context.fillStyle = colour
    }
    context.fillText(text, right, middle)
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

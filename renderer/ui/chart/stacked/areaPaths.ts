import type uPlot from 'uplot'
import { type Stack, stretches } from './stack.ts'

/** What a path builder needs of the present data; asked at every drawing, because data changes more often than charts. */
export interface StackPicture {
  readonly stack: Stack
  /** Half of the time that one point stands for: a point between gaps is drawn as wide as it lasts. */
  readonly halfStep: number
  /** What is younger than this is not expected to be known yet, ms. */
  readonly dueMs: number
}

/** One layer of stacked areas. A gap stays a gap; a lone point is a column as wide as its step. */
export function areaPaths(layer: number, picture: () => StackPicture): uPlot.Series.PathBuilder {
  return (plot) => {
    const { stack, halfStep } = picture()
    const { base = [], top = [] } = stack.layers[layer] ?? {}
    const times = plot.data[0]
    const x = (at: number): number => plot.valToPos(times[at] ?? 0, 'x', true)
    const y = (value: number | null | undefined): number => plot.valToPos(value ?? 0, 'y', true)
    const fill = new Path2D()
    const stroke = new Path2D()
    for (const [first, last] of stretches(top)) {
      if (first === last) {
        const time = times[first] ?? 0
        const left = plot.valToPos(time - halfStep, 'x', true)
        const width = plot.valToPos(time + halfStep, 'x', true) - left
        fill.rect(left, y(top[first]), width, y(base[first]) - y(top[first]))
        continue
      }
      fill.moveTo(x(first), y(base[first]))
      stroke.moveTo(x(first), y(top[first]))
      for (let at = first; at <= last; at++) {
        fill.lineTo(x(at), y(top[at]))
        stroke.lineTo(x(at), y(top[at]))
      }
      for (let at = last; at >= first; at--) fill.lineTo(x(at), y(base[at]))
      fill.closePath()
    }
    return { fill, stroke, clip: null, band: null, gaps: [], flags: 0 }
  }
}

export interface BarSpan {
  readonly fromMs: number
  readonly toMs: number
  /** Not over yet, or partly unknown: drawn hatched. */
  readonly partial: boolean
}

/** Canvas px on either side of a bar, so that neighbours stand apart. */
const BAR_GAP = 0.08

function barEdges(plot: uPlot, { fromMs, toMs }: BarSpan): { left: number; width: number } {
  const from = plot.valToPos(fromMs, 'x', true)
  const whole = plot.valToPos(toMs, 'x', true) - from
  const gap = Math.min(whole * BAR_GAP, 8)
  return { left: from + gap, width: Math.max(1, whole - 2 * gap) }
}

/** One layer of stacked bars, each as wide as its bucket lasts: a day of 23 hours is narrower than one of 25. */
export function barPaths(
  layer: number,
  picture: () => StackPicture,
  spans: () => readonly BarSpan[],
): uPlot.Series.PathBuilder {
  return (plot) => {
    const { base = [], top = [] } = picture().stack.layers[layer] ?? {}
    const fill = new Path2D()
    spans().forEach((span, at) => {
      const from = base[at]
      const to = top[at]
      if (typeof from !== 'number' || typeof to !== 'number' || to === from) return
      const { left, width } = barEdges(plot, span)
      const upper = plot.valToPos(to, 'y', true)
      fill.rect(left, upper, width, plot.valToPos(from, 'y', true) - upper)
    })
    return { fill, stroke: fill, clip: null, band: null, gaps: [], flags: 0 }
  }
}

/** Hatches what is not over yet, so that a small newest bar is not taken for a fall. */
export function hatchPartial(
  plot: uPlot,
  spans: readonly BarSpan[],
  stack: Stack,
  colour: string,
  rem: number,
): void {
  const lower = plot.valToPos(0, 'y', true)
  spans.forEach((span, at) => {
    const top = highest(stack, at)
    if (!span.partial || top <= 0) return
    const upper = plot.valToPos(top, 'y', true)
    hatch(plot, { ...barEdges(plot, span), upper, lower }, colour, rem)
  })
}

/** Hatches the time in which the sum is not known: what is drawn there is not all, or nothing. */
export function hatchUnknown(plot: uPlot, picture: StackPicture, colour: string, rem: number): void {
  const { stack, halfStep, dueMs } = picture
  const times = plot.data[0]
  const { top: upper, height, left, width } = plot.bbox
  const unknown = stack.totals.map((total) => (total === null ? 1 : null))
  for (const [first, last] of stretches(unknown)) {
    if ((times[first] ?? 0) >= dueMs) continue
    // Half a step on either side, where no line leads to a known point.
    const from = Math.max(left, plot.valToPos((times[first] ?? 0) - halfStep, 'x', true))
    const to = Math.min(left + width, plot.valToPos((times[last] ?? 0) + halfStep, 'x', true))
    const known = stack.layers.length === 0 ? 0 : highestOf(stack, first, last)
    const lower = known > 0 ? plot.valToPos(known, 'y', true) : upper + height
    if (to > from) hatch(plot, { left: from, width: to - from, upper, lower }, colour, rem)
  }
}

/** Hatches everything from an instant on, over what is drawn there too, behind a line at that instant. */
export function hatchFrom(
  plot: uPlot,
  fromMs: number | null,
  colours: { readonly hatch: string; readonly textSecondary: string },
  rem: number,
): void {
  if (fromMs === null) return
  const { top: upper, height, left, width } = plot.bbox
  const from = Math.max(left, plot.valToPos(fromMs, 'x', true))
  if (from >= left + width) return
  hatch(plot, { left: from, width: left + width - from, upper, lower: upper + height }, colours.hatch, rem)
  const { ctx } = plot
  ctx.save()
  ctx.fillStyle = colours.textSecondary
  ctx.fillRect(from, upper, Math.max(1, devicePixelRatio), height)
  ctx.restore()
}

interface Box {
  readonly left: number
  readonly width: number
  readonly upper: number
  readonly lower: number
}

function hatch(plot: uPlot, { left, width, upper, lower }: Box, colour: string, rem: number): void {
  const { ctx } = plot
  const step = rem * 0.5 * devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, upper, width, lower - upper)
  ctx.clip()
  ctx.strokeStyle = colour
  ctx.lineWidth = devicePixelRatio * 1.5
  ctx.beginPath()
  // Lines of one grid, so that neighbouring boxes do not look like different things.
  const first = Math.floor((left - (lower - upper)) / step) * step
  for (let from = first; from < left + width; from += step) {
    ctx.moveTo(from, lower)
    ctx.lineTo(from + (lower - upper), upper)
  }
  ctx.stroke()
  ctx.restore()
}

/** Top of what is drawn in a stretch. */
function highestOf(stack: Stack, first: number, last: number): number {
  let most = 0
  for (let at = first; at <= last; at++) most = Math.max(most, highest(stack, at))
  return most
}

/** Top of what is drawn at one place. */
export function highest({ layers }: Stack, at: number): number {
  return layers.reduce((most, { top }) => Math.max(most, top[at] ?? 0), 0)
}

import uPlot from 'uplot'
import { formatClock, formatDate, isTimeZone, zoneName } from '../../../shared/model/time.ts'
import { figureText, type FigureFormat } from '../../../shared/model/units.ts'
import { CATEGORIES, type Colours } from '../theme/colours.ts'
import type { TimeSeries } from './summary.ts'

export interface Threshold {
  /** In the unit of the chart. */
  readonly value: number
  readonly severity: 'advisory' | 'critical'
  /** Said in the summary: "slowdown limit"; without it the severity stands for itself. */
  readonly label?: string
}

export interface PlotStyle {
  readonly colours: Colours
  readonly zone: string
  readonly format: FigureFormat
  readonly thresholds: readonly Threshold[]
  /** Fixed bounds of the axis; `null` leaves that end to the data. */
  readonly range: readonly [number | null, number | null]
  /** px per rem, so that axes grow with the text. */
  readonly rem: number
  /** Left of the drawing at least this much, rem, so that charts below each other line up. */
  readonly gutter?: number
  /** The whole time that was asked for, ms; without it from the first point to the last. */
  readonly span?: () => readonly [number, number] | null
}

export function seriesColour(series: TimeSeries, index: number, count: number, colours: Colours): string {
  if (series.colour !== undefined) return series.colour
  // A single series needs no category: it takes the calm hue of load.
  return count === 1 ? colours.rampHigh : colours[CATEGORIES[index % CATEGORIES.length] ?? 'category1']
}

/** Options of uPlot for the theme in force; a theme change rebuilds the chart. */
export function plotOptions(
  series: readonly TimeSeries[],
  size: { width: number; height: number },
  style: PlotStyle,
): uPlot.Options {
  const { colours, zone, format, rem, span } = style
  const font = `${0.75 * rem}px B612, sans-serif`
  const grid = { stroke: colours.hairline, width: 1 }
  return {
    ...size,
    ms: 1,
    tzDate: (at) => siteDate(at, zone),
    // The last label of the time axis stands centred under its tick and needs half its width beyond it.
    padding: [rem * 0.5, rem * 1.75, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: (_, from, to) => [...(span?.() ?? [from, to])] as [number, number] },
      y: { range: (_, low, high) => bounds(low, high, style) },
    },
    series: [
      {},
      ...series.map((one, index) => {
        const colour = seriesColour(one, index, series.length, colours)
        return { label: one.label, stroke: colour, width: 1.5, spanGaps: false, points: { show: false } }
      }),
    ],
    axes: [
      {
        stroke: colours.textSecondary,
        font,
        size: rem * 1.75,
        space: rem * 5,
        grid: { show: false },
        ticks: { stroke: colours.hairline, width: 1, size: TICK },
        values: (_, splits) => splits.map((at) => axisInstant(at, zone, splits)),
      },
      {
        stroke: colours.textSecondary,
        font,
        size: (_, values) => gutter(values, style),
        space: rem * 2,
        grid,
        ticks: { show: false },
        values: (_, splits) => splits.map((value) => axisText(value, splits, format)),
      },
    ],
    hooks: {
      drawAxes: [
        (plot) => {
          drawThresholds(plot, style)
          drawZone(plot, style)
        },
      ],
    },
  }
}

const DAY_MS = 86_400_000
/** CSS px; the gap is uPlot's own. */
const TICK = 4
const LABEL_GAP = 5
/** From the drawing to the zone, rem: half of a clock that stands under the very edge. */
const ZONE_CLEAR = 1.4

/** As much of an instant as the ticks' distance needs: seconds under a minute, days and months beyond. */
export function axisInstant(at: number, zone: string, splits: readonly number[]): string {
  const [first = 0, second = 0] = splits
  const step = second - first
  if (step >= 27 * DAY_MS) return formatDate(at, zone).replace(/^\d+ /, '')
  // A day of daylight saving may have 23 hours.
  if (step >= DAY_MS * 0.95) return formatDate(at, zone).replace(/ \d{4}$/, '')
  return formatClock(at, zone, step < 60_000 ? 'seconds' : 'minutes')
}

/** So that ticks stand on the site's full hours and days, wherever the screen is. */
export function siteDate(at: number, zone: string): Date {
  return uPlot.tzDate(new Date(at), isTimeZone(zone) ? zone : 'UTC')
}

/** Ticks are round numbers: as many decimals as their step needs, not three significant digits. */
export function axisText(value: number, splits: readonly number[], format: FigureFormat): string {
  const [first = 0, second = first + 1] = splits
  const step = Math.abs(second - first)
  const digits = Math.min(4, Math.max(0, -Math.floor(Math.log10(step || 1) + 1e-9)))
  if (Math.abs(value) >= 1000 && format.digits === undefined) return figureText(value, format)
  return figureText(value, { ...format, digits })
}

/** Room for the labels of the axis of values, and for the zone below them; px. */
export function gutter(
  values: readonly string[] | null,
  { zone, rem, gutter: least = 0 }: Pick<PlotStyle, 'zone' | 'rem' | 'gutter'>,
): number {
  const labels = (longest(values) + 1.5) * 0.47
  const zoned = ZONE_CLEAR + zoneName(0, zone).length * 0.55
  return Math.max(labels, zoned, least) * rem
}

function longest(values: readonly string[] | null): number {
  return (values ?? []).reduce((most, text) => Math.max(most, text.length), 3)
}

/** Zero stays in sight for what starts at zero; a flat line gets room above and below; limits are shown when near. */
function bounds(low: number | null, high: number | null, style: PlotStyle): [number, number] {
  const [fixedLow, fixedHigh] = style.range
  let least = low ?? 0
  let most = high ?? 1
  const near = style.thresholds
    .map(({ value }) => value)
    .filter((value) => value <= most + (most - least) * 0.5)
  const reach = (most - least) * 0.5
  // A lower limit that is far below would press the line to the top.
  const below = near.filter((value) => value >= least - reach)
  most = near.reduce((top, value) => Math.max(top, value), most)
  least = below.reduce((bottom, value) => Math.min(bottom, value), least)
  if (least >= 0 && least < most * 0.5) least = 0
  const room = most === least ? Math.max(1, Math.abs(most) * 0.1) : (most - least) * 0.08
  return [fixedLow ?? (least === 0 ? 0 : least - room), fixedHigh ?? most + room]
}

/** The zone of the clocks on the time axis, before its first one. */
export function drawZone(
  plot: uPlot,
  { colours, zone, rem }: Pick<PlotStyle, 'colours' | 'zone' | 'rem'>,
): void {
  const { ctx, bbox, scales } = plot
  const newest = scales['x']?.max
  if (typeof newest !== 'number') return
  ctx.save()
  ctx.font = `${0.75 * rem * devicePixelRatio}px B612, sans-serif`
  ctx.fillStyle = colours.textSecondary
  ctx.textAlign = 'right'
  ctx.textBaseline = 'top'
  // Where uPlot prints the clocks: below tick and gap, and clear of one that stands under the very edge.
  const y = bbox.top + bbox.height + (TICK + LABEL_GAP) * devicePixelRatio
  ctx.fillText(zoneName(newest, zone), bbox.left - ZONE_CLEAR * rem * devicePixelRatio, y)
  ctx.restore()
}

function drawThresholds(plot: uPlot, { thresholds, colours }: PlotStyle): void {
  const { ctx, bbox, scales } = plot
  const { min = 0, max = 0 } = scales['y'] ?? {}
  for (const { value, severity } of thresholds) {
    if (value < (min ?? 0) || value > (max ?? 0)) continue
    const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5
    ctx.save()
    ctx.strokeStyle = colours[severity]
    ctx.lineWidth = 1
    // Dashes distinguish the two limits without colour.
    ctx.setLineDash(severity === 'critical' ? [8, 3] : [2, 4])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.restore()
  }
}

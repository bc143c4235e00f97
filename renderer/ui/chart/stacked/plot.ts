import type uPlot from 'uplot'
import type { FigureFormat } from '../../../../shared/model/units.ts'
import type { Colours } from '../../theme/colours.ts'
import {
  areaPaths,
  barPaths,
  type BarSpan,
  hatchFrom,
  hatchPartial,
  hatchUnknown,
  type StackPicture,
} from './areaPaths.ts'
import { axisInstant, axisText, drawZone, gutter, siteDate } from '../plot.ts'

export interface LayerStyle {
  readonly name: string
  readonly colour: string
  /** `chosen` is outlined; `leftOut` is dimmed and stays in its place. */
  readonly role: 'plain' | 'chosen' | 'leftOut'
}

/** An area covers far more of the screen than an alarm does: it lets the ground through, so as to stay below one. */
export const AREA_ALPHA = { plain: 0.78, chosen: 0.9, leftOut: 0.28 } as const

export interface StackedStyle {
  readonly layers: readonly LayerStyle[]
  readonly bars: boolean
  readonly zone: string
  readonly format: FigureFormat
  readonly colours: Colours
  /** px per rem. */
  readonly rem: number
  /** See PlotStyle. */
  readonly gutter?: number
}

/** What changes with every answer, while the chart stays the same. */
export interface StackedData extends StackPicture {
  readonly fromMs: number
  readonly toMs: number
  readonly bars: readonly BarSpan[]
  /** From here on it is not what it was before, ms; null: all of it is. */
  readonly hatchedFromMs: number | null
}

/** Options of uPlot for layers that are stacked here: its own bands cannot stand on a gap. */
export function stackedOptions(
  size: { width: number; height: number },
  style: StackedStyle,
  data: () => StackedData,
): uPlot.Options {
  const { colours, zone, format, rem, layers, bars } = style
  const font = `${0.75 * rem}px B612, sans-serif`
  // Colours that a person has chosen over ours part layers by their text colour: our dark ones are alike on their ground.
  const forced = matchMedia('(forced-colors: active)').matches
  return {
    ...size,
    ms: 1,
    tzDate: (at) => siteDate(at, zone),
    padding: [rem * 0.5, rem * 1.75, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      // The whole range that was asked for: what is not known yet at its end is seen as empty.
      x: { time: true, range: () => [data().fromMs, data().toMs] },
      y: { range: (_, __, high) => [0, (high ?? 0) > 0 ? (high ?? 0) * 1.06 : 1] },
    },
    series: [
      {},
      ...layers.map(({ name, colour, role }, index) => ({
        label: name,
        fill: colour,
        // A thin line of the ground parts neighbours whose colours somebody cannot distinguish.
        stroke: role === 'chosen' || forced ? colours.text : colours.surface,
        width: role === 'chosen' ? 1.5 : forced ? 1 : 0.75,
        alpha: AREA_ALPHA[role],
        points: { show: false },
        paths: bars ? barPaths(index, data, () => data().bars) : areaPaths(index, data),
      })),
    ],
    axes: [
      {
        stroke: colours.textSecondary,
        font,
        size: rem * 1.75,
        space: rem * 5,
        grid: { show: false },
        ticks: { stroke: colours.hairline, width: 1, size: 4 },
        ...(bars
          ? barAxis(() => data().bars, zone, rem)
          : {
              values: (_: uPlot, splits: number[]) => splits.map((at) => axisInstant(at, zone, splits)),
            }),
      },
      {
        stroke: colours.textSecondary,
        font,
        size: (_, values) => gutter(values, style),
        space: rem * 3,
        grid: { stroke: colours.hairline, width: 1 },
        ticks: { show: false },
        values: (_, splits) => splits.map((value) => axisText(value, splits, format)),
      },
    ],
    hooks: {
      drawAxes: [(plot) => drawZone(plot, style)],
      draw: [
        (plot) => {
          if (bars) hatchPartial(plot, data().bars, data().stack, colours.surface, rem)
          else {
            hatchUnknown(plot, data(), colours.hatch, rem)
            hatchFrom(plot, data().hatchedFromMs, colours, rem)
          }
        },
      ],
    },
  }
}

/** Bars are named under their middles, as many of them as there is room for, the newest always. */
function barAxis(bars: () => readonly BarSpan[], zone: string, rem: number): Partial<uPlot.Axis> {
  return {
    splits: (plot) => {
      const spans = bars()
      const room = Math.max(1, Math.floor(plot.bbox.width / devicePixelRatio / (rem * 5)))
      const every = Math.max(1, Math.ceil(spans.length / room))
      return spans
        .filter((_, at) => (spans.length - 1 - at) % every === 0)
        .map(({ fromMs, toMs }) => (fromMs + toMs) / 2)
    },
    values: (_, splits) =>
      splits.map((middle) => {
        const span = bars().find(({ fromMs, toMs }) => middle >= fromMs && middle < toMs)
        return span === undefined ? '' : axisInstant(span.fromMs, zone, [span.fromMs, span.toMs])
      }),
  }
}

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatClock, zoneName } from '../../../shared/model/time.ts'
import type { FigureFormat } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'
import { Digits } from '../figure/Digits.tsx'
import { Figure } from '../figure/Figure.tsx'
import { useSiteZone } from '../figure/freshness.ts'
import { useColours } from '../theme/colours.ts'
import { remPx } from '../theme/rem.ts'
import { plotOptions, type PlotStyle, seriesColour, type Threshold } from './plot.ts'
import { newestIndex, summarise, type TimeSeries } from './summary.ts'
import './chart.css'

export interface TimeChartProps extends FigureFormat {
  readonly label: string
  /** ms since the epoch, ascending. */
  readonly times: readonly number[]
  readonly series: readonly TimeSeries[]
  readonly thresholds?: readonly Threshold[]
  readonly range?: readonly [number | null, number | null]
  /** Height of the drawing in rem. */
  readonly height?: number
  /** Left of the drawing at least this much, rem, so that charts below each other line up. */
  readonly gutter?: number
  /** The whole time that was asked for, ms; without it from the first point to the last. */
  readonly span?: readonly [number, number]
  /** The legend repeats the title where there is one series; leave it out there. */
  readonly legend?: boolean
}

interface ChartShape extends Omit<PlotStyle, 'colours' | 'rem' | 'span'> {
  readonly series: readonly TimeSeries[]
  readonly height: number
}

const NO_THRESHOLDS: readonly Threshold[] = []
const OPEN_RANGE = [null, null] as const

/** Values over time. Arrow keys walk through the points; the readout names the instant and every value there. */
export function TimeChart(props: TimeChartProps) {
  const { label, times, series, unit = '', digits, kind, height = 8 } = props
  const {
    gutter,
    span = null,
    thresholds = NO_THRESHOLDS,
    range = OPEN_RANGE,
    legend = series.length > 1,
  } = props
  const zone = useSiteZone()
  const colours = useColours()
  const summaryId = useId()
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const [cursor, setCursor] = useState<number | null>(null)
  const format: FigureFormat = {
    unit,
    ...(digits === undefined ? {} : { digits }),
    ...(kind ? { kind } : {}),
  }

  // What makes a different chart, as one text; new values alone are handed to the chart that is there.
  const shape = JSON.stringify({
    series: series.map(({ label, colour }) => ({
      label,
      values: [],
      ...(colour === undefined ? {} : { colour }),
    })),
    format,
    thresholds,
    range,
    zone,
    height,
    ...(gutter === undefined ? {} : { gutter }),
  } satisfies ChartShape)
  const data = useMemo(
    () => [times, ...series.map(({ values }) => values)] as uPlot.AlignedData,
    [times, series],
  )
  const latest = useRef({ data, span })
  const [from, to] = span ?? []

  useEffect(() => {
    const element = holder.current
    if (element === null) return undefined
    const { series: lines, height: rows, ...style } = JSON.parse(shape) as ChartShape
    const rem = remPx()
    const size = { width: element.clientWidth || 320, height: rows * rem }
    const options = plotOptions(lines, size, { ...style, colours, rem, span: () => latest.current.span })
    options.hooks = { ...options.hooks, setCursor: [(chart) => setCursor(chart.cursor.idx ?? null)] }
    const chart = new uPlot(options, latest.current.data, element)
    plot.current = chart
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: size.height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [shape, colours, holder, latest, plot])

  useEffect(() => {
    latest.current = { data, span: from === undefined || to === undefined ? null : [from, to] }
    plot.current?.setData(data)
  }, [data, from, to, latest, plot])

  function onKey(event: KeyboardEvent): void {
    const chart = plot.current
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (chart === null || step === undefined || times.length === 0) return
    event.preventDefault()
    event.stopPropagation()
    const at = Math.min(Math.max((cursor ?? times.length) + step, 0), times.length - 1)
    chart.setCursor({ left: chart.valToPos(times[at] ?? 0, 'x'), top: 0 })
  }

  return (
    <div className="time-chart">
      {/* A chart is read with the arrow keys, therefore it takes the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={holder}
        className="time-chart-plot"
        role="application"
        aria-roledescription={say('chart.role')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={label}
        aria-describedby={summaryId}
        onKeyDown={onKey}
      />
      <p id={summaryId} className="visually-hidden">
        {summarise(label, times, series, format, zone)}
      </p>
      {(legend || cursor !== null) && (
        <Readout {...props} format={format} cursor={cursor} colours={colours} zone={zone} />
      )}
    </div>
  )
}

interface ReadoutProps extends TimeChartProps {
  readonly format: FigureFormat
  readonly cursor: number | null
  readonly colours: ReturnType<typeof useColours>
  readonly zone: string
}

/** The legend, with the values under the cursor, or the newest ones. */
function Readout({ times, series, format, cursor, colours, zone }: ReadoutProps) {
  const at = cursor === null ? undefined : times[cursor]
  return (
    <div className="time-chart-legend" aria-live="polite">
      {at !== undefined && (
        <span className="secondary">
          <Digits text={formatClock(at, zone)} /> {zoneName(at, zone)}
        </span>
      )}
      {series.map((one, index) => {
        const point = cursor ?? newestIndex(one.values)
        return (
          <span key={one.label} className="time-chart-entry">
            <svg className="time-chart-key" viewBox="0 0 12 4" aria-hidden="true">
              <path d="M0 2h12" stroke={seriesColour(one, index, series.length, colours)} strokeWidth="2" />
            </svg>
            {series.length > 1 && <span>{one.label}</span>}
            <Figure
              {...format}
              label={one.label}
              value={one.values[point] ?? null}
              size="tiny"
              at={times[point] ?? null}
            />
          </span>
        )
      })}
    </div>
  )
}

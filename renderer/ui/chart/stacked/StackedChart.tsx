import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { say } from '../../../../shared/messages/format.ts'
import { layerAt } from './stack.ts'
import { useSiteZone } from '../../figure/freshness.ts'
import { useColours } from '../../theme/colours.ts'
import { useEscape } from '../../keys/useEscape.ts'
import { remPx } from '../../theme/rem.ts'
import type { BarSpan } from './areaPaths.ts'
import type { StackedChartProps } from './chartProps.ts'
import { StackedLegend } from './StackedLegend.tsx'
import { type StackedData, stackedOptions, type StackedStyle } from './plot.ts'
import { spokenPoint, spokenStack } from './spoken.ts'
import '../stacked.css'

export interface Pointed {
  readonly at: number | null
  readonly layer: number
}

const NOTHING: Pointed = { at: null, layer: -1 }
const NO_BARS: readonly BarSpan[] = []

/** Stacked areas or bars that fill the place they are given. Read with the arrow keys; Enter chooses a layer. */
export function StackedChart(props: StackedChartProps) {
  const { label, times, fromMs, toMs, stack, layers, bars = NO_BARS, unit = '', onToggle } = props
  const { dueMs = toMs, hatchedFromMs = null } = props
  const zone = useSiteZone()
  const colours = useColours()
  const summary = useId()
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const [pointed, setPointed] = useState<Pointed>(NOTHING)
  // While the keys lead, the chart's own cursor says nothing: new data moves it, and its height means nothing.
  const walking = useRef(false)
  const picture = useMemo(() => {
    const [first = fromMs, second = toMs] = times
    const data: StackedData = {
      stack,
      halfStep: (second - first) / 2,
      dueMs,
      fromMs,
      toMs,
      bars,
      hatchedFromMs,
    }
    return { data, drawn: [times, ...stack.layers.map(({ top }) => top)] as uPlot.AlignedData }
  }, [stack, times, fromMs, toMs, dueMs, bars, hatchedFromMs])
  const latest = useRef(picture)

  // What makes a different chart, as one text; new values alone are handed to the chart that is there.
  const shape = JSON.stringify({
    layers,
    bars: bars.length > 0,
    zone,
    gutter: props.gutter,
    format: { unit },
  })

  useEffect(() => {
    latest.current = picture
  }, [picture])

  useEffect(() => {
    const element = holder.current
    if (element === null) return undefined
    const style = JSON.parse(shape) as Omit<StackedStyle, 'colours' | 'rem'>
    const rem = remPx()
    const size = () => ({ width: element.clientWidth || 640, height: element.clientHeight || 240 })
    const options = stackedOptions(size(), { ...style, colours, rem }, () => latest.current.data)
    options.hooks = {
      ...options.hooks,
      setCursor: [(chart) => !walking.current && setPointed(pointedAt(chart, latest.current.data))],
    }
    const chart = new uPlot(options, latest.current.drawn, element)
    plot.current = chart
    const observer = new ResizeObserver(() => chart.setSize(size()))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [shape, colours])

  useEffect(() => {
    const chart = plot.current
    // A chart of other layers has been built with its data already.
    if (chart !== null && chart.series.length === picture.drawn.length) chart.setData(picture.drawn)
  }, [picture])

  const at = pointed.at !== null && pointed.at < times.length ? pointed.at : null
  const layer = pointed.layer < layers.length ? pointed.layer : -1

  useEscape({
    id: `chart.leave.${summary}`,
    title: say('chart.leave'),
    group: say('keys.group.charts'),
    step: 'reading',
    when: () => walking.current && holder.current === document.activeElement,
    run: leave,
  })

  function leave(): void {
    walking.current = false
    setPointed(NOTHING)
  }

  function toggle(index: number): void {
    const chosen = stack.layers[index]
    if (chosen !== undefined && !chosen.rest) onToggle?.(chosen.name)
  }

  function onKey(event: KeyboardEvent): void {
    const last = times.length - 1
    if (event.ctrlKey || event.metaKey || event.altKey || last < 0) return
    const now = at ?? last
    const moves: Record<string, Pointed> = {
      ArrowLeft: { at: at === null ? last : Math.max(0, now - 1), layer },
      ArrowRight: { at: Math.min(last, now + 1), layer },
      Home: { at: 0, layer },
      End: { at: last, layer },
      ArrowUp: { at: now, layer: Math.min(layers.length - 1, layer + 1) },
      ArrowDown: { at: now, layer: Math.max(0, layer - 1) },
    }
    const next = moves[event.key]
    if (event.key === 'Enter' && layer !== -1) toggle(layer)
    else if (next === undefined) return
    else walkTo(next)
    event.preventDefault()
    event.stopPropagation()
  }

  /** The line goes where the keys point. */
  function walkTo(next: Pointed): void {
    walking.current = true
    plot.current?.setCursor({ left: plot.current.valToPos(times[next.at ?? 0] ?? 0, 'x'), top: 0 })
    setPointed(next)
  }

  const names = layers.map(({ name }) => name)
  return (
    <div className="stacked">
      {/* A chart is read with the arrow keys, therefore it takes the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div
        ref={holder}
        className="stacked-plot"
        role="application"
        aria-roledescription={say('chart.role')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={label}
        aria-describedby={summary}
        data-pointed={layer === -1 || onToggle === undefined ? undefined : ''}
        onKeyDown={onKey}
        onBlur={leave}
        onPointerMove={() => {
          walking.current = false
        }}
        onClick={() => toggle(layer)}
      />
      <p id={summary} className="visually-hidden">
        {spokenStack(label, stack, names, unit)}
      </p>
      <p className="visually-hidden" aria-live="polite">
        {at === null ? '' : spokenPoint(stack, names, unit, { at, layer }, props.instant(times[at] ?? 0))}
      </p>
      <StackedLegend {...props} at={at} pointed={layer} onPick={toggle} />
    </div>
  )
}

function pointedAt(chart: uPlot, { stack }: StackedData): Pointed {
  const at = chart.cursor.idx ?? null
  const top = chart.cursor.top ?? -1
  if (at === null) return NOTHING
  return { at, layer: top < 0 ? -1 : layerAt(stack, at, chart.posToVal(top, 'y')) }
}

import { line, scaleLinear } from 'd3'
import './chart.css'

interface SparklineProps {
  readonly values: readonly (number | null)[]
  /** Fixed bounds; without them zero to the highest, or lowest to highest where zero is far away. */
  readonly range?: readonly [number, number]
  /** What it shows, for screen readers; leave it out beside a figure that says the same. */
  readonly label?: string
}

const WIDTH = 100
const HEIGHT = 24

/** The shape of the recent past beside a figure; no axes, so no reading of values from it. Nulls are gaps. */
export function Sparkline({ values, range, label }: SparklineProps) {
  const path = sparkPath(values, range)
  const spoken = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" {...spoken}>
      {path !== '' && <path d={path} />}
    </svg>
  )
}

/** SVG path in a 100 × 24 box; '' where fewer than two values are known. */
export function sparkPath(values: readonly (number | null)[], range?: readonly [number, number]): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value))
  if (known.length < 2) return ''
  const low = known.reduce((least, value) => Math.min(least, value), Infinity)
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity)
  const [from, to] = range ?? [low >= 0 && low < high * 0.6 ? 0 : low, high]
  const y = scaleLinear()
    .domain(from === to ? [from - 1, to + 1] : [from, to])
    .range([HEIGHT - 1.5, 1.5])
    .clamp(true)
  const x = scaleLinear()
    .domain([0, values.length - 1])
    .range([0, WIDTH])
  return (
    line<number | null>()
      .defined((value) => value !== null && Number.isFinite(value))
      .x((_, index) => Math.round(x(index) * 100) / 100)
      .y((value) => Math.round(y(value ?? 0) * 100) / 100)([...values]) ?? ''
  )
}

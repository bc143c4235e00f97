import { formatClock, zoneName } from '../../../shared/model/time.ts'
import { figureText, type FigureFormat } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'

export interface TimeSeries {
  readonly label: string
  /** One per time; null is a gap and is drawn as one. */
  readonly values: readonly (number | null)[]
  /** A CSS colour; without it the series takes its place in the categories. */
  readonly colour?: string
}

/** Index of the newest point that has a value, or -1. */
export function newestIndex(values: readonly (number | null)[]): number {
  return values.findLastIndex((value) => value !== null && Number.isFinite(value))
}

/** What the chart shows, for those who cannot see it: newest, lowest and highest of each series, and its gaps. */
export function summarise(
  label: string,
  times: readonly number[],
  series: readonly TimeSeries[],
  format: FigureFormat,
  zone: string,
): string {
  const from = times[0]
  const to = times.at(-1)
  if (from === undefined || to === undefined) return say('chart.summary.none', { label })
  const span = say('chart.summary.span', {
    from: formatClock(from, zone, 'minutes'),
    to: formatClock(to, zone, 'minutes'),
    zone: zoneName(to, zone),
  })
  const parts = series.map(({ label: name, values }) => {
    const known = values.filter((value): value is number => value !== null && Number.isFinite(value))
    const newest = values[newestIndex(values)]
    if (newest === undefined || newest === null) return say('chart.summary.noValues', { name })
    // Not spread into Math.min: a long series has more points than a call may have arguments.
    const low = known.reduce((least, value) => Math.min(least, value), Infinity)
    const high = known.reduce((most, value) => Math.max(most, value), -Infinity)
    const gaps = values.length - known.length
    const line = say('chart.summary.line', {
      name,
      newest: figureText(newest, format),
      low: figureText(low, format),
      high: figureText(high, format),
    })
    return gaps === 0 ? line : say('chart.summary.gaps', { line, gaps, points: values.length })
  })
  return say('chart.summary', { label, span, lines: parts.join('; ') })
}

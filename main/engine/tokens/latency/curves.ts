import { addHistograms, countOf, quantile } from '../../../core/tokens/latency/quantile.ts'
import type { Histogram } from '../../../core/tokens/types.ts'
import {
  ENGINE_LABEL,
  fromCumulative,
  HAVING_LABEL,
  QUANTILE_LABEL,
} from '../../../sources/inference/index.ts'
import { type HistoryWindow, onGrid, type RangeSeries } from '../../../sources/prometheus/index.ts'

export const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const
type Name = keyof typeof QUANTILES
const NAMES = Object.keys(QUANTILES) as Name[]

export interface LatencyCurves extends Readonly<Record<Name, (number | null)[]>> {
  /** A bound above which a quantile lies that is therefore not known; the highest of all points, null where none does. */
  readonly beyond: number | null
}

/** The answer to a question of `curvesQuery`: native quantiles as they come, all others from the buckets. */
export function readCurves(series: readonly RangeSeries[], window: HistoryWindow): LatencyCurves {
  const native = new Map(
    series.flatMap((one) => {
      const q = one.labels.get(QUANTILE_LABEL)
      return q === undefined ? [] : [[Number(q), onGrid(one, window)] as const]
    }),
  )
  return curvesOf(
    readHistograms(series, window).map((one) => (one === null || !(countOf(one) > 0) ? null : one)),
    (q, at) => {
      const value = native.get(q)?.[at] ?? Number.NaN
      return Number.isFinite(value) ? value : null
    },
  )
}

/**
 * The classic histograms of the same answer, observations per second, one per point of the window; null where there is
 * none, empty where nothing was observed.
 */
export function readHistograms(series: readonly RangeSeries[], window: HistoryWindow): (Histogram | null)[] {
  const engines = new Map<string, EngineBuckets>()
  for (const one of series) {
    const bound = boundOf(one.labels.get('le'))
    if (bound === null) continue
    const engine = one.labels.get(ENGINE_LABEL) ?? ''
    const buckets = engines.get(engine) ?? { counted: [], having: [] }
    engines.set(engine, buckets)
    const what = one.labels.has(HAVING_LABEL) ? buckets.having : buckets.counted
    what.push({ bound, at: onGrid(one, window) })
  }
  const all = [...engines.values()]
  const length = Math.round((window.toMs - window.fromMs) / window.stepMs) + 1
  return Array.from({ length }, (_, at) => sumAt(all, at))
}

/** Quantiles of one histogram per point; null where nothing was observed. */
export function curvesOf(
  histograms: readonly (Histogram | null)[],
  native: (q: number, at: number) => number | null = () => null,
): LatencyCurves {
  let beyond: number | null = null
  const curve = (q: number) =>
    histograms.map((histogram, at) => {
      const known = native(q, at)
      if (known !== null || histogram === null) return known
      const value = quantile(histogram, q)
      if (value !== 'beyond') return value
      // Not drawn at the bound: where bounds differ from point to point, that would look like a fall.
      const last = histogram.bounds.at(-1)
      if (last !== undefined) beyond = Math.max(beyond ?? last, last)
      return null
    })
  const curves = Object.fromEntries(NAMES.map((name) => [name, curve(QUANTILES[name])])) as Record<
    Name,
    (number | null)[]
  >
  return { ...curves, beyond }
}

/** A figure of one bound by point: observations per second up to it, or how many histograms have it. */
interface Bounded {
  readonly bound: number
  readonly at: Float64Array
}

interface EngineBuckets {
  readonly counted: Bounded[]
  readonly having: Bounded[]
}

/** Of all engines: bounds that they do not share are only kept where nothing is guessed. */
function sumAt(engines: readonly EngineBuckets[], at: number): Histogram | null {
  return engines
    .flatMap((buckets) => histogramAt(buckets, at) ?? [])
    .reduce<Histogram | null>((sum, one) => (sum === null ? one : addHistograms(sum, one)), null)
}

function histogramAt({ counted, having }: EngineBuckets, at: number): Histogram | null {
  const shared = new Map<number, number>()
  for (const { bound, at: counts } of having) {
    const count = counts[at] ?? Number.NaN
    if (!Number.isNaN(count)) shared.set(bound, (shared.get(bound) ?? 0) + count)
  }
  return fromCumulative(
    counted.map(({ bound }) => bound),
    counted.map((one) => one.at[at] ?? Number.NaN),
    1,
    shared,
  )
}

function boundOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (text === '+Inf') return Infinity
  const bound = Number(text)
  return Number.isFinite(bound) ? bound : null
}

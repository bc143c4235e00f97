import { addHistograms, quantile } from '../../core/tokens/quantile.ts'
import type { Histogram } from '../../core/tokens/types.ts'
import { ENGINE_LABEL, QUANTILE_LABEL } from '../../sources/inference/index.ts'
import { type HistoryWindow, onGrid, type RangeSeries } from '../../sources/prometheus/index.ts'

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
  const engines = new Map<string, Bucket[]>()
  for (const one of series) {
    const bound = boundOf(one.labels.get('le'))
    if (bound === null) continue
    const engine = one.labels.get(ENGINE_LABEL) ?? ''
    engines.set(engine, [...(engines.get(engine) ?? []), { bound, below: onGrid(one, window) }])
  }
  const sorted = [...engines.values()].map((buckets) => buckets.toSorted((a, b) => a.bound - b.bound))
  const length = Math.round((window.toMs - window.fromMs) / window.stepMs) + 1
  return curvesOf(
    Array.from({ length }, (_, at) => sumAt(sorted, at)),
    (q, at) => {
      const value = native.get(q)?.[at] ?? Number.NaN
      return Number.isFinite(value) ? value : null
    },
  )
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

interface Bucket {
  readonly bound: number
  /** Observations per second up to the bound, by point. */
  readonly below: Float64Array
}

/** Of all engines: bounds that they do not share are only kept where nothing is guessed. */
function sumAt(engines: readonly (readonly Bucket[])[], at: number): Histogram | null {
  return engines
    .flatMap((buckets) => histogramAt(buckets, at) ?? [])
    .reduce<Histogram | null>((sum, one) => (sum === null ? one : addHistograms(sum, one)), null)
}

function histogramAt(buckets: readonly Bucket[], at: number): Histogram | null {
  const bounds: number[] = []
  const counts: number[] = []
  let counted = 0
  for (const { bound, below } of buckets) {
    const up = below[at] ?? Number.NaN
    if (Number.isNaN(up)) continue
    // Servers of different versions have different bounds: their sum may fall a little from one to the next.
    const own = Math.max(0, up - counted)
    counted += own
    counts.push(own)
    if (bound !== Infinity) bounds.push(bound)
  }
  if (counts.length === bounds.length) counts.push(0)
  return counted > 0 ? { bounds, counts } : null
}

function boundOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (text === '+Inf') return Infinity
  const bound = Number(text)
  return Number.isFinite(bound) ? bound : null
}

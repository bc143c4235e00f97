import { addHistograms } from '../../core/tokens/quantile.ts'
import {
  SERVED_COUNTERS,
  SERVED_GAUGES,
  type Histogram,
  type ServedCounter,
  type ServedGauge,
  type ServerIdentity,
  type ServerSample,
} from '../../core/tokens/types.ts'
import { boundOf, fromCumulative } from './buckets.ts'
import { held, holder, type Labels, meteredModel, type ServerPlace } from './identity.ts'
import {
  canonicalName,
  type EngineRules,
  HISTOGRAM_SIGNALS,
  type HistogramSignal,
  isHistogramSignal,
  type Mapping,
  type MatchedRule,
} from './mapping.ts'
import type { InferenceNaming, InferenceSignal } from './types.ts'

/** A series of one server; `index` is the place of its value. */
export interface PlannedSeries {
  readonly index: number
  readonly name: string
  readonly labels: Labels
}

export interface PlannedSample {
  readonly tier: EngineRules['tier']
  readonly sample: ServerSample
}

/** How the series of one server become samples, one a model; made once and used until the series change. */
export interface Plan {
  /** Reads values by index. NaN is absent. */
  read(values: Float64Array, at: number): PlannedSample[]
  /** Series that say something. */
  readonly known: number
  /** Which label of which engine named the model and the endpoint, for questions. */
  readonly holders: readonly { engine: string; model: string | null; endpoint: string | null }[]
}

/** Guards against labels that name a model anew with every request. */
const MOST_MODELS = 256

interface Found {
  readonly series: PlannedSeries
  readonly rule: MatchedRule
  readonly signal: InferenceSignal
}

interface Group {
  readonly model: string
  readonly endpoint: string
  readonly found: Found[]
}

/**
 * @param around labels of the target, for what the series themselves do not say
 */
export function planServer(
  place: ServerPlace,
  around: Labels,
  series: readonly PlannedSeries[],
  mapping: Mapping,
  naming: InferenceNaming,
): Plan {
  const matched = matchedOf(series, mapping)
  const groups = new Map<string, Group>()
  const holders = new Map<string, Plan['holders'][number]>()
  for (const found of matched) {
    const { labels } = found.series
    const { engine } = found.rule.of
    const model = meteredModel(held('model', labels, naming) || held('model', around, naming), naming)
    const endpoint = held('endpoint', labels, naming) || held('endpoint', around, naming)
    const key = `${model}\u0000${endpoint}`
    const group = groups.get(key) ?? (groups.size < MOST_MODELS ? { model, endpoint, found: [] } : null)
    if (group === null) continue
    groups.set(key, group)
    group.found.push(found)
    if (!holders.has(engine) || holders.get(engine)?.model === null) {
      const [ofModel, ofEndpoint] = [holder('model', labels, naming), holder('endpoint', labels, naming)]
      holders.set(engine, { engine, model: ofModel, endpoint: ofEndpoint })
    }
  }
  const readers = [...withoutModel(groups)].map((group) => readerOf(group, place))
  return {
    read: (values, at) => readers.flatMap((read) => read(values, at) ?? []),
    known: matched.length,
    holders: [...holders.values()],
  }
}

function matchedOf(series: readonly PlannedSeries[], mapping: Mapping): Found[] {
  const names = new Set(series.map(({ name }) => canonicalName(name)))
  return series.flatMap((one) =>
    mapping.rulesOf(one.name).flatMap((rule) => {
      const { beside, firstOf = [] } = rule.of
      if (beside !== undefined && !names.has(beside)) return []
      if (firstOf.some((label) => !['', '0'].includes(one.labels.get(label) ?? ''))) return []
      const { where } = rule
      if (where !== undefined && !where.values.includes(one.labels.get(where.label) ?? '')) return []
      return rule.signals.map((signal): Found => ({ series: one, rule, signal }))
    }),
  )
}

/** What names no model belongs to the one model of its server, where there is just one. */
function withoutModel(groups: ReadonlyMap<string, Group>): Iterable<Group> {
  const all = [...groups.values()]
  const named = all.filter(({ model }) => model !== '')
  const [only] = named
  if (named.length !== 1 || only === undefined || named.length === all.length) return all
  return [{ ...only, found: all.flatMap(({ found }) => found) }]
}

function readerOf({ model, endpoint, found }: Group, place: ServerPlace) {
  const chosen = chooseOf(found)
  const engines = [...new Set([...chosen.values()].flatMap((all) => all.map(({ rule }) => rule.of)))]
  const [first] = engines
  const tier: PlannedSample['tier'] = engines.some((one) => one.tier === 'server') ? 'server' : 'frontend'
  const { id, namespace, pod, host } = place
  const server: ServerIdentity = { id, engine: first?.engine ?? '', namespace, pod, model, endpoint, host }
  const counters = SERVED_COUNTERS.map((counter) => [counter, cellsOf(chosen.get(counter))] as const)
  const gauges = SERVED_GAUGES.map((gauge) => [gauge, cellsOf(chosen.get(gauge))] as const)
  const histograms = HISTOGRAM_SIGNALS.map((signal) => [signal, bucketsOf(chosen.get(signal))] as const)

  return (values: Float64Array, at: number): PlannedSample | null => {
    const sample: ServerSample = {
      server,
      at,
      counters: Object.fromEntries(counters.map(([name, cells]) => [name, sumOf(cells, values)])) as Record<
        ServedCounter,
        number | null
      >,
      gauges: Object.fromEntries(
        gauges.map(([name, cells]) => [
          name,
          name === 'kvCache' ? meanOf(cells, values) : sumOf(cells, values),
        ]),
      ) as Record<ServedGauge, number | null>,
      histograms: Object.fromEntries(
        histograms.flatMap(([name, all]): [HistogramSignal, Histogram][] => {
          const histogram = readBuckets(all, values)
          return histogram === null ? [] : [[name, histogram]]
        }),
      ),
    }
    return { tier, sample }
  }
}

/** Of each signal the series of the lowest rank, of one engine: other names say the same again. */
function chooseOf(found: readonly Found[]): ReadonlyMap<InferenceSignal, readonly Found[]> {
  const chosen = new Map<InferenceSignal, Found[]>()
  for (const one of found) {
    const there = chosen.get(one.signal)
    const [best] = there ?? []
    if (best === undefined || one.rule.rank < best.rule.rank) chosen.set(one.signal, [one])
    else if (one.rule.rank === best.rule.rank && one.rule.of === best.rule.of) there?.push(one)
  }
  return chosen
}

interface Cell {
  readonly index: number
  readonly scale: number
}

function cellsOf(found: readonly Found[] = []): readonly Cell[] {
  return found.map(({ series, rule }) => ({ index: series.index, scale: rule.scale ?? 1 }))
}

function sumOf(cells: readonly Cell[], values: Float64Array): number | null {
  let sum = 0
  let known = 0
  for (const { index, scale } of cells) {
    const value = values[index] ?? Number.NaN
    if (!Number.isFinite(value)) continue
    sum += value * scale
    known++
  }
  return known === 0 ? null : sum
}

function meanOf(cells: readonly Cell[], values: Float64Array): number | null {
  const known = cells.filter(({ index }) => Number.isFinite(values[index] ?? Number.NaN)).length
  const sum = sumOf(cells, values)
  return sum === null ? null : sum / known
}

/** The buckets of one label set. */
interface Buckets {
  readonly bounds: number[]
  readonly indexes: number[]
  readonly scale: number
}

function bucketsOf(found: readonly Found[] = []): readonly Buckets[] {
  const sets = new Map<string, Buckets>()
  for (const { series, rule, signal } of found) {
    if (!isHistogramSignal(signal)) continue
    const key = [...series.labels]
      .filter(([name]) => name !== 'le')
      .map(([name, value]) => `${name}=${value}`)
      .toSorted()
      .join('\u0000')
    const set = sets.get(key) ?? { bounds: [], indexes: [], scale: rule.scale ?? 1 }
    sets.set(key, set)
    set.bounds.push(boundOf(series.labels.get('le')))
    set.indexes.push(series.index)
  }
  return [...sets.values()]
}

function readBuckets(all: readonly Buckets[], values: Float64Array): Histogram | null {
  let sum: Histogram | null = null
  for (const { bounds, indexes, scale } of all) {
    const counts = indexes.map((index) => values[index] ?? Number.NaN)
    const one = fromCumulative(bounds, counts, scale)
    if (one !== null) sum = sum === null ? one : addHistograms(sum, one)
  }
  return sum
}

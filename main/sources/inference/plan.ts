import { addHistograms } from '../../core/tokens/latency/quantile.ts'
import {
  SERVED_COUNTERS,
  type Histogram,
  type ServedCounter,
  type ServerIdentity,
  type ServerSample,
} from '../../core/tokens/types.ts'
import { boundOf, fromCumulative } from './buckets.ts'
import { MOST_LABEL } from './questions.ts'
import { type Cell, keyWithout, type Processes, processesOf, readEach, readMost } from './ranks.ts'
import { isRouted, roleOf } from './roles.ts'
import { plausibleGauges } from './values.ts'
import { held, holder, type Labels, meteredModel, type ServerPlace } from './identity.ts'
import {
  canonicalName,
  HISTOGRAM_SIGNALS,
  type HistogramSignal,
  isHistogramSignal,
  type Mapping,
  type MatchedRule,
} from './mapping.ts'
import type { EngineRules, LabelValues, Ranks } from './rules.ts'
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
  /** Reads values by index. NaN is absent: a model of which nothing is there has ended. */
  read(values: Float64Array, at: number): PlannedSample[]
  /** Its models, as they were admitted. */
  readonly names: readonly string[]
  /** Series that say something. */
  readonly known: number
  /** Which label of which engine named the model and the endpoint, for questions. */
  readonly holders: readonly { engine: string; model: string | null; endpoint: string | null }[]
}

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
 * @param admit whether a model of this server is taken, see nameBudget.ts
 */
export function planServer(
  place: ServerPlace,
  around: Labels,
  series: readonly PlannedSeries[],
  mapping: Mapping,
  naming: InferenceNaming,
  admit: (name: string) => boolean = () => true,
): Plan {
  const matched = matchedOf(series, mapping)
  const groups = new Map<string, Group>()
  const holders = new Map<string, Plan['holders'][number]>()
  const refused = new Set<string>()
  for (const found of matched) {
    const { labels } = found.series
    const { engine } = found.rule.of
    const model = meteredModel(held('model', labels, naming) || held('model', around, naming), naming)
    const endpoint = held('endpoint', labels, naming) || held('endpoint', around, naming)
    const key = `${model}\u0000${endpoint}`
    if (refused.has(key)) continue
    const group = groups.get(key) ?? (admit(nameIn(model, endpoint)) ? { model, endpoint, found: [] } : null)
    if (group === null) {
      refused.add(key)
      continue
    }
    groups.set(key, group)
    group.found.push(found)
    if (!holders.has(engine) || holders.get(engine)?.model === null) {
      const [ofModel, ofEndpoint] = [holder('model', labels, naming), holder('endpoint', labels, naming)]
      holders.set(engine, { engine, model: ofModel, endpoint: ofEndpoint })
    }
  }
  const readers = [...withoutModel(groups)].map((group) => readerOf(group, place, around))
  return {
    read: (values, at) => readers.flatMap((read) => read(values, at) ?? []),
    names: [...groups.values()].map(({ model, endpoint }) => nameIn(model, endpoint)),
    known: matched.length,
    holders: [...holders.values()],
  }
}

/** As budgets and people know it. */
function nameIn(model: string, endpoint: string): string {
  return endpoint === '' ? model : `${model} at ${endpoint}`
}

function matchedOf(series: readonly PlannedSeries[], mapping: Mapping): Found[] {
  const names = new Set(series.map(({ name }) => canonicalName(name)))
  const matched = series.flatMap((one) =>
    mapping.rulesOf(one.name).flatMap((rule) => {
      const { beside } = rule.of
      if (beside !== undefined && !names.has(beside)) return []
      if (rule.where !== undefined && !has(one.labels, rule.where)) return []
      if (rule.unless !== undefined && has(one.labels, rule.unless)) return []
      return rule.signals.map((signal): Found => ({ series: one, rule, signal }))
    }),
  )
  // What a server shows of others beside its own is theirs.
  const own = matched.filter((found) => tierOf(found) === 'server')
  return own.length > 0 && own.length < matched.length
    ? matched.filter(({ series: { labels } }) => !isRouted(labels))
    : matched
}

function has(labels: Labels, { label, values }: LabelValues): boolean {
  return values.includes(labels.get(label) ?? '')
}

function tierOf({ series, rule }: Found): EngineRules['tier'] {
  return isRouted(series.labels) ? 'frontend' : rule.of.tier
}

/** What names no model belongs to the one model of its server, where there is just one. */
function withoutModel(groups: ReadonlyMap<string, Group>): Iterable<Group> {
  const all = [...groups.values()]
  const named = all.filter(({ model }) => model !== '')
  const [only] = named
  if (named.length !== 1 || only === undefined || named.length === all.length) return all
  return [{ ...only, found: all.flatMap(({ found }) => found) }]
}

function readerOf({ model, endpoint, found }: Group, place: ServerPlace, around: Labels) {
  const chosen = chooseOf(found)
  const all = [...chosen.values()].flat()
  const tier: PlannedSample['tier'] = all.some((one) => tierOf(one) === 'server') ? 'server' : 'frontend'
  const { id, namespace, pod, host } = place
  const role = roleOf(...all.slice(0, 1).map(({ series }) => series.labels), around)
  const server: ServerIdentity = {
    id,
    engine: all[0]?.rule.of.engine ?? '',
    namespace,
    pod,
    model,
    endpoint,
    host,
    ...(role === null ? {} : { role }),
    ...(place.source === undefined ? {} : { source: place.source }),
  }
  const counters = SERVED_COUNTERS.map((counter) => [counter, cellsOf(chosen.get(counter))] as const)
  const gauges = (['running', 'waiting'] as const).map(
    (gauge) => [gauge, cellsOf(chosen.get(gauge))] as const,
  )
  const caches = chosen.get('kvCache') ?? []
  const each = cellsOf(caches.filter(({ series }) => !series.labels.has(MOST_LABEL)))
  const fullest = cellsOf(caches.filter(({ series }) => series.labels.has(MOST_LABEL)))
  const histograms = HISTOGRAM_SIGNALS.map((signal) => [signal, bucketsOf(chosen.get(signal))] as const)

  return (values: Float64Array, at: number): PlannedSample | null => {
    const sums = gauges.map(([name, cells]) => [name, sumOf(readEach(cells, values, 'sum'))] as const)
    const used = readEach(each, values, 'mean')
    const said = plausibleGauges({
      ...(Object.fromEntries(sums) as Record<'running' | 'waiting', number | null>),
      kvCache: used.length === 0 ? null : (sumOf(used) ?? 0) / used.length,
      kvCacheMost: readMost(fullest, values) ?? readMost(each, values),
    })
    const sample: ServerSample = {
      server,
      at,
      counters: Object.fromEntries(
        counters.map(([name, cells]) => [name, sumOf(readEach(cells, values, 'sum'))]),
      ) as Record<ServedCounter, number | null>,
      gauges: said.gauges,
      ...(said.implausible === null ? {} : { implausible: said.implausible }),
      histograms: Object.fromEntries(
        histograms.flatMap(([name, sets]): [HistogramSignal, Histogram][] => {
          const histogram = readBuckets(sets, values)
          return histogram === null ? [] : [[name, histogram]]
        }),
      ),
    }
    return saysNothing(sample) ? null : { tier, sample }
  }
}

function saysNothing({ counters, gauges, histograms, implausible }: ServerSample): boolean {
  const all = [...Object.values(counters), ...Object.values(gauges)]
  return (
    implausible === undefined && all.every((value) => value === null) && Object.keys(histograms).length === 0
  )
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

function cellsOf(found: readonly Found[] = []): Processes {
  return processesOf(
    found.map(({ series, rule }): { labels: Labels; ranks: Ranks | undefined; cell: Cell } => ({
      labels: series.labels,
      ranks: rule.of.ranks,
      cell: { index: series.index, scale: rule.scale ?? 1 },
    })),
  )
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0)
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
    const key = keyWithout(series.labels, ['le'])
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

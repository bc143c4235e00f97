import { addHistograms, countOf } from '../../core/tokens/latency/quantile.ts'
import type { Histogram } from '../../core/tokens/types.ts'
import { boundOf, fromCumulative, fromNative } from './buckets.ts'
import { held, type Labels, meteredModel, placeOf, type ServerPlace } from './identity.ts'
import type { HistogramSignal } from './mapping.ts'
import type { PlannedSeries } from './plan.ts'
import { HAVING_LABEL, SCALE_LABEL, SCRAPER_LABELS } from './questions.ts'
import { keyWithout } from './ranks.ts'
import type { InferenceNaming, InstantAnswer, WindowedHistogram } from './types.ts'

/** The rows of one server, from one scraper. */
export interface ServerRows {
  /** "job vllm", see {@link sampleTimes}. */
  readonly scraper: string
  readonly place: ServerPlace
  readonly around: Labels
  readonly series: PlannedSeries[]
}

export interface Grouped {
  readonly servers: ReadonlyMap<string, ServerRows>
  readonly warnings: readonly string[]
}

const MOST_NAMED = 5

/** Series of answers, one after the other, with `index` through all of them. */
export function seriesOf(answers: readonly InstantAnswer['value'][]): PlannedSeries[] {
  return answers.flatMap(({ series }) => series).map(({ name, labels }, index) => ({ index, name, labels }))
}

/**
 * Series by server. A server that several jobs or replicas of Prometheus bring is counted once.
 */
export function groupRows(series: readonly PlannedSeries[], naming: InferenceNaming): Grouped {
  const byServer = new Map<string, Map<string, ServerRows>>()
  for (const one of series) {
    const place = placeOf('', one.labels, naming)
    const byScraper = byServer.get(place.id) ?? new Map<string, ServerRows>()
    byServer.set(place.id, byScraper)
    const scraper = scraperOf(one.labels)
    const rows = byScraper.get(scraper) ?? { scraper, place, around: one.labels, series: [] }
    byScraper.set(scraper, rows)
    rows.series.push(one)
  }
  const servers = new Map<string, ServerRows>()
  const twice: string[] = []
  for (const [id, byScraper] of byServer) {
    // Not one that brings a few series only, such as a rule that records one of them.
    const most = Math.max(...[...byScraper.values()].map((rows) => rows.series.length))
    const scrapers = [...byScraper]
      .filter(([, rows]) => rows.series.length * 2 >= most)
      .map(([scraper]) => scraper)
      .toSorted()
    const rows = byScraper.get(scrapers[0] ?? '')
    if (rows !== undefined) servers.set(id, rows)
    if (scrapers.length > 1) twice.push(`${id} (${scrapers.join(' and ')})`)
  }
  return {
    servers,
    warnings:
      twice.length === 0
        ? []
        : [
            `${twice.length === 1 ? 'One inference server is' : `${twice.length} inference servers are`} scraped more than once and counted once: ${twice.slice(0, MOST_NAMED).join(', ')}${twice.length > MOST_NAMED ? ', …' : ''}.`,
          ],
  }
}

/** "job vllm, replica b"; what several scrapers of one server differ in. */
function scraperOf(labels: Labels): string {
  return SCRAPER_LABELS.flatMap((name) => {
    const value = labels.get(name) ?? ''
    return value === '' ? [] : [`${name} ${value}`]
  }).join(', ')
}

/** Sample times by {@link timeKey}, ms by the clock of the back end. */
export function sampleTimes(
  { series, values }: InstantAnswer['value'],
  naming: InferenceNaming,
): Map<string, number> {
  const times = new Map<string, number>()
  for (const [index, { labels }] of series.entries()) {
    const at = (values[index] ?? Number.NaN) * 1000
    if (!Number.isFinite(at)) continue
    const { id } = placeOf('', labels, naming)
    const key = timeKey(id, scraperOf(labels))
    times.set(key, Math.max(times.get(key) ?? Number.NEGATIVE_INFINITY, at))
  }
  return times
}

/** Each scraper has samples of its own of a server. */
export function timeKey(id: string, scraper: string): string {
  return `${id}\u0000${scraper}`
}

interface LatencyRows {
  readonly model: string
  readonly endpoint: string
  readonly namespace: string
  readonly scale: number
  readonly bounds: number[]
  readonly counts: number[]
  native: Histogram | null
}

/** How many histograms have each bound, by their labels without `le`. */
export type Having = ReadonlyMap<string, ReadonlyMap<number, number>>

/** From the answer to `boundsQuery`; empty where none is there. */
export function readHaving({ series, values }: InstantAnswer['value']): Having {
  const having = new Map<string, Map<number, number>>()
  for (const [index, { labels }] of series.entries()) {
    const count = values[index] ?? Number.NaN
    if (!labels.has(HAVING_LABEL) || !Number.isFinite(count)) continue
    const key = keyOf(labels)
    const bounds = having.get(key) ?? new Map<number, number>()
    having.set(key, bounds)
    const bound = boundOf(labels.get('le'))
    bounds.set(bound, (bounds.get(bound) ?? 0) + count)
  }
  return having
}

/** Histograms of one kind from the answers to its latency question and to which bounds there are. */
export function readLatencies(
  kind: HistogramSignal,
  { series, values, histograms }: InstantAnswer['value'],
  having: Having,
  windowMs: number,
  naming: InferenceNaming,
  leftOut: ReadonlySet<string> = new Set(),
): WindowedHistogram[] {
  const groups = new Map<string, LatencyRows>()
  for (const [index, { labels }] of series.entries()) {
    const group = groupOf(groups, labels, naming)
    const native = histograms.get(index)
    if (native !== undefined) {
      const histogram = fromNative(native, group.scale)
      if (histogram === null) continue
      group.native = group.native === null ? histogram : addHistograms(group.native, histogram)
      continue
    }
    group.bounds.push(boundOf(labels.get('le')))
    group.counts.push(values[index] ?? Number.NaN)
  }
  return [...groups].flatMap(([key, { model, endpoint, namespace, scale, bounds, counts, native }]) => {
    const histogram = fuller(native, fromCumulative(bounds, counts, scale, having.get(key)))
    return histogram === null ? [] : [{ kind, model, endpoint, namespace, histogram, windowMs, leftOut }]
  })
}

function groupOf(groups: Map<string, LatencyRows>, labels: Labels, naming: InferenceNaming): LatencyRows {
  const model = meteredModel(held('model', labels, naming), naming)
  const endpoint = held('endpoint', labels, naming)
  const namespace = held('namespace', labels, naming)
  const scale = Number(labels.get(SCALE_LABEL) ?? 1) || 1
  // Rows that differ in a label which only stands behind the one that was read belong apart: their buckets are not one set.
  const key = keyOf(labels)
  const group = groups.get(key) ?? { model, endpoint, namespace, scale, bounds: [], counts: [], native: null }
  groups.set(key, group)
  return group
}

function keyOf(labels: Labels): string {
  return keyWithout(labels, ['le', HAVING_LABEL])
}

/** A back end may keep a histogram in both ways (scrape_classic_histograms): then they say the same twice. */
function fuller(a: Histogram | null, b: Histogram | null): Histogram | null {
  if (a === null || b === null) return a ?? b
  return countOf(a) >= countOf(b) ? a : b
}

import type { Dims } from '../../../core/tokens/types.ts'
import { increase, type IncreaseKind } from '../../../core/tokens/increase.ts'
import type { ParsedScrape, ScrapedSeries } from '../../exposition/index.ts'
import { cutName, publicKey } from './names.ts'
import { Processes } from './processes.ts'

/** What the counters of a proxy tell; the order of columns in a {@link Slice}. */
export const COUNTED = [
  'input',
  'output',
  'cachedInput',
  'reasoning',
  'requests',
  'rejected',
  'errors',
] as const
export type CountedMeasure = (typeof COUNTED)[number]

/** Counts of the time between two readings. `values` has a column of {@link COUNTED} for each of `rows`. */
export interface Slice {
  readonly fromMs: number
  readonly toMs: number
  /** Indices into the names of the rows. */
  readonly rows: Int32Array
  readonly values: Float64Array
}

/** Exposed names without `_total`, which only newer clients of Prometheus append. */
const TOKENS: ReadonlyMap<string, CountedMeasure> = new Map([
  ['litellm_input_tokens_metric', 'input'],
  ['litellm_output_tokens_metric', 'output'],
  ['litellm_input_cached_tokens_metric', 'cachedInput'],
  ['litellm_output_reasoning_tokens_metric', 'reasoning'],
])
const REQUESTS = 'litellm_proxy_total_requests_metric'
/** Labels by what they hold; the first that is there wins. */
const LABELS = {
  tenant: ['team'],
  // What the customer asked for; the deployment that served it goes by a name of its own.
  model: ['requested_model', 'model'],
  key: ['hashed_api_key'],
} as const
export type Labelled = keyof typeof LABELS

/** Tokens or requests per second that one series of one proxy can count; more is another process under its name. */
const MAX_PER_SECOND = 50_000_000
/** After a longer silence it is not known when something was counted, ms. */
const GAP_MS = 120_000
/** Readings that are looked back on for counters that fall again and again. */
const MEMORY = 8
const MOST_FALLS = 3
export const MOST_ROWS = 50_000
const MOST_SERIES = 400_000

const NAMELESS: Dims = { tenant: '', model: '', key: '' }

interface Bound {
  readonly row: number
  readonly measures: readonly CountedMeasure[]
}

/**
 * Turns readings of a proxy's counters into counts of the time between them. A series that appears later than the first
 * reading began at zero, because a proxy exposes one when it counts for the first time; a series that was away keeps its
 * last value, for the same reason.
 */
export class Counters {
  /** Names of the rows, in the order they were first seen. */
  readonly rows: Dims[] = []
  readonly #places = new Map<string, number>()
  readonly #bounds = new Map<ScrapedSeries, Bound | null>()
  readonly #last = new Map<string, number>()
  readonly #keys = new Map<ScrapedSeries, string>()
  readonly #falls: boolean[] = []
  readonly #processes = new Processes()
  readonly #seen = new Set<CountedMeasure>()
  readonly #labels = new Set<Labelled>()
  #isFull = false
  #at: number | null = null
  #boundTo: readonly ScrapedSeries[] = []

  /** Measures that any series told so far. Where requests come without their outcome, refused and failed are unknown. */
  get seen(): ReadonlySet<CountedMeasure> {
    return this.#seen
  }

  /** What the series of tokens told apart so far; installations may leave labels out. */
  get labels(): ReadonlySet<Labelled> {
    return this.#labels
  }

  /** There are more names than are told apart. */
  get isFull(): boolean {
    return this.#isFull
  }

  /**
   * The address leads to several processes in turn, and no difference means anything: one answered that ran already when
   * another did, or counters fall again and again.
   */
  get areSeveral(): boolean {
    return this.#processes.areSeveral || this.#falls.filter(Boolean).length >= MOST_FALLS
  }

  /**
   * @param at when the counters were read, ms
   * @returns null for the first reading, one that is not newer, one after a gap, and one of another process
   */
  read({ series, values }: Pick<ParsedScrape, 'series' | 'values'>, at: number): Slice | null {
    if (at === this.#at) return null
    // The wall clock was set back: this reading is a first one again.
    const before = this.#at === null || at < this.#at ? null : this.#at
    this.#forgetSeries(series)
    const isOther = this.#processes.isOther({ series, values }, before)
    const sums = new Map<number, Float64Array>()
    let fell = false
    series.forEach((one, index) => {
      const bound = this.#boundOf(one)
      if (bound === null) return
      const value = values[index] as number
      const key = this.#keyOf(one)
      const known = this.#last.get(key)
      if (!Number.isFinite(value) || value < 0) return
      if (known === undefined && this.#last.size >= MOST_SERIES) return
      this.#last.set(key, value)
      if (before === null) return
      const { kind, by } = increase(
        { at: before, value: known ?? 0 },
        { at, value },
        { maxPerSecond: MAX_PER_SECOND, gapMs: GAP_MS },
      )
      fell ||= hasFallen(kind, value, known)
      if (by > 0) this.#count(sums, bound, Math.round(by))
    })
    this.#at = at
    if (before === null) return null
    this.#falls.push(fell)
    if (this.#falls.length > MEMORY) this.#falls.shift()
    if (isOther || at - before > GAP_MS) return null
    return sliceOf(before, at, sums)
  }

  #count(sums: Map<number, Float64Array>, { row, measures }: Bound, by: number): void {
    let sum = sums.get(row)
    if (sum === undefined) sums.set(row, (sum = new Float64Array(COUNTED.length)))
    for (const measure of measures) {
      const column = COUNTED.indexOf(measure)
      sum[column] = (sum[column] as number) + by
    }
  }

  /** A target that sends other series than before brings new objects for them; the old ones are let go. */
  #forgetSeries(series: readonly ScrapedSeries[]): void {
    if (series === this.#boundTo) return
    this.#boundTo = series
    const there = new Set(series)
    for (const one of this.#bounds.keys()) {
      if (there.has(one)) continue
      this.#bounds.delete(one)
      this.#keys.delete(one)
    }
  }

  #keyOf(series: ScrapedSeries): string {
    let key = this.#keys.get(series)
    if (key === undefined) {
      key = JSON.stringify([series.name, ...[...series.labels].toSorted(([a], [b]) => (a < b ? -1 : 1))])
      this.#keys.set(series, key)
    }
    return key
  }

  #boundOf(series: ScrapedSeries): Bound | null {
    const known = this.#bounds.get(series)
    if (known !== undefined) return known
    const measures = measuresOf(series)
    const row = measures.length === 0 ? -1 : this.#rowOf(dimsOf(series))
    const bound = row < 0 ? null : { row, measures }
    for (const measure of measures) this.#seen.add(measure)
    if (measures.includes('input') || measures.includes('output')) this.#noteLabels(series)
    if (measures.includes('requests') && series.labels.has('status_code')) {
      // Counted by outcome: one that did not happen yet did not happen.
      this.#seen.add('rejected').add('errors')
    }
    if (measures.includes('rejected') || measures.includes('errors')) this.#seen.add('requests')
    this.#bounds.set(series, bound)
    return bound
  }

  #noteLabels({ labels }: ScrapedSeries): void {
    for (const [what, names] of Object.entries(LABELS) as [Labelled, readonly string[]][]) {
      if (names.some((name) => labels.has(name))) this.#labels.add(what)
    }
  }

  /** Beyond the bound all further names are summed in a row without any, which is the last. */
  #rowOf(dims: Dims): number {
    const key = JSON.stringify([dims.tenant, dims.model, dims.key])
    const known = this.#places.get(key)
    if (known !== undefined) return known
    if (this.rows.length >= MOST_ROWS - 1 && dims !== NAMELESS) {
      this.#isFull = true
      return this.#rowOf(NAMELESS)
    }
    const row = this.rows.push(dims) - 1
    this.#places.set(key, row)
    return row
  }
}

/** A restart lets counters fall; so does a reading of another proxy, and that again and again. */
function hasFallen(kind: IncreaseKind, value: number, known: number | undefined): boolean {
  return known !== undefined && value < known && (kind === 'restarted' || kind === 'implausible')
}

function measuresOf({ name, labels }: ScrapedSeries): readonly CountedMeasure[] {
  const base = name.endsWith('_total') ? name.slice(0, -'_total'.length) : name
  const tokens = TOKENS.get(base)
  if (tokens !== undefined) return [tokens]
  if (base !== REQUESTS) return []
  const status = Number(labels.get('status_code') ?? Number.NaN)
  if (status === 429) return ['rejected']
  return status >= 400 ? ['requests', 'errors'] : ['requests']
}

function dimsOf({ labels }: ScrapedSeries): Dims {
  return {
    tenant: cutName(label(labels, LABELS.tenant)),
    model: cutName(label(labels, LABELS.model)),
    key: publicKey(label(labels, LABELS.key)),
  }
}

/** Python's None becomes the text None on its way into a label. */
function label(labels: ReadonlyMap<string, string>, names: readonly string[]): string {
  for (const name of names) {
    const value = labels.get(name) ?? ''
    if (value !== '' && value !== 'None') return value
  }
  return ''
}

function sliceOf(fromMs: number, toMs: number, sums: ReadonlyMap<number, Float64Array>): Slice {
  const values = new Float64Array(sums.size * COUNTED.length)
  let place = 0
  for (const sum of sums.values()) {
    values.set(sum, place)
    place += COUNTED.length
  }
  return { fromMs, toMs, rows: Int32Array.from(sums.keys()), values }
}

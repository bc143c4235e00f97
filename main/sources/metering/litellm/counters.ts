import { increase } from '../../../core/tokens/increase.ts'
import type { Dims } from '../../../core/tokens/types.ts'
import type { ParsedScrape, ScrapedSeries } from '../../exposition/index.ts'
import { Processes, STARTED } from './processes.ts'
import {
  COUNTED,
  countedBy,
  type CountedMeasure,
  dimsOf,
  type Labelled,
  labelledIn,
  measuresOf,
  seriesKey,
} from './series.ts'

/** Counts of the time between two readings. `values` has a column of {@link COUNTED} for each of `rows`. */
export interface Slice {
  readonly fromMs: number
  readonly toMs: number
  /** Indices into the names of the rows. */
  readonly rows: Int32Array
  readonly values: Float64Array
}

/** Tokens or requests per second that one series of one proxy can count; more is another process under its name. */
const MAX_PER_SECOND = 50_000_000
/** After a longer silence it is not known when something was counted, ms. */
const GAP_MS = 120_000
/** The same of what was counted since a restart. */
const MAX_PER_SECOND_AFTER_FALL = 1_000_000
const LIMITS = {
  maxPerSecond: MAX_PER_SECOND,
  maxPerSecondAfterFall: MAX_PER_SECOND_AFTER_FALL,
  gapMs: GAP_MS,
}
/** A sum that misses one of its parts mostly has it again soon; so many readings are waited for it. */
const MOST_HELD = 6
/** Readings that are looked back on for counters that fall again and again. */
const MEMORY = 8
const MOST_FALLS = 3
export const MOST_ROWS = 50_000
const MOST_SERIES = 400_000
const NAMELESS: Dims = { tenant: '', model: '', key: '' }

/** One series that counts something of ours. */
interface Bound {
  readonly key: string
  readonly row: number
  readonly columns: readonly number[]
  /** The last value that was believed; NaN before the first. */
  value: number
  /** Readings in a row that were not. */
  held: number
  /** The last value that was read, believed or not. */
  read: number
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
  readonly #falls: boolean[] = []
  readonly #processes = new Processes()
  readonly #seen = new Set<CountedMeasure>()
  readonly #labels = new Set<Labelled>()
  /** Of the series as they came last, by their place; null where one is none of ours. */
  #bounds: (Bound | null)[] = []
  #boundTo: readonly ScrapedSeries[] = []
  /** Last values of series that are away. */
  readonly #away = new Map<string, number>()
  /** Places of what tells when a process began. */
  #starts: number[] = []
  #isFull = false
  #at: number | null = null

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
   * @param offsetMs to add to that for the clock of who tells them
   * @returns null for the first reading, one that is not newer, one after a gap, and one of another process
   */
  read({ series, values }: Pick<ParsedScrape, 'series' | 'values'>, at: number, offsetMs = 0): Slice | null {
    if (at === this.#at) return null
    // The wall clock was set back: this reading is a first one again.
    const before = this.#at === null || at < this.#at ? null : this.#at
    if (series !== this.#boundTo) this.#bind(series)
    const starts = this.#starts.map((place) => values[place] as number)
    const isOther = this.#processes.isOther(starts, before === null ? null : before + offsetMs)
    const sums = new Map<number, Float64Array>()
    let fell = false
    for (let place = 0; place < this.#bounds.length; place++) {
      const bound = this.#bounds[place] ?? null
      const value = values[place] as number
      if (bound === null || !Number.isFinite(value) || value < 0) continue
      const known = bound.value
      if (value === known) {
        bound.read = value
        bound.held = 0
        continue
      }
      const last = { at: before ?? 0, value: Number.isNaN(known) ? 0 : known }
      const { kind, by } =
        before === null ? ({ kind: 'first', by: 0 } as const) : increase(last, { at, value }, LIMITS)
      fell ||= value < bound.read
      bound.read = value
      bound.held = kind === 'implausible' ? bound.held + 1 : 0
      if (bound.held > 0 && bound.held <= MOST_HELD) continue
      bound.held = 0
      bound.value = value
      if (by > 0) count(sums, bound, Math.round(by))
    }
    this.#at = at
    if (before === null) return null
    this.#falls.push(fell)
    if (this.#falls.length > MEMORY) this.#falls.shift()
    if (isOther || at - before > GAP_MS) return null
    return sliceOf(before, at, sums)
  }

  /** A target that sends other series than before sends the same objects for those that stay. */
  #bind(series: readonly ScrapedSeries[]): void {
    const known = new Map<ScrapedSeries, Bound | null>()
    this.#boundTo.forEach((one, place) => known.set(one, this.#bounds[place] ?? null))
    const there = new Set(series)
    for (const [one, bound] of known) {
      if (bound === null || there.has(one) || Number.isNaN(bound.value)) continue
      if (this.#away.size < MOST_SERIES) this.#away.set(bound.key, bound.value)
    }
    this.#bounds = series.map((one) => {
      const bound = known.get(one)
      return bound === undefined ? this.#boundOf(one) : bound
    })
    this.#boundTo = series
    this.#starts = series.flatMap(({ name }, place) => (name === STARTED ? [place] : []))
  }

  #boundOf(series: ScrapedSeries): Bound | null {
    const measures = measuresOf(series)
    if (measures.length === 0) return null
    for (const measure of countedBy(series, measures)) this.#seen.add(measure)
    if (measures.includes('input') || measures.includes('output')) {
      for (const what of labelledIn(series)) this.#labels.add(what)
    }
    const key = seriesKey(series)
    const value = this.#away.get(key) ?? Number.NaN
    this.#away.delete(key)
    const columns = measures.map((measure) => COUNTED.indexOf(measure))
    return { key, value, columns, row: this.#rowOf(dimsOf(series)), held: 0, read: value }
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

function count(sums: Map<number, Float64Array>, { row, columns }: Bound, by: number): void {
  let sum = sums.get(row)
  if (sum === undefined) sums.set(row, (sum = new Float64Array(COUNTED.length)))
  for (const column of columns) sum[column] = (sum[column] as number) + by
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

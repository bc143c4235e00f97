import { increase, type Increase } from '../../../core/tokens/served/increase.ts'
import type { Dims } from '../../../core/tokens/types.ts'
import type { ParsedScrape, ScrapedSeries } from '../../exposition/index.ts'
import { CLOCKS_MS, Processes, STARTED } from './processes.ts'
import {
  COUNTED,
  countedBy,
  type CountedMeasure,
  dimsOf,
  isServed,
  type Labelled,
  labelledIn,
  measuresOf,
  processOf,
  seriesKey,
} from './series.ts'

/** Counts of the time between two readings. `values` has a column of {@link COUNTED} for each of `rows`. */
export interface Slice {
  readonly fromMs: number
  readonly toMs: number
  /** The counters were not read for so long that it is not known when in it something was counted. */
  readonly isGap: boolean
  /** The counters also restarted in the gap: what was counted in it before that is not part of the counts. */
  readonly isShort: boolean
  /** Indices into the names of the rows. */
  readonly rows: Int32Array
  readonly values: Float64Array
}

/** Tokens or requests per second that one series of one proxy can count; more is another process under its name. */
const MAX_PER_SECOND = 50_000_000
/** After a longer silence it is not known when something was counted, ms. */
const GAP_MS = 120_000
/** The same of what was counted since a restart, or by a series that was not there before. */
const MAX_PER_SECOND_AFTER_FALL = 1_000_000
const LIMITS = {
  maxPerSecond: MAX_PER_SECOND,
  maxPerSecondAfterFall: MAX_PER_SECOND_AFTER_FALL,
  gapMs: GAP_MS,
}
const LIMITS_FROM_ZERO = { ...LIMITS, maxPerSecond: MAX_PER_SECOND_AFTER_FALL }
/** A sum that misses one of its parts mostly has it again soon; so many readings are waited for it. */
const MOST_HELD = 6
/** Readings that are looked back on for counters that fall again and again. */
const MEMORY = 8
const MOST_FALLS = 3
export const MOST_ROWS = 50_000
const MOST_SERIES = 400_000
/** Of series that nothing splits by process. */
const ONE_PROCESS = ''
const MOST_PROCESSES = 4096
const NO_STRANGERS: ReadonlySet<string> = new Set()
const NAMELESS: Dims = { tenant: '', model: '', key: '' }

/** One series that counts something of ours. */
interface Bound {
  readonly key: string
  row: number
  readonly columns: readonly number[]
  /** Its names, where its model is one that is not known to be served; null where it is served. */
  unserved: Dims | null
  readonly process: string
  /** The last value that was believed; NaN before the first. */
  value: number
  /** Readings in a row that were not. */
  held: number
  /** The last value that was read, believed or not. */
  read: number
}

/**
 * Turns readings of a proxy's counters into counts of the time between them. A series that appears later than the first
 * reading began at zero, because a proxy exposes one when it counts for the first time, unless it comes with a process
 * that ran before; a series that was away keeps its last value, for the same reason.
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
  /** Names of models that are known to be served. */
  readonly #served = new Set<string>()
  #vanished = false
  /** No series is ours, although some were. */
  #isVoid = false
  #stranger: { readonly at: number; readonly series: number } | null = null
  /** Processes whose counters are in the newest answer, and those of all earlier ones. */
  #processesThere: Set<string> = new Set([ONE_PROCESS])
  readonly #processesBefore = new Set<string>([ONE_PROCESS])
  /** Places of what tells when a process began. */
  #starts: number[] = []
  #isFull = false
  #at: number | null = null

  /** Measures that any series told so far. Where requests come without their outcome, refused and failed are unknown. */
  get seen(): ReadonlySet<CountedMeasure> {
    return this.#seen
  }

  /** What the series of tokens distinguished so far; installations may leave labels out. */
  get labels(): ReadonlySet<Labelled> {
    return this.#labels
  }

  /** There are more names than are distinguished. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** The last reading had none of the counters that were there before, of a process that did not restart. */
  get vanished(): boolean {
    return this.#vanished
  }

  /** When counters last appeared that another process had counted before, and how many series; null for never. */
  get stranger(): { readonly at: number; readonly series: number } | null {
    return this.#stranger
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
   * @returns null for the first reading, one that is not newer, one of another process, and one without any of the
   * counters that were there
   */
  read({ series, values }: Pick<ParsedScrape, 'series' | 'values'>, at: number, offsetMs = 0): Slice | null {
    if (at === this.#at) return null
    // The wall clock was set back: this reading is a first one again.
    const before = this.#at === null || at < this.#at ? null : this.#at
    if (series !== this.#boundTo) this.#bind(series)
    const starts = this.#starts.map((place) => values[place] as number)
    this.#vanished = before !== null && this.#isVoid && !this.#processes.isNew(starts)
    // Nothing is taken of it, so what is counted meanwhile comes with the next answer that says something.
    if (this.#vanished) return null
    const isNew = this.#processes.isNew(starts)
    const isOther = this.#processes.isOther(starts, before === null ? null : before + offsetMs)
    const began = before !== null && isNew && !isOther
    // Whatever is not there yet begins at zero too.
    if (began) this.#away.clear()
    const strangers = this.#strangersIn(values, before === null ? null : before + offsetMs)
    const sums = new Map<number, Float64Array>()
    let fell = false
    let restarted = began
    for (let place = 0; place < this.#bounds.length; place++) {
      const bound = this.#bounds[place] ?? null
      const value = values[place] as number
      if (bound === null || !Number.isFinite(value) || value < 0) continue
      const known = bound.value
      if (value === known && !began) {
        bound.read = value
        bound.held = 0
        continue
      }
      const { kind, by } = this.#countedBy(
        began ? { ...bound, value: 0 } : bound,
        before,
        at,
        value,
        strangers,
      )
      fell ||= value < bound.read
      restarted ||= kind === 'restarted'
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
    if (isOther) return null
    const isGap = at - before > GAP_MS
    return sliceOf(before, at, { isGap, isShort: isGap && restarted }, sums)
  }

  #countedBy(
    { value: known, process }: Bound,
    before: number | null,
    at: number,
    value: number,
    strangers: ReadonlySet<string>,
  ): Pick<Increase, 'kind' | 'by'> {
    const nothing = { kind: 'first', by: 0 } as const
    if (before === null) return nothing
    if (!Number.isNaN(known)) return increase({ at: before, value: known }, { at, value }, LIMITS)
    const fromZero = increase({ at: before, value: 0 }, { at, value }, LIMITS_FROM_ZERO)
    if (!strangers.has(process) && fromZero.kind !== 'implausible') return fromZero
    this.#stranger = { at, series: (this.#stranger?.at === at ? this.#stranger.series : 0) + 1 }
    return nothing
  }

  /**
   * Processes that are in an answer for the first time and ran before it: what their counters say was counted at some
   * time before, and not now.
   * @param before the reading before, ms on the clock of the processes
   */
  #strangersIn(values: ParsedScrape['values'], before: number | null): ReadonlySet<string> {
    const fresh = [...this.#processesThere].filter((process) => !this.#processesBefore.has(process))
    if (fresh.length === 0) return NO_STRANGERS
    if (this.#processesBefore.size > MOST_PROCESSES) this.#processesBefore.clear()
    for (const process of this.#processesThere) this.#processesBefore.add(process)
    if (before === null) return NO_STRANGERS
    const began = new Map(
      this.#starts.map((place) => [
        processOf(this.#boundTo[place] as ScrapedSeries),
        (values[place] as number) * 1000,
      ]),
    )
    return new Set(fresh.filter((process) => !((began.get(process) ?? Number.NaN) >= before - CLOCKS_MS)))
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
    for (const one of series) {
      if (known.has(one)) continue
      const measures = measuresOf(one)
      if (measures.length > 0 && isServed(one, measures)) this.#served.add(dimsOf(one).model ?? '')
    }
    this.#bounds = series.map((one) => {
      const bound = known.get(one)
      return bound === undefined ? this.#boundOf(one) : bound
    })
    for (const bound of this.#bounds) {
      const dims = bound?.unserved ?? null
      if (bound === null || dims === null || !this.#served.has(dims.model ?? '')) continue
      bound.unserved = null
      bound.row = this.#rowOf(dims)
    }
    this.#processesThere = new Set([ONE_PROCESS])
    let isVoid = true
    for (const bound of this.#bounds) {
      if (bound === null) continue
      isVoid = false
      this.#processesThere.add(bound.process)
    }
    this.#isVoid = isVoid && this.#seen.size > 0
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
    const dims = dimsOf(series)
    const isUnserved = !this.#served.has(dims.model ?? '')
    return {
      key,
      value,
      columns,
      row: this.#rowOf(isUnserved ? { ...dims, model: '' } : dims),
      unserved: isUnserved ? dims : null,
      process: processOf(series),
      held: 0,
      read: value,
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

function count(sums: Map<number, Float64Array>, { row, columns }: Bound, by: number): void {
  let sum = sums.get(row)
  if (sum === undefined) sums.set(row, (sum = new Float64Array(COUNTED.length)))
  for (const column of columns) sum[column] = (sum[column] as number) + by
}

function sliceOf(
  fromMs: number,
  toMs: number,
  known: Pick<Slice, 'isGap' | 'isShort'>,
  sums: ReadonlyMap<number, Float64Array>,
): Slice {
  const values = new Float64Array(sums.size * COUNTED.length)
  let place = 0
  for (const sum of sums.values()) {
    values.set(sum, place)
    place += COUNTED.length
  }
  return { fromMs, toMs, ...known, rows: Int32Array.from(sums.keys()), values }
}

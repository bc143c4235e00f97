import type { MinuteBucket } from '../../../shared/model/objective.ts'

export const MINUTE_MS = 60_000

/** Sums over a stretch of minutes. */
export interface Sums {
  readonly good: number
  readonly bad: number
  readonly badLeast: number
  readonly total: number
  /** Minutes that are known; one that only some of its sources told counts in part. */
  readonly known: number
  /** Minutes of the stretch since the objective is watched. */
  readonly expected: number
}

/** What is kept of a minute. */
export type Minute = Pick<MinuteBucket, 'at' | 'good' | 'bad' | 'badLeast' | 'known'>

const MEASURES = ['good', 'bad', 'badLeast', 'known'] as const
const KNOWN = 3

/** Room beyond the period, so that it is not moved with every minute. */
const SLACK = 1440

/**
 * The minutes of one objective, with running sums beside them: a window of any length costs two look-ups. Stretches are
 * half-open, [from, to), in minutes since 1970.
 */
export class MinuteLedger {
  readonly #kept: number
  readonly #own: readonly Float64Array[]
  /** At index i the sum over all minutes before it. */
  readonly #sums: readonly Float64Array[]
  /** Minute of index 0; NaN before the first one came. */
  #origin = Number.NaN
  #end = 0
  #start = Number.POSITIVE_INFINITY
  /** Running sums are right up to this index. */
  #summed = 0

  /** @param keptMinutes the period: windows reach no further back */
  constructor(keptMinutes: number) {
    this.#kept = keptMinutes
    this.#own = MEASURES.map(() => new Float64Array(keptMinutes + SLACK))
    this.#sums = MEASURES.map(() => new Float64Array(keptMinutes + SLACK + 1))
  }

  /** The first minute of the period that is known; null before there is one. */
  get start(): number | null {
    return this.#start === Number.POSITIVE_INFINITY ? null : Math.max(this.#start, this.#end - this.#kept)
  }

  /** The minute after the last one that was told, or given up; null before there is one. */
  get end(): number | null {
    return Number.isNaN(this.#origin) ? null : this.#end
  }

  /**
   * Takes minutes in any order. A minute that is known better than before replaces what was known; one that is less
   * known does not, because an answer that lacks something says nothing about it. Those before the period are left out.
   * @returns those that say something new
   */
  put(minutes: readonly Minute[]): Minute[] {
    const latest = minutes.reduce((most, { at }) => Math.max(most, minuteOf(at)), Number.NEGATIVE_INFINITY)
    if (minutes.length === 0) return []
    this.#reach(latest + 1)
    return minutes.filter((minute) => this.#take(minute))
  }

  #take(minute: Minute): boolean {
    const at = minuteOf(minute.at)
    const index = at - this.#origin
    if (index < 0 || at < this.#end - this.#kept || minute.known < this.#at(KNOWN, index)) return false
    const isNews = MEASURES.some((measure, column) => this.#at(column, index) !== minute[measure])
    if (minute.known > 0) this.#start = Math.min(this.#start, at)
    if (!isNews) return false
    for (const [column, measure] of MEASURES.entries()) {
      const own = this.#own[column] as Float64Array
      own[index] = minute[measure]
    }
    this.#summed = Math.min(this.#summed, index)
    return true
  }

  /** Nothing came for the minutes before this one: they are not known, until they are told after all. */
  giveUp(beforeMinute: number): void {
    if (this.end !== null && beforeMinute > this.#end) this.#reach(beforeMinute)
  }

  /** Of [from, to), as far as it is kept and watched. */
  sums(from: number, to: number): Sums {
    const start = this.start
    const first = Math.max(from, start ?? to)
    const last = Math.min(to, this.#end)
    if (start === null || first >= last) return NOTHING
    this.#sum()
    const [good, bad, badLeast, known] = this.#sums.map(
      (column) => (column[last - this.#origin] as number) - (column[first - this.#origin] as number),
    ) as [number, number, number, number]
    return { good, bad, badLeast, total: good + bad, known, expected: last - first }
  }

  /** Minutes of [from, to) since the objective is watched, each by itself. */
  minutes(from: number, to: number): MinuteBucket[] {
    const first = Math.max(from, this.start ?? to)
    const buckets: MinuteBucket[] = []
    for (let minute = first; minute < Math.min(to, this.#end); minute++) {
      const index = minute - this.#origin
      const [good, bad, badLeast, known] = [0, 1, 2, 3].map((column) => this.#at(column, index)) as [
        number,
        number,
        number,
        number,
      ]
      const total = good + bad
      const measured = known <= 0 ? 'unmeasured' : total > 0 ? 'measured' : 'idle'
      buckets.push({ at: minute * MINUTE_MS, good, bad, badLeast, total, known, measured })
    }
    return buckets
  }

  #at(column: number, index: number): number {
    return (this.#own[column] as Float64Array)[index] ?? 0
  }

  /** Makes room up to this minute; what is new there is not known. */
  #reach(end: number): void {
    if (Number.isNaN(this.#origin)) {
      this.#origin = end - this.#kept
      this.#end = end
      return
    }
    const size = this.#kept + SLACK
    if (end - this.#origin > size) {
      const gone = Math.min(end - this.#kept - this.#origin, size)
      for (const column of this.#own) {
        column.copyWithin(0, gone)
        column.fill(0, size - gone)
      }
      this.#origin = end - this.#kept
      this.#summed = 0
    }
    this.#end = Math.max(this.#end, end)
  }

  #sum(): void {
    const until = this.#end - this.#origin
    if (this.#summed >= until) return
    for (const [column, own] of this.#own.entries()) {
      const sums = this.#sums[column] as Float64Array
      let sum = sums[this.#summed] as number
      for (let index = this.#summed; index < until; index++) sums[index + 1] = sum += own[index] as number
    }
    this.#summed = until
  }
}

const NOTHING: Sums = { good: 0, bad: 0, badLeast: 0, total: 0, known: 0, expected: 0 }

export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS)
}

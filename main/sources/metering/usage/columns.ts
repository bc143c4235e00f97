import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from '../../../core/tokens/usage/counts.ts'
import type { Dims, UsageTable } from '../../../core/tokens/types.ts'
import { AnswerError, TooLargeError } from '../transport/reader.ts'
import type { RawPoint } from './points.ts'
import type { UsageSteps } from './steps.ts'

/** Rows times steps of one answer; each costs about 65 bytes. */
export const MAX_CELLS = 2_000_000

/** Measures of a back end that counts them; `errorTokens` may still be missing from its points. */
export type Counted = Readonly<Record<Measure, boolean>>

const FIRST_ROWS = 64

/** The columns of a table while series after series of an answer comes. */
export class UsageColumns {
  readonly #steps: UsageSteps
  readonly #instants: ReadonlyMap<string, number>
  readonly #rows: Dims[] = []
  readonly #places = new Map<string, number>()
  #counts: Record<Measure, Counts | null>
  #given: Uint8Array
  /** The number of the series that gave a step last, by step. */
  readonly #givenBy: Int32Array
  #series = 0
  /** Tokens of failed requests are known where every point tells them. */
  #errorTokens: boolean

  /** @param instants ms since the epoch by each `t` of the points that will come */
  constructor(steps: UsageSteps, counted: Counted, instants: ReadonlyMap<string, number>) {
    this.#steps = steps
    this.#instants = instants
    this.#errorTokens = counted.errorTokens
    const cells = FIRST_ROWS * steps.times.length
    this.#counts = byMeasure((measure) => (counted[measure] ? new Counts(cells) : null))
    this.#given = new Uint8Array(cells)
    this.#givenBy = new Int32Array(steps.times.length)
  }

  /**
   * @param key of the row; series with the same are summed
   * @param place of its points in the answer, for words
   * @throws AnswerError for a point off the steps, or one that is there twice; TooLargeError
   */
  add(dims: Dims, key: string, points: readonly RawPoint[], place: string): void {
    const known = this.#places.get(key)
    const row = known ?? this.#newRow(dims)
    this.#places.set(key, row)
    this.#fill(row, points, place)
  }

  /** @returns the row of what no series names */
  addRest(points: readonly RawPoint[]): number {
    const row = this.#newRow({})
    this.#fill(row, points, 'rest')
    return row
  }

  table(): Pick<UsageTable, 'rows' | 'counts' | 'given'> {
    const cells = this.#rows.length * this.#steps.times.length
    const isThere = (measure: Measure) => measure !== 'errorTokens' || this.#errorTokens
    return {
      rows: this.#rows,
      counts: byMeasure((measure) =>
        isThere(measure) ? (this.#counts[measure]?.resized(cells) ?? null) : null,
      ),
      given: this.#given.slice(0, cells),
    }
  }

  #fill(row: number, points: readonly RawPoint[], place: string): void {
    this.#series += 1
    const base = row * this.#steps.times.length
    for (const [i, point] of points.entries()) {
      const index = this.#steps.indexOf(this.#instants.get(point.t) ?? Number.NaN)
      if (index < 0)
        throw new AnswerError(`${place}.${i}.t`, `${point.t} starts none of the steps that were asked for`)
      if (this.#givenBy[index] === this.#series)
        throw new AnswerError(`${place}.${i}.t`, `${point.t} is there twice`)
      this.#givenBy[index] = this.#series
      if (point.errorTokens === undefined) this.#errorTokens = false
      const isFirst = this.#given[base + index] === 0
      this.#given[base + index] = 1
      for (const measure of MEASURES) {
        const count = point[measure] ?? 0
        if (isFirst) this.#counts[measure]?.set(base + index, count)
        else this.#counts[measure]?.add(base + index, count)
      }
    }
  }

  #newRow(dims: Dims): number {
    const steps = this.#steps.times.length
    const row = this.#rows.push(dims) - 1
    const cells = (row + 1) * steps
    if (cells > MAX_CELLS) {
      throw new TooLargeError(
        `more than ${row} series of ${steps} steps are more than the ${MAX_CELLS} points that can be held`,
      )
    }
    if (cells > this.#given.length) this.#grow(Math.min(MAX_CELLS, Math.max(cells, this.#given.length * 2)))
    return row
  }

  #grow(cells: number): void {
    const given = new Uint8Array(cells)
    given.set(this.#given)
    this.#given = given
    this.#counts = byMeasure((measure) => this.#counts[measure]?.resized(cells) ?? null)
  }
}

function byMeasure<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, of(measure)])) as Record<Measure, T>
}

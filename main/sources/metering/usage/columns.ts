import { MEASURES } from '../../../../shared/model/tokens.ts'
import type { Dims, UsageTable } from '../../../core/tokens/types.ts'
import { AnswerError, TooLargeError } from '../transport/reader.ts'
import { type Counted, GrowingTable, MAX_CELLS } from './growing.ts'
import type { RawPoint } from './points.ts'
import type { UsageSteps } from './steps.ts'

/** The columns of a table while series after series of an answer comes. */
export class UsageColumns {
  readonly #steps: UsageSteps
  readonly #counted: Counted
  readonly #instants: ReadonlyMap<string, number>
  readonly #table: GrowingTable
  readonly #places = new Map<string, number>()
  /** The number of the series that gave a step last, by step. */
  readonly #givenBy: Int32Array
  #series = 0
  /** Tokens of failed requests are known where every point tells them. */
  #errorTokens = true

  /** @param instants ms since the epoch by each `t` of the points that will come */
  constructor(steps: UsageSteps, counted: Counted, instants: ReadonlyMap<string, number>) {
    this.#steps = steps
    this.#counted = counted
    this.#instants = instants
    this.#table = new GrowingTable(steps.times.length, (measure) => counted[measure])
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
    if (known === undefined) this.#places.set(key, row)
    this.#fill(row, points, place)
  }

  /** @returns the row of what no series names */
  addRest(points: readonly RawPoint[]): number {
    const row = this.#newRow({})
    this.#fill(row, points, 'rest')
    return row
  }

  table(): Pick<UsageTable, 'rows' | 'counts' | 'given'> {
    return this.#table.table(
      (measure) => this.#counted[measure] && (measure !== 'errorTokens' || this.#errorTokens),
    )
  }

  #fill(row: number, points: readonly RawPoint[], place: string): void {
    this.#series += 1
    const table = this.#table
    const base = row * this.#steps.times.length
    for (const [i, point] of points.entries()) {
      const index = this.#steps.indexOf(this.#instants.get(point.t) ?? Number.NaN)
      if (index < 0)
        throw new AnswerError(`${place}.${i}.t`, `${point.t} starts none of the steps that were asked for`)
      if (this.#givenBy[index] === this.#series)
        throw new AnswerError(`${place}.${i}.t`, `${point.t} is there twice`)
      this.#givenBy[index] = this.#series
      if (point.errorTokens === undefined) this.#errorTokens = false
      const isFirst = !table.isGiven(base + index)
      table.give(base + index)
      for (const measure of MEASURES) {
        const count = point[measure] ?? 0
        if (isFirst) table.counts[measure]?.set(base + index, count)
        else table.counts[measure]?.add(base + index, count)
      }
    }
  }

  #newRow(dims: Dims): number {
    const row = this.#table.newRow(dims)
    if (row >= 0) return row
    throw new TooLargeError(
      `more than ${this.#table.rows} series of ${this.#steps.times.length} steps are more than the ${MAX_CELLS} points that can be held`,
    )
  }
}

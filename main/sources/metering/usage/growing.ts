import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from '../../../core/tokens/usage/counts.ts'
import type { Dims, UsageTable } from '../../../core/tokens/types.ts'

/** Rows times steps of one answer; each costs about 65 bytes. */
export const MAX_CELLS = 2_000_000

/** Measures of a back end that counts them; `errorTokens` may still be missing from its points. */
export type Counted = Readonly<Record<Measure, boolean>>

const FIRST_ROWS = 64

/** The columns of a table to which rows are added one by one. */
export class GrowingTable {
  readonly #steps: number
  readonly #rows: Dims[] = []
  #given: Uint8Array
  counts: Readonly<Record<Measure, Counts | null>>

  constructor(steps: number, isKept: (measure: Measure) => boolean) {
    this.#steps = steps
    const cells = FIRST_ROWS * steps
    this.counts = byMeasure((measure) => (isKept(measure) ? new Counts(cells) : null))
    this.#given = new Uint8Array(cells)
  }

  get rows(): number {
    return this.#rows.length
  }

  /** @returns its place; -1 where there is no room for it */
  newRow(dims: Dims): number {
    const cells = (this.#rows.length + 1) * this.#steps
    if (cells > MAX_CELLS) return -1
    if (cells > this.#given.length) this.#grow(Math.min(MAX_CELLS, Math.max(cells, this.#given.length * 2)))
    return this.#rows.push(dims) - 1
  }

  isGiven(cell: number): boolean {
    return this.#given[cell] === 1
  }

  give(cell: number): void {
    this.#given[cell] = 1
  }

  /** @param isThere whether a measure is told; all else is null */
  table(isThere: (measure: Measure) => boolean): Pick<UsageTable, 'rows' | 'counts' | 'given'> {
    const cells = this.#rows.length * this.#steps
    return {
      rows: this.#rows,
      counts: byMeasure((measure) =>
        isThere(measure) ? (this.counts[measure]?.resized(cells) ?? null) : null,
      ),
      given: this.#given.slice(0, cells),
    }
  }

  #grow(cells: number): void {
    const given = new Uint8Array(cells)
    given.set(this.#given)
    this.#given = given
    const { counts } = this
    this.counts = byMeasure((measure) => counts[measure]?.resized(cells) ?? null)
  }
}

function byMeasure<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, of(measure)])) as Record<Measure, T>
}

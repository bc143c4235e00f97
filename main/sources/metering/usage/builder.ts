import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from '../../../core/tokens/usage/counts.ts'
import type { Dims, Filters, Reach, UsageTable } from '../../../core/tokens/types.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import type { Group } from '../../../../shared/metering/capabilities.ts'
import type { UsageQuestion } from '../types.ts'
import { type Counted, GrowingTable, MAX_CELLS } from './growing.ts'
import { only, rowKey } from './table.ts'
import type { UsageSteps } from './steps.ts'

export type Addition = Readonly<Partial<Record<Measure, bigint | number>>>

/**
 * Sums what a back end tells piece by piece, single requests or days, into a table of the steps that were asked for.
 * What is added twice counts twice; what never was added to a step stays without a point.
 */
export class UsageBuilder {
  readonly #groupBy: readonly Group[]
  readonly #steps: UsageSteps
  readonly #admit: UsageQuestion['admit']
  readonly #table: GrowingTable
  readonly #places = new Map<string, number>()

  /** @param admit see {@link UsageQuestion} */
  constructor(groupBy: readonly Group[], steps: UsageSteps, admit?: UsageQuestion['admit']) {
    this.#groupBy = groupBy
    this.#steps = steps
    this.#admit = admit
    this.#table = new GrowingTable(steps.times.length, () => true)
  }

  /**
   * @param step index of a step; one that is none is left out
   * @param dims may name more dimensions than were asked for
   * @throws SourceFailure where the table outgrows what can be held
   */
  add(dims: Partial<Record<Group, string>>, step: number, addition: Addition): void {
    const size = this.#steps.times.length
    if (!(step >= 0 && step < size)) return
    const cell = this.#rowOf(only(dims, this.#groupBy)) * size + step
    this.#table.give(cell)
    for (const measure of MEASURES) {
      const count = addition[measure]
      if (count !== undefined) this.#table.counts[measure]?.add(cell, count)
    }
  }

  /** @param counted what this back end counts; all else is null in the table */
  table(counted: Counted, reach: Reach): UsageTable {
    return {
      ...reach,
      times: this.#steps.times,
      toMs: this.#steps.toMs,
      restRow: -1,
      ...this.#table.table((measure) => counted[measure]),
    }
  }

  #rowOf(dims: Dims): number {
    const key = rowKey(dims, this.#groupBy)
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const [told = dims] = this.#admit?.([dims]) ?? []
    const toldKey = told === dims ? key : rowKey(told, this.#groupBy)
    const row = this.#places.get(toldKey) ?? this.#table.newRow(told)
    if (row < 0) throw tooManyPoints(`usage has more than the ${MAX_CELLS} points that can be held`)
    this.#places.set(toldKey, row)
    if (this.#places.size < MAX_CELLS) this.#places.set(key, row)
    return row
  }
}

/** A question whose answer outgrows what can be held. */
export function tooManyPoints(text: string): SourceFailure {
  const nextStep = 'Ask for a shorter time, longer steps or fewer groups.'
  return new SourceFailure({ code: 'too-large', text, nextStep })
}

/** The step that an instant lies in; -1 where it lies in none. */
export function stepAt({ times, toMs }: UsageSteps, ms: number): number {
  const [first] = times
  if (first === undefined || ms < first || ms >= toMs) return -1
  let low = 0
  let high = times.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((times[middle] as number) <= ms) low = middle
    else high = middle - 1
  }
  return low
}

/** Whether a name that was told passes what was asked; a dimension that is not narrowed passes always. */
export function passes(dims: Partial<Record<Group, string>>, filters: Filters): boolean {
  return Object.entries(filters).every(
    ([name, names]) => names === undefined || names.includes(dims[name as Group] ?? ''),
  )
}

/** Leaves the steps before `first` out: they are not known, which is not the same as zero. */
export function withoutStepsBefore(table: UsageTable, first: number): UsageTable {
  if (first <= 0) return table
  const before = table.times.length
  const size = Math.max(0, before - first)
  const cells = table.rows.length * size
  const given = new Uint8Array(cells)
  const columnOf = (from: Counts | null) => {
    if (from === null) return null
    const column = new Counts(cells)
    table.rows.forEach((_, row) => {
      for (let step = 0; step < size; step++) {
        column.set(row * size + step, from.exact(row * before + first + step))
      }
    })
    return column
  }
  table.rows.forEach((_, row) => {
    for (let step = 0; step < size; step++)
      given[row * size + step] = table.given[row * before + first + step] ?? 0
  })
  return {
    ...table,
    times: table.times.slice(first),
    counts: Object.fromEntries(
      MEASURES.map((measure) => [measure, columnOf(table.counts[measure])]),
    ) as Record<Measure, Counts | null>,
    given,
  }
}

/** The `top` rows by input and output, the others as one; for a back end that cannot rank by itself. */
export function withTop(table: UsageTable, top: number | null): UsageTable {
  if (top === null || table.rows.length <= top) return table
  const size = table.times.length
  const tokensOf = (row: number) => {
    let sum = 0n
    for (let cell = row * size; cell < (row + 1) * size; cell++) {
      sum += (table.counts.input?.exact(cell) ?? 0n) + (table.counts.output?.exact(cell) ?? 0n)
    }
    return sum
  }
  const ranked = table.rows
    .map((dims, row) => ({ dims, row, tokens: tokensOf(row) }))
    .toSorted((a, b) => (a.tokens < b.tokens ? 1 : a.tokens > b.tokens ? -1 : a.row - b.row))
  const rows: Dims[] = [...ranked.slice(0, top).map(({ dims }) => dims), {}]
  const given = new Uint8Array(rows.length * size)
  const columns = Object.fromEntries(
    MEASURES.map((measure) => [measure, table.counts[measure] === null ? null : new Counts(given.length)]),
  ) as Record<Measure, Counts | null>
  ranked.forEach(({ row }, rank) => {
    const target = Math.min(rank, top) * size
    for (let step = 0; step < size; step++) {
      const from = row * size + step
      if (table.given[from] !== 1) continue
      given[target + step] = 1
      for (const measure of MEASURES) {
        columns[measure]?.add(target + step, table.counts[measure]?.exact(from) ?? 0n)
      }
    }
  })
  return { ...table, rows, restRow: top, counts: columns, given }
}

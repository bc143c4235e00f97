export interface SortBy {
  readonly column: string
  readonly direction: 'ascending' | 'descending'
}

export interface Sortable<Row> {
  readonly id: string
  /** Ascending order of two rows; a column without it cannot be sorted. */
  readonly compare?: (a: Row, b: Row) => number
}

/** A sorted copy; the given order is kept among equals, and kept whole where nothing is sorted by. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Sortable<Row>[],
  by: SortBy | null,
): readonly Row[] {
  const compare = by === null ? undefined : columns.find(({ id }) => id === by.column)?.compare
  if (compare === undefined || by === null) return rows
  const sign = by.direction === 'ascending' ? 1 : -1
  return rows.toSorted((a, b) => sign * compare(a, b))
}

/** First ascending, then descending, then the view's own order again. */
export function nextSort(current: SortBy | null, column: string): SortBy | null {
  if (current?.column !== column) return { column, direction: 'ascending' }
  return current.direction === 'ascending' ? { column, direction: 'descending' } : null
}

/** Numbers ascending; what is not known stands last in either direction of reading, so null is the largest. */
export function compareNumbers(a: number | null, b: number | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0)
  return a - b
}

/** r-2 before r-10. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
export function compareTexts(a: string, b: string): number {
  return collator.compare(a, b)
}

export interface Held<Row> {
  readonly rows: readonly Row[]
  /** Rows that have come, gone or moved since the order was held. */
  readonly pending: number
}

/**
 * The rows in the order in which they were held, each with its latest content; one that has gone meanwhile keeps its
 * place and its last content, so that nothing moves under the pointer.
 */
export function holdOrder<Row>(
  held: readonly Row[],
  latest: readonly Row[],
  keyOf: (row: Row) => string,
): Held<Row> {
  const byKey = new Map(latest.map((row) => [keyOf(row), row]))
  let pending = Math.max(0, latest.length - held.length)
  const rows = held.map((row, index) => {
    const key = keyOf(row)
    const now = byKey.get(key)
    const there = latest[index]
    if (now === undefined || there === undefined || keyOf(there) !== key) pending += 1
    return now ?? row
  })
  return { rows, pending }
}

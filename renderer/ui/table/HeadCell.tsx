// A grid whose rows are placed by script cannot be built of table elements.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import type { ReactNode } from 'react'
import { Glyph } from '../glyph/Glyph.tsx'
import { useExplanation } from '../tooltip/registry.ts'
import type { Sortable, SortBy } from './order.ts'

export interface Column<Row> extends Sortable<Row> {
  readonly title: string
  /** A grid track: `8rem`, `minmax(12rem, 2fr)`. */
  readonly width: string
  readonly align?: 'start' | 'end'
  /** Left out while the table is narrower, in rem; what it says must also stand in the drawer. */
  readonly from?: number
  /** In a table that is sorted by its view: whether its head asks for an order. */
  readonly sortable?: boolean
  /** What the column shows, where its title has no room to say it. */
  readonly meaning?: string
  readonly cell: (row: Row) => ReactNode
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>
  readonly sort: SortBy | null
  readonly sortable: boolean
  readonly onSort: () => void
}

export function HeadCell<Row>({ column, sort, sortable, onSort }: HeadCellProps<Row>) {
  const direction = sort?.column === column.id ? sort.direction : undefined
  const { meaning } = column
  const explain = useExplanation(meaning === undefined ? null : () => meaning)
  return (
    <div role="columnheader" aria-sort={direction ?? 'none'} className={cellClass(column)}>
      {sortable ? (
        <button ref={explain} type="button" className="table-sort" onClick={onSort}>
          {column.title}
          {direction !== undefined && <Glyph name={direction === 'ascending' ? 'up' : 'down'} />}
        </button>
      ) : (
        <span ref={explain}>{column.title}</span>
      )}
    </div>
  )
}

export function cellClass<Row>(column: Column<Row>): string {
  return column.align === 'end' ? 'table-cell table-cell-end' : 'table-cell'
}

// A grid whose rows are placed by script cannot be built of table elements.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { memo } from 'react'
import { cellClass, type Column } from './HeadCell.tsx'

export type RowPress = 'single' | 'double'

interface TableRowProps<Row> {
  readonly id: string
  readonly row: Row
  readonly rowKey: string
  /** From 0. */
  readonly index: number
  /** From the top of the list, px. */
  readonly start: number
  /** px. */
  readonly height: number
  readonly selected: boolean
  readonly changed: boolean
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly onPress: (key: string, press: RowPress) => void
}

/** Rendered again only when something of it changed: scrolling moves rows, it does not change them. */
export const TableRow = memo(PlainRow) as typeof PlainRow

function PlainRow<Row>(props: TableRowProps<Row>) {
  const { id, row, rowKey, index, start, height, selected, changed, columns, template, onPress } = props
  return (
    // The keyboard's way to the same is on the grid, which keeps the focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-changed={changed}
      className="table-row"
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)`, height: `${height}px` }}
      onClick={() => onPress(rowKey, 'single')}
      onDoubleClick={() => onPress(rowKey, 'double')}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={cellClass(column)}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

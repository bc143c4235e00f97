// A grid whose rows are placed by script cannot be built of table elements.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { say } from '../../../shared/messages/format.ts'
import { useStaleSince } from '../figure/freshness.ts'
import { LastGood } from '../figure/LastGood.tsx'
import { useActions } from '../keys/actions.ts'
import { documentedKeys } from '../keys/documented.ts'
import { isTyping } from '../keys/typing.ts'
import { remPx } from '../theme/rem.ts'
import { useChanged } from './changes.ts'
import { type Column, HeadCell } from './HeadCell.tsx'
import { holdOrder, nextSort, type SortBy, sortRows } from './order.ts'
import { type RowPress, TableRow } from './TableRow.tsx'
import './table.css'

export type { Column } from './HeadCell.tsx'

/** A view that sorts by itself: its rows come in their order, and a column with `sortable` asks for another one. */
export interface OwnSorting {
  readonly by: SortBy | null
  readonly onSort: (column: string) => void
}

export interface DataTableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** In the view's own order (worst first), which holds until a column is chosen. */
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly selected: string | null
  readonly onSelect: (key: string | null) => void
  /** Enter or double click; without it Enter selects. */
  readonly onOpen?: (key: string) => void
  /** A single click opens too, where there is nothing that a selection alone would show. */
  readonly openOnClick?: boolean
  readonly sorting?: OwnSorting
  /** Keys of the rows that exist in the page now, those just out of sight included; called when they change. */
  readonly onShown?: (keys: readonly string[]) => void
  /** What counts as a change worth marking, as text. */
  readonly signatureOf?: (row: Row) => string
  /** Changes when the person changes the filter: a held order is then let go. */
  readonly orderKey?: string
  readonly empty: ReactNode
  /** j and k work wherever the focus is, unless someone is typing. */
  readonly primary?: boolean
  /** Lines of text that a row has room for; one where it is left out. */
  readonly linesOf?: (row: Row) => number
}

const FALLBACK_ROW_HEIGHT = 32
/** Of a further line of text, as a share of a row's height. */
const LINE = 0.5

/** Handled by the table itself; listed so that the key map is complete. */
const LIST_KEYS = documentedKeys(say('keys.group.list'), 'list', [
  ['j ArrowDown', 'table.key.next'],
  ['k ArrowUp', 'table.key.previous'],
  ['PageDown PageUp', 'table.key.page'],
  ['Home End', 'table.key.edge'],
  ['Enter', 'table.key.open'],
])

/** Tens of thousands of rows, of which only those in sight exist. Holds its order while the pointer is over it. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, keyOf, selected, onSelect, onOpen, empty, label, orderKey = '', sorting } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [ownSort, setOwnSort] = useState<SortBy | null>(null)
  const [held, setHeld] = useState<{ rows: readonly Row[]; order: string } | null>(null)
  const rowHeight = useRowHeight()
  const width = useWidth(scroller)
  const columns = useMemo(
    () => props.columns.filter(({ from = 0 }) => width === null || from <= width),
    [props.columns, width],
  )

  const sort = sorting === undefined ? ownSort : sorting.by
  const sortedHere = sorting === undefined
  // Kept between renders: scrolling renders often, and ten thousand rows are not sorted in between.
  const sorted = useMemo(
    () => (sortedHere ? sortRows(rows, columns, ownSort) : rows),
    [rows, columns, ownSort, sortedHere],
  )
  // Held under the pointer until it leaves, or until the person asks for another order.
  const order = `${orderKey}|${sort?.column}|${sort?.direction}`
  const heldRows = held !== null && held.order === order ? held.rows : null
  const holding = heldRows !== null
  const { rows: shown, pending } = useMemo(
    () => (heldRows === null ? { rows: sorted, pending: 0 } : holdOrder(heldRows, sorted, keyOf)),
    [heldRows, sorted, keyOf],
  )
  const changed = useChanged(rows, keyOf, props.signatureOf)

  // Its functions change what they return between renders; nothing here keeps them.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize(index) {
      const row = shown[index]
      const lines = row === undefined ? 1 : (props.linesOf?.(row) ?? 1)
      return rowHeight * (1 + (lines - 1) * LINE)
    },
    overscan: 12,
    // The head covers a row's height: at the top it stays there, and what is below it lies that much lower.
    scrollPaddingEnd: rowHeight,
    getItemKey: (index) => {
      const row = shown[index]
      return row === undefined ? index : keyOf(row)
    },
  })
  // Heights are measured once: again where rows that have another one come.
  const lines = props.linesOf === undefined ? '' : shown.map(props.linesOf).join('')
  useLayoutEffect(() => virtual.measure(), [virtual, rowHeight, lines])
  // A link, the way back from a page, or a filter that is taken away may leave the selected row far down: it is brought
  // into sight once. Not for another order: who asks for one wants to see its first rows.
  const broughtInFor = useRef<string | null>(null)
  useLayoutEffect(() => {
    if (broughtInFor.current === orderKey || shown.length === 0) return
    broughtInFor.current = orderKey
    const at = selected === null ? -1 : shown.findIndex((row) => keyOf(row) === selected)
    if (at !== -1) virtual.scrollToIndex(at, { align: 'auto' })
  }, [virtual, shown, selected, keyOf, orderKey])
  const items = virtual.getVirtualItems()
  useShown(
    items.flatMap(({ index }) => {
      const row = shown[index]
      return row === undefined ? [] : [keyOf(row)]
    }),
    props.onShown,
  )

  function move(to: number): void {
    const index = Math.min(Math.max(to, 0), shown.length - 1)
    const row = shown[index]
    if (row === undefined) return
    onSelect(keyOf(row))
    virtual.scrollToIndex(index)
  }

  function onKey(event: KeyboardEvent | globalThis.KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = shown.findIndex((row) => keyOf(row) === selected)
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2)
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at === -1 ? 0 : at - 1,
      k: at === -1 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: shown.length - 1,
    }
    const to = steps[event.key]
    if (to !== undefined) {
      event.preventDefault()
      move(to)
    } else if (event.key === 'Enter' && selected !== null && onOpen !== undefined) {
      event.preventDefault()
      onOpen(selected)
    }
  }
  usePrimaryKeys(props.primary === true, scroller, onKey)
  useActions(props.primary === true ? LIST_KEYS : [])

  const pressed = useLatest((key: string, press: RowPress) => {
    // The row that took the focus is gone as soon as it is scrolled out of sight, and the keyboard with it.
    scroller.current?.focus({ preventScroll: true })
    if (press === 'double') onOpen?.(key)
    else if (props.openOnClick === true && onOpen !== undefined) onOpen(key)
    else onSelect(key === selected ? null : key)
  })

  const old = useStaleSince() !== null
  const template = columns.map(({ width }) => width).join(' ')
  return (
    <div className="table-frame" data-last-known={old ? '' : undefined}>
      {/* The scroller is the grid: one stop of the Tab key, rows are walked with the arrows. */}
      <div
        ref={scroller}
        className="table"
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={shown.length + 1}
        aria-activedescendant={selected === null ? undefined : `${id}-${selected}`}
        onKeyDown={(event) => {
          if (event.target === event.currentTarget) onKey(event)
        }}
        onPointerMove={() => holding || setHeld({ rows: sorted, order })}
        onPointerLeave={() => setHeld(null)}
      >
        <div role="row" aria-rowindex={1} className="table-head" style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <HeadCell
              key={column.id}
              column={column}
              sort={sort}
              sortable={sorting === undefined ? column.compare !== undefined : column.sortable === true}
              onSort={() =>
                sorting === undefined ? setOwnSort(nextSort(sort, column.id)) : sorting.onSort(column.id)
              }
            />
          ))}
        </div>
        <div role="rowgroup" className="table-body" style={{ height: `${virtual.getTotalSize()}px` }}>
          {items.map((item) => {
            const row = shown[item.index]
            if (row === undefined) return null
            const key = keyOf(row)
            return (
              <TableRow
                key={item.key}
                id={`${id}-${key}`}
                row={row}
                rowKey={key}
                index={item.index}
                height={item.size}
                start={item.start}
                selected={key === selected}
                changed={changed.has(key)}
                columns={columns}
                template={template}
                onPress={pressed}
              />
            )
          })}
        </div>
        {shown.length === 0 && <div className="table-empty">{empty}</div>}
      </div>
      {shown.length > 0 && <LastGood />}
      {pending > 0 && <output className="table-held">{say('table.held', { pending })}</output>}
    </div>
  )
}

/** A function that stays the same and does what the newest one does: rows that have not changed are not rendered again. */
function useLatest<Args extends unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  return useCallback((...args: Args) => latest.current(...args), [])
}

function useShown(keys: readonly string[], tell: ((keys: readonly string[]) => void) | undefined): void {
  const latest = useRef(tell)
  useEffect(() => {
    latest.current = tell
  })
  const shown = tell === undefined ? '[]' : JSON.stringify(keys)
  useEffect(() => latest.current?.(JSON.parse(shown) as string[]), [shown])
}

/** Width of the element in rem, null until it is known. */
function useWidth(element: { readonly current: HTMLElement | null }): number | null {
  const [width, setWidth] = useState<number | null>(null)
  useLayoutEffect(() => {
    const target = element.current
    if (target === null) return undefined
    const measure = (): void => {
      const rem = remPx()
      if (target.clientWidth > 0) setWidth(target.clientWidth / rem)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    return () => observer.disconnect()
  }, [element])
  return width
}

/** The row height is a token of the theme, larger on very large desks. */
function useRowHeight(): number {
  const [height, setHeight] = useState(FALLBACK_ROW_HEIGHT)
  useEffect(() => {
    const read = (): void => {
      const token = getComputedStyle(document.documentElement).getPropertyValue('--row-height')
      const parsed = Number.parseFloat(token)
      setHeight(Number.isFinite(parsed) && parsed > 0 ? parsed : FALLBACK_ROW_HEIGHT)
    }
    read()
    addEventListener('resize', read)
    return () => removeEventListener('resize', read)
  }, [])
  return height
}

function usePrimaryKeys(
  active: boolean,
  scroller: { readonly current: HTMLDivElement | null },
  onKey: (event: globalThis.KeyboardEvent) => void,
): void {
  const latest = useRef(onKey)
  useEffect(() => {
    latest.current = onKey
  })
  useEffect(() => {
    if (!active) return undefined
    const listen = (event: globalThis.KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event) || document.querySelector('dialog[open]') !== null) return
      if (event.key === 'j' || event.key === 'k') {
        scroller.current?.focus({ preventScroll: true })
        latest.current(event)
      }
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [active, scroller])
}

// A tree grid whose rows are placed by script cannot be built of table elements.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { isBranch, openIn, opening, revealing, rowsOf } from '../../../state/workflows/rows.ts'
import { foldRuns } from '../../../state/workflows/runs.ts'
import type { JobTree } from '../../../state/workflows/tree.ts'
import { treeKey } from '../../../state/workflows/treeKeys.ts'
import { remPx } from '../../../ui/theme/rem.ts'
import { StepRow } from './StepRow.tsx'
import '../../../ui/table/table.css'

/** Rows that are open at first; the branches with the most tokens come first. */
const ROOM = 200
/** px, as --step-height. */
const ROW_HEIGHT = 26

interface StepTreeProps extends Pick<WorkflowDetail, 'origin'> {
  readonly tree: JobTree
  /** Place; -1 for none. */
  readonly selected: number
  /** 1 for steps that the chosen reason is about; null: none is chosen. */
  readonly about: Uint8Array | null
  readonly onSelect: (place: number) => void
}

/** The steps of the job, as deep as one opens them; what repeats is one row that opens. Only rows in sight exist. */
export function StepTree(props: StepTreeProps) {
  const { tree: job, about, origin } = props
  const fold = useMemo(() => foldRuns(job), [job])
  const { tree } = fold
  /** A run that the keyboard stands on: it is no step, so nothing outside of the tree knows it. */
  const [run, setRun] = useState<{ readonly id: string; readonly beside: number } | null>(null)
  const onRun = run?.beside === props.selected ? (tree.placeOf.get(run.id) ?? -1) : -1
  const chosen = props.selected < 0 ? -1 : (fold.folded[props.selected] ?? -1)
  const selected = onRun >= 0 ? onRun : chosen
  const onSelect = (place: number): void => {
    const id = tree.steps[place]?.id
    if (fold.isRun[place] === 1 && id !== undefined) setRun({ id, beside: props.selected })
    else {
      setRun(null)
      props.onSelect(fold.original[place] ?? -1)
    }
  }
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<ReadonlySet<number>>(() => opening(tree, ROOM, fold.isRun))
  const [openOf, setOpenOf] = useState(tree)
  if (openOf !== tree) {
    setOpenOf(tree)
    setOpen(openIn(tree, openOf, open))
  }
  const rows = useMemo(() => rowsOf(tree, open), [tree, open])
  const rowHeight = useRem(ROW_HEIGHT)
  // Its functions change what they return between renders; nothing here keeps them.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The head covers as much: at the top it stays there, and what is below it lies that much lower.
    scrollPaddingEnd: rowHeight,
    getItemKey: (index) => rows[index] ?? index,
  })
  useEffect(() => virtual.measure(), [virtual, rowHeight])

  // The keyboard stands in the tree as soon as there is one.
  useEffect(() => scroller.current?.focus({ preventScroll: true }), [])
  // What is selected in the picture or by a reason comes into sight, with everything above it open.
  useEffect(() => {
    if (chosen >= 0) setOpen((before) => revealing(tree, before, [chosen]))
  }, [tree, chosen])
  const at = selected < 0 ? -1 : rows.indexOf(selected)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [virtual, at])

  const press = (place: number): void => {
    // The row that took the focus is gone as soon as it is scrolled out of sight, and the keyboard with it.
    scroller.current?.focus({ preventScroll: true })
    onSelect(place)
  }
  const toggle = (place: number): void => {
    if (!isBranch(tree, place)) return
    const next = new Set(open)
    if (!next.delete(place)) next.add(place)
    setOpen(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      if (selected < 0) return
      event.preventDefault()
      toggle(selected)
      return
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2)
    const step = treeKey(event.key, { tree, rows, open, current: selected, page })
    if (step === null) return
    event.preventDefault()
    if (step.kind === 'go') {
      onSelect(step.to)
      return
    }
    const next = new Set(open)
    for (const place of step.places) {
      if (step.kind === 'open') next.add(place)
      else next.delete(place)
    }
    setOpen(next)
  }
  return (
    <div
      ref={scroller}
      className="table step-tree"
      role="treegrid"
      tabIndex={0}
      aria-label={say('steps.title')}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at < 0 ? undefined : `${id}-${selected}`}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className="table-head step-row">
        <div role="columnheader">{say('steps.step')}</div>
        <div role="columnheader">{say('step.outcome')}</div>
        <div role="columnheader" className="step-model">
          {say('steps.model')}
        </div>
        <div role="columnheader" className="end">
          {say('step.took')}
        </div>
        <div role="columnheader" className="end">
          {say('step.self')}
        </div>
        <div role="columnheader" className="end">
          {say('step.total')}
        </div>
        <div role="columnheader">{say('job.share')}</div>
      </div>
      <div role="rowgroup" className="table-body" style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map((item) => {
          const place = rows[item.index]
          if (place === undefined) return null
          return (
            <StepRow
              key={item.key}
              id={`${id}-${place}`}
              tree={tree}
              place={place}
              index={item.index}
              start={item.start}
              isOpen={open.has(place)}
              isSelected={place === selected}
              isLit={fold.isRun[place] !== 1 && about?.[fold.original[place] ?? -1] === 1}
              origin={origin}
              onSelect={press}
              onToggle={toggle}
            />
          )
        })}
      </div>
      {rows.length === 0 && <p className="secondary step-none">{say('steps.none')}</p>}
    </div>
  )
}

/** px of a length that is drawn for a root font of 16 px; larger on very large desks. */
function useRem(px: number): number {
  const [em, setEm] = useState(1)
  useEffect(() => {
    const read = (): void => setEm(remPx() / 16)
    read()
    addEventListener('resize', read)
    return () => removeEventListener('resize', read)
  }, [])
  return px * em
}

import { Name } from '../../../ui/text/Name.tsx'
import { useMemo } from 'react'
import { type FieldId, field as fieldOf } from '../../../../shared/model/field.ts'
import { figureState, SEVERITIES } from '../../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../../shared/model/frame.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { usersOf, usersText } from '../../../../shared/model/users.ts'
import { columnOf, sampledAt } from '../../../state/fleet/columns.ts'
import { sortRows } from '../../../state/fleet/sort.ts'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { Age } from '../../../ui/figure/Age.tsx'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { type Column, DataTable } from '../../../ui/table/DataTable.tsx'
import { compareNumbers, compareTexts } from '../../../ui/table/order.ts'
import { holeAt, holeOf } from '../../../draw/layout/layout.ts'
import { visibleName } from '../../../../shared/model/foreignText.ts'
import { say } from '../../../../shared/messages/format.ts'
import { rowName } from '../drawer/rowName.ts'
import { EMPTY_SLOT, holePlace } from '../picture/spokenRow.ts'

/** Pods that share a GPU. */
const NAMED_IN_CELL = 3
const NAMED_IN_TOOLTIP = 24

interface GpuTableProps {
  readonly topology: Topology
  readonly frame: FleetFrame
  readonly mask: Uint8Array | null
  /** Changes with the filter, so that a held order is let go. */
  readonly filterKey: string
  readonly field: FieldId
  readonly selected: number | null
  readonly onSelect: (row: number | null) => void
}

/** Every GPU that the filter leaves, abnormal first: the picture as a list, for sorting by a figure. */
export function GpuTable(props: GpuTableProps) {
  const { topology, frame, mask, filterKey, field, selected, onSelect } = props
  const rows = useMemo(() => {
    const gpus = [...sortRows(frame, topology.gpus.host.length, mask)]
    // Empty slots are no GPUs, which a filter looks for; they stand where the picture has them, by their host.
    return mask === null ? [...topology.emptySlots.host.map((_, place) => holeOf(place)), ...gpus] : gpus
  }, [frame, topology, mask])
  const columns = useMemo(() => columnsOf(topology, frame, field), [topology, frame, field])
  return (
    <DataTable
      label={say('floor.gpus')}
      columns={columns}
      rows={rows}
      keyOf={String}
      selected={selected === null ? null : String(selected)}
      onSelect={(key) => onSelect(key === null || Number(key) < 0 ? null : Number(key))}
      orderKey={filterKey}
      primary
      empty={<EmptyState reason={say('floor.gpus.none')} nextStep={say('floor.gpus.none.next')} />}
    />
  )
}

function columnsOf(topology: Topology, frame: FleetFrame, field: FieldId): Column<number>[] {
  const { gpus } = topology
  // A sort compares each name many times.
  const places = new Map<number, string>()
  const nameOf = (row: number): string => {
    if (row >= 0) return rowName(topology, row)
    const { host, slot } = holePlace(topology, row)
    return say('floor.emptySlot.place', { host: visibleName(host), slot })
  }
  const place = (row: number): string => {
    const known = places.get(row)
    if (known !== undefined) return known
    const name = nameOf(row)
    places.set(row, name)
    return name
  }
  const type = (row: number) => topology.types[gpus.type[row] ?? -1] ?? ''
  const hostOf = (row: number) => (row < 0 ? topology.emptySlots.host[holeAt(row)] : gpus.host[row])
  const rack = (row: number) => topology.racks[topology.hosts[hostOf(row) ?? -1]?.rack ?? -1]?.name ?? ''
  const pods = (row: number, most: number) => (row < 0 ? EMPTY_SLOT : usersText(usersOf(topology, row), most))
  const fields = [...new Set<FieldId>([field, 'power', 'gpuTemp'])]
  return [
    { id: 'severity', title: '', width: '2rem', cell: (row) => <RowGlyph frame={frame} row={row} /> },
    {
      id: 'gpu',
      title: say('floor.column.gpu'),
      width: 'minmax(9rem, 1fr)',
      cell: (row) => <Name shown={place(row)} />,
      compare: (a, b) => compareTexts(place(a), place(b)),
    },
    {
      id: 'type',
      title: say('floor.column.type'),
      width: '5rem',
      cell: (row) => <Name of={type(row)} />,
      compare: (a, b) => compareTexts(type(a), type(b)),
    },
    {
      id: 'rack',
      title: say('floor.column.rack'),
      width: '6rem',
      cell: (row) => <Name of={rack(row)} />,
      compare: (a, b) => compareTexts(rack(a), rack(b)),
    },
    ...fields.map((id): Column<number> => figureColumn(frame, id)),
    {
      id: 'age',
      title: say('floor.column.sample'),
      width: '7rem',
      align: 'end',
      cell: (row) => <Age at={sampledAt(frame, row)} />,
    },
    {
      id: 'pod',
      title: say('floor.column.pod'),
      width: 'minmax(12rem, 2fr)',
      cell: (row) => <Name shown={pods(row, NAMED_IN_CELL)} title={pods(row, NAMED_IN_TOOLTIP)} />,
      compare: (a, b) => compareTexts(pods(a, NAMED_IN_CELL), pods(b, NAMED_IN_CELL)),
    },
  ]
}

function figureColumn(frame: FleetFrame, id: FieldId): Column<number> {
  const column = columnOf(frame, id)
  const known = (row: number) => {
    const value = column?.values[row] ?? Number.NaN
    return Number.isNaN(value) ? null : value
  }
  return {
    id,
    title: fieldOf(id).short,
    width: '8rem',
    align: 'end',
    cell: (row) => (
      <FieldFigure
        reason={row < 0 ? EMPTY_SLOT : ''}
        field={id}
        value={known(row)}
        state={figureState(column?.states[row] ?? 0)}
        at={sampledAt(frame, row)}
        align="end"
      />
    ),
    compare: (a, b) => compareNumbers(known(a), known(b)),
  }
}

function RowGlyph({ frame, row }: { frame: FleetFrame; row: number }) {
  const severity = SEVERITIES[frame.severity[row] ?? 0] ?? 'critical'
  const state = figureState(frame.state[row] ?? 0)
  if (severity !== 'normal') return <Glyph name={severity} label={say(`severity.${severity}`)} />
  return state === 'stale' || state === 'absent' || state === 'implausible' ? (
    <Glyph name={state} label={say(state === 'absent' ? 'floor.activity.unknown' : `floor.state.${state}`)} />
  ) : null
}

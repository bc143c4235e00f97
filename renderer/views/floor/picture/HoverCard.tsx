import { conditionWords } from '../../../../shared/model/conditionWords.ts'
import { visibleName } from '../../../../shared/model/foreignText.ts'
import { field as fieldOf, type FieldId } from '../../../../shared/model/field.ts'
import { FIGURE, figureState, SEVERITIES } from '../../../../shared/model/figure.ts'
import { type Condition, conditionsOf, type FleetFrame } from '../../../../shared/model/frame.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { usersText } from '../../../../shared/model/users.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { say } from '../../../../shared/messages/format.ts'
import { columnOf, sampledAt } from '../../../state/fleet/columns.ts'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { holePlace, placeOf } from './spokenRow.ts'

interface HoverCardProps {
  readonly topology: Topology
  readonly frame: FleetFrame | null
  readonly field: FieldId
  readonly row: number
  /** Conditions whose figures are not read any more, and since when. */
  readonly unread?: ReadonlyMap<Condition, string>
  /** Where the cell stands in the picture, CSS px; the card keeps clear of it. */
  readonly at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly within: { readonly width: number; readonly height: number }
}

/** Beside the metric shown: what a person asks next. */
const BESIDE: readonly FieldId[] = ['power', 'gpuTemp', 'fbUsed']
const ALL_READ: ReadonlyMap<Condition, string> = new Map()
const MOST_INSTANCES = 7
const MOST_USERS_NAMED = 8

/** One GPU in a few lines, beside the pointer or the focused cell. Everything else is in the drawer. */
export function HoverCard({ topology, frame, field, row, unread = ALL_READ, at, within }: HoverCardProps) {
  const { host, slot, type, rack, floor, users } = placeOf(topology, row)
  const severity = SEVERITIES[Math.min(frame?.severity[row] ?? 0, SEVERITIES.length - 1)] ?? 'normal'
  const conditions = conditionsOf(frame?.conditions[row] ?? 0)
  const shown = [field, ...BESIDE.filter((id) => id !== field && frame?.fields.includes(id))]
  const gpus = topology.gpus.host.length
  const instances = topology.instances.gpu.flatMap((gpu, i) => (gpu === row ? [gpus + i] : []))
  const style = beside(at, within)
  return (
    <div className="hover-card" style={style} aria-hidden="true">
      <p className="hover-card-title">
        {severity !== 'normal' && <Glyph name={severity} />}
        {say('floor.gpu', { host: visibleName(host), slot })}
      </p>
      <p className="hover-card-place">{[type, rack, floor].filter(Boolean).map(visibleName).join(' · ')}</p>
      <dl>
        {shown.map((id) => (
          <CardFigure key={id} id={id} frame={frame} row={row} />
        ))}
      </dl>
      {conditions.length > 0 && (
        <ul className="hover-card-conditions">
          {conditions.map((name) => (
            <li key={name}>
              {[name === 'xid' ? xidWords(frame, row) : conditionWords(name), unread.get(name)]
                .filter(Boolean)
                .join(', ')}
            </li>
          ))}
        </ul>
      )}
      {users.length > 0 && <p className="hover-card-workload">{usersText(users, MOST_USERS_NAMED)}</p>}
      {instances.length > 0 && (
        <ul className="hover-card-instances">
          {instances.slice(0, MOST_INSTANCES).map((instance) => (
            <li key={instance}>
              <span>
                {say('floor.instance', {
                  profile: visibleName(topology.instances.profile[instance - gpus] ?? ''),
                })}
              </span>
              <RowFigure id={field} frame={frame} row={instance} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** The card keeps clear of the cell that it tells of. */
function beside(at: HoverCardProps['at'], within: HoverCardProps['within']) {
  const left = at.x + at.width / 2 > within.width / 2
  const above = at.y + at.height / 2 > within.height * 0.6
  return {
    ...(left ? { right: within.width - at.x + 14 } : { left: at.x + at.width + 14 }),
    ...(above
      ? { bottom: Math.max(4, within.height - at.y - at.height - 24) }
      : { top: Math.max(4, at.y - 24) }),
  }
}

interface EmptySlotCardProps extends Pick<HoverCardProps, 'topology' | 'at' | 'within'> {
  readonly hole: number
}

/** A slot where no GPU answers, though the ones beside it do. */
export function EmptySlotCard({ topology, hole, at, within }: EmptySlotCardProps) {
  const { host, slot, rack, floor } = holePlace(topology, hole)
  return (
    <div className="hover-card" style={beside(at, within)} aria-hidden="true">
      <p className="hover-card-title">{say('floor.emptySlot.place', { host: visibleName(host), slot })}</p>
      <p className="hover-card-place">{[rack, floor].filter(Boolean).map(visibleName).join(' · ')}</p>
      <p>{say('floor.emptySlot')}</p>
    </div>
  )
}

function CardFigure({ id, frame, row }: { id: FieldId; frame: FleetFrame | null; row: number }) {
  return (
    <>
      <dt>{fieldOf(id).title}</dt>
      <dd>
        <RowFigure id={id} frame={frame} row={row} />
      </dd>
    </>
  )
}

function RowFigure({ id, frame, row }: { id: FieldId; frame: FleetFrame | null; row: number }) {
  const column = frame === null ? null : columnOf(frame, id)
  const value = column?.values[row] ?? Number.NaN
  return (
    <FieldFigure
      field={id}
      value={Number.isNaN(value) ? null : value}
      state={figureState(column?.states[row] ?? FIGURE.absent)}
      at={frame === null ? null : sampledAt(frame, row)}
      align="end"
    />
  )
}

function xidWords(frame: FleetFrame | null, row: number): string {
  const column = frame === null ? null : columnOf(frame, 'xid')
  const code = column?.values[row] ?? Number.NaN
  return Number.isNaN(code) || code === 0
    ? conditionWords('xid')
    : say('floor.xid', { code, name: xidMeaning(code).name })
}

import { visibleName } from '../../../../shared/model/foreignText.ts'
import { type Field } from '../../../../shared/model/field.ts'
import { FIGURE, figureState, PRESENCE, SEVERITIES } from '../../../../shared/model/figure.ts'
import { conditionWords } from '../../../../shared/model/conditionWords.ts'
import { conditionsOf, type FleetFrame, NEVER } from '../../../../shared/model/frame.ts'
import { formatSpan } from '../../../../shared/model/time.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { usersOf } from '../../../../shared/model/users.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { say } from '../../../../shared/messages/format.ts'
import { holeAt } from '../../../draw/layout/layout.ts'
import { asStale } from '../../../draw/lastKnown.ts'
import { columnOf, sampledAt } from '../../../state/fleet/columns.ts'
import { engineNow } from '../../../transport/engineClock.ts'

/** Where a row stands, as a person says it. */
export function placeOf(topology: Topology, row: number) {
  const { gpus } = topology
  const host = topology.hosts[gpus.host[row] ?? -1]
  const rack = topology.racks[host?.rack ?? -1]
  return {
    host: host?.name ?? '',
    slot: gpus.slot[row] ?? 0,
    type: topology.types[gpus.type[row] ?? -1] ?? '',
    rack: rack?.name ?? '',
    floor: topology.floors[rack?.floor ?? -1]?.name ?? '',
    users: usersOf(topology, row),
  }
}

/**
 * A row in one sentence, for the live region: "h-0312 GPU 3, H100, SM activity 87 %, ok".
 * @param lastKnown nothing of the frame is current any more
 */
export function spokenRow(
  topology: Topology,
  frame: FleetFrame | null,
  field: Field,
  row: number,
  lastKnown = false,
): string {
  const { host, slot, type, rack, floor } = placeOf(topology, row)
  const parts = [say('floor.spoken.gpu', { host: visibleName(host), slot }), visibleName(type)]
  const place = [rack, floor].map(visibleName)
  if (frame === null) return [...parts, say('floor.figures.none'), ...place].filter(Boolean).join(', ')
  const column = columnOf(frame, field.id as (typeof frame.fields)[number])
  const states = column === null || !lastKnown ? column?.states : asStale(column.states)
  const state = states?.[row] ?? FIGURE.absent
  const value = column?.values[row] ?? Number.NaN
  const sampled = sampledAt(frame, row)
  const age = sampled === null || !lastKnown ? (frame.ageMs[row] ?? NEVER) : engineNow() - sampled
  const figure = column === null ? say('floor.figure.awaited') : spokenFigure(field, state, value, age)
  parts.push(say('floor.spoken.figure', { title: field.title, figure }))
  if (frame.presence[row] === PRESENCE.missing) parts.push(say('floor.spoken.missing'))
  const severity = SEVERITIES[Math.min(frame.severity[row] ?? 0, SEVERITIES.length - 1)] ?? 'normal'
  const conditions = conditionsOf(frame.conditions[row] ?? 0).map(conditionWords)
  const well = severity === 'normal' && conditions.length === 0
  if (!well) parts.push(say(`severity.${severity}`), ...conditions)
  else if (column !== null) parts.push(say(`floor.spoken.state.${figureState(state)}`))
  return [...parts, ...place].filter(Boolean).join(', ')
}

/** An empty slot as a person says it: "h-37 slot 6, empty: no GPU answers here". */
export function spokenHole(topology: Topology, hole: number): string {
  const { host, slot, rack, floor } = holePlace(topology, hole)
  return [
    say('floor.spoken.hole', { host: visibleName(host), slot, why: EMPTY_SLOT }),
    ...[rack, floor].map(visibleName),
  ]
    .filter(Boolean)
    .join(', ')
}

/** Why a slot is drawn empty. */
export const EMPTY_SLOT = say('floor.emptySlot')

/** Where an empty slot is. @param hole `holeOf` its place in `topology.emptySlots` */
export function holePlace(topology: Topology, hole: number) {
  const place = holeAt(hole)
  const host = topology.hosts[topology.emptySlots.host[place] ?? -1]
  const rack = topology.racks[host?.rack ?? -1]
  return {
    host: host?.name ?? '',
    slot: topology.emptySlots.slot[place] ?? 0,
    rack: rack?.name ?? '',
    floor: topology.floors[rack?.floor ?? -1]?.name ?? '',
  }
}

function spokenFigure(field: Field, state: number, value: number, ageMs: number): string {
  if (state === FIGURE.absent) return say('floor.figure.absent')
  if (state === FIGURE.implausible || Number.isNaN(value)) return say('floor.figure.refused')
  const { unit, scale, digits } = field.display
  const text = figureText(value * scale, { unit, digits })
  if (state !== FIGURE.stale) return text
  return ageMs === NEVER
    ? say('floor.spoken.stale', { figure: text })
    : say('floor.spoken.stale.age', { figure: text, age: formatSpan(ageMs) })
}

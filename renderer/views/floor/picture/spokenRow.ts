import { visibleName } from '../../../../shared/model/foreignText.ts'
import { type Field } from '../../../../shared/model/field.ts'
import { FIGURE, figureState, PRESENCE, SEVERITIES } from '../../../../shared/model/figure.ts'
import { CONDITION_WORDS } from '../../../../shared/model/conditionWords.ts'
import { conditionsOf, type FleetFrame, NEVER } from '../../../../shared/model/frame.ts'
import { formatSpan } from '../../../../shared/model/time.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { usersOf } from '../../../../shared/model/users.ts'
import { figureText } from '../../../../shared/model/units.ts'
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
  const parts = [`${visibleName(host)} GPU ${slot}`, visibleName(type)]
  const place = [rack, floor].map(visibleName)
  if (frame === null) return [...parts, 'no figures yet', ...place].filter(Boolean).join(', ')
  const column = columnOf(frame, field.id as (typeof frame.fields)[number])
  const states = column === null || !lastKnown ? column?.states : asStale(column.states)
  const state = states?.[row] ?? FIGURE.absent
  const value = column?.values[row] ?? Number.NaN
  const sampled = sampledAt(frame, row)
  const age = sampled === null || !lastKnown ? (frame.ageMs[row] ?? NEVER) : engineNow() - sampled
  parts.push(`${field.title} ${column === null ? 'awaited' : spokenFigure(field, state, value, age)}`)
  if (frame.presence[row] === PRESENCE.missing) parts.push('missing')
  const severity = SEVERITIES[Math.min(frame.severity[row] ?? 0, SEVERITIES.length - 1)] ?? 'normal'
  const conditions = conditionsOf(frame.conditions[row] ?? 0).map((name) => CONDITION_WORDS[name])
  const well = severity === 'normal' && conditions.length === 0
  if (!well) parts.push(severity, ...conditions)
  else if (column !== null) parts.push(figureState(state))
  return [...parts, ...place].filter(Boolean).join(', ')
}

/** An empty slot as a person says it: "h-37 slot 6, empty: no GPU answers here". */
export function spokenHole(topology: Topology, hole: number): string {
  const { host, slot, rack, floor } = holePlace(topology, hole)
  return [`${visibleName(host)} slot ${slot}, ${EMPTY_SLOT}`, ...[rack, floor].map(visibleName)]
    .filter(Boolean)
    .join(', ')
}

/** Why a slot is drawn empty. */
export const EMPTY_SLOT = 'empty: no GPU answers here, though the GPUs beside it do'

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
  if (state === FIGURE.absent) return 'not there'
  if (state === FIGURE.implausible || Number.isNaN(value)) return 'refused as implausible'
  const { unit, scale, digits } = field.display
  const text = figureText(value * scale, { unit, digits })
  if (state !== FIGURE.stale) return text
  return `${text}, last known ${ageMs === NEVER ? 'at an unknown time' : `${formatSpan(ageMs)} ago`}`
}

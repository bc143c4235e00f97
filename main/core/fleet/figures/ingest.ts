import { message } from '../../../../shared/messages/message.ts'
import { fieldCode } from '../../../../shared/model/field.ts'
import { isBlank } from '../../../../shared/model/blank.ts'
import { isComplete, type Completeness } from '../../observation.ts'
import type { StaleLimits } from '../sources/cadences.ts'
import { CELL, FIELD_COUNT, withdrawCell } from './columns.ts'
import { noteAnswer, noteChange } from '../places/hostChanges.ts'
import { LOWER } from './plausibility.ts'
import { XID_COUNT } from '../places/placement.ts'
import type { Registry } from '../places/registry.ts'
import { withShares } from './sharing.ts'
import type { Bound } from '../sources/bound.ts'
import type { Sources } from '../sources/sources.ts'
import type { XidLedger } from '../findings/xid.ts'

const ENERGY = fieldCode('energy')

/** What an observation goes into. */
export interface Intake {
  readonly registry: Registry
  readonly xids: XidLedger
  readonly sources: Sources
  readonly limits: StaleLimits
  newestSampleAt: number
}

/** The figures of one observation, aligned with the series that were bound. */
export interface Figures {
  readonly values: Float64Array
  readonly sampledAt: number
  /** Per value, where that differs. */
  readonly times: Float64Array | undefined
  readonly complete: Completeness
}

/**
 * One observation into the columns. The loop runs over every figure of the floor at every refresh: it allocates nothing,
 * and whatever is rare (a blank, a vanished series, a changed host) leaves it through a call.
 */
export function ingest(intake: Intake, bound: Bound, figures: Figures): void {
  const { registry, xids, sources, limits } = intake
  const { sampledAt, times: perValue } = figures
  const values = bound.shared.length === 0 ? figures.values : boardValues(registry, bound, figures)
  const { columns } = registry
  const { upper } = registry.types
  const { fields, units, feeder } = bound
  const { value, at, cell, feeder: feeders, seenAt, seenBy, namedAt, live, type, host } = columns
  const complete = isComplete(figures.complete)
  const unread = bound.unread?.rows
  const count = Math.min(units.length, values.length)

  for (let i = 0; i < count; i++) {
    const u = units[i] as number
    if (u < 0) continue
    const f = fields[i] as number
    const v = values[i] as number
    if (f === XID_COUNT) {
      if (v === v || isRead(i, complete, unread)) xids.count(u, v, sampledAt)
      continue
    }
    const times = at[f] as Float64Array
    const cells = cell[f] as Uint8Array
    const owners = feeders[f] as Uint32Array
    if (v !== v) {
      if (bound.ofMachine && isRead(i, complete, unread)) registry.sentEmpty.add(u * FIELD_COUNT + f)
      // A board figure repeated per instance stands if one instance of this answer brought it.
      if (
        isRead(i, complete, unread) &&
        speaksFor(sources, feeder, owners[u] as number) &&
        sampledAt > (times[u] as number)
      )
        withdrawCell(columns, f, u, sampledAt)
      continue
    }
    const t = perValue === undefined ? sampledAt : (perValue[i] as number)
    if (!(t >= (times[u] as number)) || t === Number.POSITIVE_INFINITY) continue
    if (isBlank(v)) {
      if (isRead(i, complete, unread)) registry.sentEmpty.add(u * FIELD_COUNT + f)
      if (isRead(i, complete, unread) && owners[u] === feeder) withdrawCell(columns, f, u, sampledAt)
      continue
    }
    let next: number = CELL.live
    if (!(v >= (LOWER[f] as number) && v <= (upper[(type[u] as number) * FIELD_COUNT + f] as number))) {
      next = CELL.implausible
    }
    const before = cells[u] as number
    if (before >= CELL.live && owners[u] !== feeder) {
      const owner = owners[u] as number
      // The first that lives keeps its figure while that is fresh; whoever left the feed is spoken for from now on.
      if (!sources.isLiving(owner)) sources.succeed(owner, feeder, u)
      else if (t - (times[u] as number) <= limits.ofCell(owner, f)) {
        registry.contests.compare(u, f, (value[f] as Float64Array)[u] as number, v, t)
        continue
      }
    }
    const column = value[f] as Float64Array
    const old = column[u] as number
    if (before < CELL.live) {
      live[u] = (live[u] as number) + 1
      registry.sentEmpty.delete(u * FIELD_COUNT + f)
    }
    if (v !== old) {
      column[u] = v
      // A figure that comes back with another value has moved, too: its last one is kept while it is withdrawn.
      if (before >= CELL.live || before === CELL.withdrawn) {
        noteChange(registry.hosts.all, host[u] as number, t)
        if (f === ENERGY && v < old && before === CELL.live && next === CELL.live) noteReload(registry, u, t)
      }
    }
    times[u] = t
    cells[u] = next
    owners[u] = feeder
    if (t > (seenAt[u] as number)) {
      seenAt[u] = t
      seenBy[u] = feeder
      namedAt[u] = t
      noteAnswer(registry.hosts.all, host[u] as number, t)
      if (t > intake.newestSampleAt) intake.newestSampleAt = t
    }
  }
  if (complete && unread !== undefined) noteNamed(intake, bound, unread, sampledAt)
}

/** Whether the answer says of its i-th series that there is a figure or none. */
function isRead(i: number, complete: boolean, unread: Uint8Array | undefined): boolean {
  return unread === undefined ? complete : unread[i] === 0
}

/** It takes back what it brought, and what a source brought that does not answer any more. */
function speaksFor(sources: Sources, feeder: number, owner: number): boolean {
  return owner === feeder || !sources.isLiving(owner)
}

/** A unit whose figures could not be read is there all the same: its source names it. */
function noteNamed(
  { registry, xids }: Intake,
  { units, fields }: Bound,
  unread: Uint8Array,
  at: number,
): void {
  const { namedAt } = registry.columns
  units.forEach((place, i) => {
    if (place < 0 || unread[i] !== 1) return
    const unit = fields[i] === XID_COUNT ? xids.unitOf(place) : place
    const named = namedAt[unit]
    if (named !== undefined && named !== Number.NEGATIVE_INFINITY && at > named) namedAt[unit] = at
  })
}

/** Figures of boards where pods that share them have their own, which are kept for the drawer. */
function boardValues(registry: Registry, { shared }: Bound, figures: Figures): Float64Array {
  const { values, times, sampledAt } = figures
  return withShares(values, shared, ({ field, unit, places, users }, own) => {
    const parts = users.flatMap((user, i) => (user === null ? [] : [{ user, value: own[i] as number }]))
    const at = times?.[places[0] as number] ?? sampledAt
    registry.units[unit]?.ownFigures.set(field, { at, parts })
  })
}

/** Energy counts from driver load: a fall means that the driver came back. One event per host, not one per board. */
function noteReload(registry: Registry, unit: number, at: number): void {
  const host = registry.hostOf(unit)
  if (at - host.reloadedAt < 60_000) return
  host.reloadedAt = at
  registry.events.note(at, 'advisory', host.name, message('event.reloaded'))
}

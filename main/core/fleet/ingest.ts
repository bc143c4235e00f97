import { isBlank } from '../../../shared/model/blank.ts'
import { FIELDS, fieldCode } from '../../../shared/model/field.ts'
import type { LiveBinding } from './bindings.ts'
import { CELL, FIELD_COUNT, withdrawCell } from './columns.ts'
import { noteAnswer, noteChange } from './freeze.ts'
import { LOWER } from './plausibility.ts'
import { XID_COUNT } from './placement.ts'
import type { Registry } from './registry.ts'
import type { XidLedger } from './xid.ts'

const ENERGY = fieldCode('energy')
/** How much of a new pause between answers goes into the learnt one. */
const PACE_WEIGHT = 0.3
const PACE_MAX_MS = 300_000

/** What ingest learns beside the figures. */
export interface Intake {
  newestSampleAt: number
  /** Learnt pause between answers per field, ms: slow fields are asked less often and are not stale for it. */
  readonly pace: Float64Array
}

export function createIntake(): Intake {
  return { newestSampleAt: Number.NEGATIVE_INFINITY, pace: new Float64Array(FIELDS.length) }
}

/**
 * One answer into the columns. The loop runs over every figure of the floor at every refresh: it allocates nothing, and
 * whatever is rare (a blank, a vanished series, a changed host) leaves it through a call.
 */
export function ingestAnswer(
  registry: Registry,
  xids: XidLedger,
  intake: Intake,
  binding: LiveBinding,
  values: Float64Array,
  sampledAt: number,
  sampledAtPerValue: Float64Array | undefined,
): void {
  if (!Number.isFinite(sampledAt)) return
  const { columns } = registry
  const { upper } = registry.types
  const { fields, units, feeder } = binding
  const { value, at, cell, feeder: feeders, seenAt, live, type, host } = columns
  const count = Math.min(units.length, values.length)
  learnPace(intake, binding, sampledAt)

  for (let i = 0; i < count; i++) {
    const u = units[i] as number
    if (u < 0) continue
    const f = fields[i] as number
    const v = values[i] as number
    if (f === XID_COUNT) {
      xids.count(u, v, sampledAt)
      continue
    }
    const times = at[f] as Float64Array
    const cells = cell[f] as Uint8Array
    const owners = feeders[f] as Uint32Array
    if (v !== v) {
      // A board figure repeated per instance stands if one instance of this answer brought it.
      if (owners[u] === feeder && sampledAt > (times[u] as number)) withdrawCell(columns, f, u, sampledAt)
      continue
    }
    const t = sampledAtPerValue === undefined ? sampledAt : (sampledAtPerValue[i] as number)
    if (!(t >= (times[u] as number)) || t === Number.POSITIVE_INFINITY) continue
    if (isBlank(v)) {
      if (owners[u] === feeder) withdrawCell(columns, f, u, sampledAt)
      continue
    }
    let next: number = CELL.live
    if (!(v >= (LOWER[f] as number) && v <= (upper[(type[u] as number) * FIELD_COUNT + f] as number))) {
      next = CELL.implausible
    }
    const column = value[f] as Float64Array
    const old = column[u] as number
    const before = cells[u] as number
    if (before < CELL.live) live[u] = (live[u] as number) + 1
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
      noteAnswer(registry.hosts.all, host[u] as number, t)
      if (t > intake.newestSampleAt) intake.newestSampleAt = t
    }
  }
}

function learnPace(intake: Intake, binding: LiveBinding, sampledAt: number): void {
  const pause = sampledAt - binding.answeredAt
  binding.answeredAt = sampledAt
  if (!(pause > 0)) return
  const { pace } = intake
  for (const f of binding.covers) {
    if (f >= FIELD_COUNT) continue
    const before = pace[f] as number
    const capped = Math.min(pause, PACE_MAX_MS)
    pace[f] = before === 0 ? capped : before + PACE_WEIGHT * (capped - before)
  }
}

/** Energy counts from driver load: a fall means that the driver came back. One event per host, not one per board. */
function noteReload(registry: Registry, unit: number, at: number): void {
  const host = registry.hostOf(unit)
  if (at - host.reloadedAt < 60_000) return
  host.reloadedAt = at
  registry.events.note(at, 'advisory', host.name, 'the energy counter started anew: the driver was reloaded')
}

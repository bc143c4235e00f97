import { fieldCode } from '../../../../shared/model/field.ts'
import { SEVERITIES, SEVERITY } from '../../../../shared/model/figure.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import { CONDITION, type Condition } from '../../../../shared/model/frame.ts'
import { CELL } from '../figures/columns.ts'
import type { Begin } from '../../begin.ts'
import { boardXids } from './boardXids.ts'
import { emptySlotFinding, emptySlotId, emptySlots } from '../places/emptySlots.ts'
import type { Limit } from '../figures/limits.ts'
import { beyond } from '../figures/limits.ts'
import { BLIND } from '../figures/profiling.ts'
import type { RowOrder } from '../topology.ts'
import { beginOf, emptySlotBegin } from './begin.ts'
import type { Group } from './group.ts'
import { hidesIdleGpus, PROFILING_CAUSE, wordsOf, type Cause, type Speaking } from './wording.ts'

/**
 * The abnormal list: one finding per cause and place. What hits a whole host is one finding of the host; stale and
 * frozen are always the host's, because its exporter is the cause.
 */
export const MAX_FINDINGS = 500
const MAX_ROWS_NAMED = 64
const FULL = 'source/full'
/** Figures that conditions other than limits are judged by. */
const FIGURES_OF: Partial<Record<Finding['kind'], readonly number[]>> = {
  thermal: [fieldCode('clockEvents')],
  slowdown: [fieldCode('clockEvents')],
  ecc: [fieldCode('eccDbe')],
  remapFailed: [fieldCode('remapFailure')],
  busyButIdle: [fieldCode('gpuUtil'), fieldCode('power')],
  xid: [fieldCode('xid')],
}

/** A finding with all units that it concerns, also beyond the rows that it names. */
export interface Abnormality {
  readonly finding: Finding
  readonly units: readonly number[]
}

export interface FindingBook {
  /** All findings of the evaluation, worst first, then oldest. */
  list(speaking: Speaking, order: RowOrder): readonly Abnormality[]
}

export function createFindingBook(): FindingBook {
  /** When each finding began, or was first listed, by its id. */
  let since = new Map<string, Begin>()

  return {
    list(speaking, order) {
      const next = new Map<string, Begin>()
      const list: Abnormality[] = []
      for (const group of groupsOf(speaking, order)) {
        for (const part of parts(speaking, group)) {
          const id = idOf(speaking, part, group.cause)
          const at = beginOf(speaking, part, since.get(id))
          next.set(id, at)
          list.push(spell(speaking, order, part, id, at))
        }
      }
      for (const empty of emptySlots(speaking.registry, speaking.evaluation.now)) {
        const id = emptySlotId(empty.host, empty.slot)
        const at = since.get(id) ?? emptySlotBegin(empty.host, speaking.evaluation.now)
        next.set(id, at)
        list.push({ finding: { ...emptySlotFinding(empty, at.at), ...sinceOf(at) }, units: [] })
      }
      const full = fullFloor(speaking, since)
      if (full) {
        next.set(full.finding.id, { at: full.finding.since, atLeast: false })
        list.push(full)
      }
      since = next
      return list.toSorted(
        ({ finding: a }, { finding: b }) =>
          SEVERITY[b.severity] - SEVERITY[a.severity] || a.since - b.since || (a.id < b.id ? -1 : 1),
      )
    },
  }
}

const KINDS = (Object.keys(CONDITION) as Condition[]).filter((name) => name !== 'overLimit')

function groupsOf(speaking: Speaking, order: RowOrder): Iterable<Group> {
  const { evaluation, registry } = speaking
  const groups = new Map<string, Group>()
  const add = (
    unit: number,
    kind: Finding['kind'],
    bit: number,
    cause: string,
    rule: Limit | null,
    severity = severityOf(evaluation, unit, bit),
  ): void => {
    const host = registry.columns.host[unit] as number
    const key = `${kind}/${host}/${cause}`
    const group = groups.get(key)
    if (group) {
      group.units.push(unit)
      group.severity = Math.max(group.severity, severity)
    } else groups.set(key, { kind, host, bit, cause, rule, severity, units: [unit] })
  }
  for (const unit of order.units) {
    const bits = evaluation.bits[unit] as number
    if (bits === 0) continue
    for (const name of KINDS) {
      const bit = CONDITION[name]
      if ((bits & bit) === 0) continue
      if (name === 'xid') {
        const own = registry.units[unit]?.board ?? -1
        for (const each of boardXids(registry, speaking.xids, own < 0 ? unit : own, evaluation.now)) {
          if (each.unit === unit) add(unit, 'xid', bit, String(each.code), null, each.severity)
        }
      } else if (name === 'implausible' && evaluation.blind[unit] !== BLIND.no) {
        // Instances share the mark of their board; the finding is the board's.
        if (registry.units[unit]?.board === -1) add(unit, name, bit, PROFILING_CAUSE, null)
      } else if (name === 'hot') add(unit, 'hot', bit, '', brokenRule(speaking, unit, bit))
      else add(unit, name, bit, '', null)
    }
    if ((bits & CONDITION.overLimit) !== 0) {
      const rule = brokenRule(speaking, unit, CONDITION.overLimit)
      const kind = rule?.field === 'power' ? 'power' : 'limit'
      add(unit, kind, CONDITION.overLimit, rule?.field ?? '', rule)
    }
  }
  return groups.values()
}

/** The threshold that a unit breaks most clearly; the first of its kind where the figure is back within its band. */
function brokenRule({ registry, limits }: Speaking, unit: number, bit: number): Limit | null {
  const rules = limits.filter((rule) => rule.bit === bit)
  const value = (rule: Limit): number => registry.columns.value[rule.code]?.[unit] ?? Number.NaN
  return (
    rules.find((rule) => beyond(rule, value(rule), rule.critical, false)) ??
    rules.find((rule) => beyond(rule, value(rule), rule.advisory, true)) ??
    rules[0] ??
    null
  )
}

function severityOf(evaluation: Speaking['evaluation'], unit: number, bit: number): number {
  return ((evaluation.critical[unit] as number) & bit) !== 0 ? SEVERITY.critical : SEVERITY.advisory
}

/** One part for the whole host, or one per unit. */
function parts({ registry, evaluation }: Speaking, group: Group): Group[] {
  const ofHost = registry.hosts.all[group.host]?.units.length ?? 0
  const boards = new Set(group.units.map((unit) => boardOf(registry.units, unit)))
  const host = registry.hosts.all[group.host]
  const hidden =
    group.kind === 'missing' && host !== null && host !== undefined && hidesIdleGpus(registry, host)
  const hostCause = group.kind === 'stale' || group.kind === 'frozen' || hidden
  if (hostCause || (boards.size === ofHost && ofHost > 1)) return [group]
  return group.units.map((unit) => ({
    ...group,
    units: [unit],
    severity: group.kind === 'xid' ? group.severity : severityOf(evaluation, unit, group.bit),
  }))
}

function boardOf(units: Speaking['registry']['units'], unit: number): number {
  const board = units[unit]?.board ?? -1
  return board < 0 ? unit : board
}

function idOf({ registry }: Speaking, part: Group, cause: string): string {
  const host = registry.hosts.all[part.host]?.name ?? ''
  const unit = registry.units[part.units[0] as number]
  const single = part.units.length === 1 && part.kind !== 'stale' && part.kind !== 'frozen'
  const place = single && unit ? `/${unit.slot}${unit.board < 0 ? '' : `/${unit.instanceId}`}` : ''
  return `${part.kind}/${host}${place}${cause === '' ? '' : `/${cause}`}`
}

function sinceOf({ at, atLeast }: Begin): Pick<Finding, 'since' | 'sinceAtLeast'> {
  return atLeast ? { since: at, sinceAtLeast: true } : { since: at }
}

function spell(speaking: Speaking, order: RowOrder, part: Group, id: string, begin: Begin): Abnormality {
  const { registry } = speaking
  const host = registry.hosts.all[part.host]
  const boards = new Set(part.units.map((unit) => boardOf(registry.units, unit)))
  const first = worstMeasured(speaking, part)
  const single = part.units.length === 1 && part.kind !== 'stale' && part.kind !== 'frozen'
  const cause: Cause = {
    kind: part.kind,
    first,
    gpuCount: boards.size,
    ofHost: host?.units.length ?? 0,
    since: begin.at,
    rule: part.rule,
    cause: part.cause,
  }
  const finding: Finding = {
    id,
    kind: part.kind,
    severity: SEVERITIES[part.severity] ?? 'critical',
    where: single ? registry.place(first) : (host?.name ?? ''),
    rows: part.units.slice(0, MAX_ROWS_NAMED).map((unit) => order.rows[unit] as number),
    gpus: boards.size,
    ...sinceOf(begin),
    ...unreadSinceOf(speaking, part),
    ...wordsOf(speaking, cause),
  }
  return { finding, units: part.units }
}

/**
 * A condition stays while the figure that raised it is not read, because not knowing is not better; then this says since
 * when, of a finding none of whose units can be judged.
 */
function unreadSinceOf(speaking: Speaking, part: Group): { unreadSince?: number } {
  const { registry, read, xids } = speaking
  const { at, cell } = registry.columns
  const fields = part.rule === null ? (FIGURES_OF[part.kind] ?? []) : [part.rule.code]
  const { kind, cause, units } = part
  let newest = Number.NEGATIVE_INFINITY
  for (const unit of units) {
    const told = kind === 'xid' ? [unit, ...(registry.units[unit]?.instances ?? [])] : [unit]
    const isCounted = (each: number): boolean =>
      xids.records(each).some(({ code, byGauge }) => String(code) === cause && !byGauge)
    if (kind === 'xid' && told.some(isCounted)) return {}
    // A figure that is refused has a finding of its own.
    if (told.some((each) => fields.some((f) => cell[f]?.[each] === CELL.implausible))) return {}
    if (told.some((each) => fields.every((f) => !Number.isNaN(read(f, each))))) return {}
    for (const each of told)
      for (const f of fields)
        if (Number.isNaN(read(f, each))) newest = Math.max(newest, at[f]?.[each] ?? Number.NEGATIVE_INFINITY)
  }
  return Number.isFinite(newest) ? { unreadSince: newest } : {}
}

/** The unit whose figure is quoted: the one furthest beyond the limit. */
function worstMeasured({ registry, read }: Speaking, part: Group): number {
  const { rule } = part
  if (!rule) return part.units[0] as number
  // What is not read any more is quoted where nothing else is.
  const current = part.units.filter((unit) => !Number.isNaN(read(rule.code, unit)))
  const units = current.length > 0 ? current : part.units
  const value = (unit: number): number =>
    (registry.columns.value[rule.code]?.[unit] ?? 0) * (rule.high ? 1 : -1)
  return units.reduce((worst, unit) => (value(unit) > value(worst) ? unit : worst))
}

/** Sources claim more GPUs than any floor has: those beyond the bound are not shown, and that is said. */
function fullFloor(speaking: Speaking, since: ReadonlyMap<string, Begin>): Abnormality | null {
  const { registry, evaluation } = speaking
  if (!registry.refusals.list(evaluation.now).some(({ kind }) => kind === 'floor')) return null
  const begun = since.get(FULL)?.at ?? evaluation.now
  const cause: Cause = {
    kind: 'source',
    first: -1,
    gpuCount: 0,
    ofHost: 0,
    since: begun,
    rule: null,
    cause: '',
  }
  const finding: Finding = {
    id: FULL,
    kind: 'source',
    severity: 'advisory',
    where: '',
    rows: [],
    gpus: 0,
    since: begun,
    ...wordsOf(speaking, cause),
  }
  return { finding, units: [] }
}

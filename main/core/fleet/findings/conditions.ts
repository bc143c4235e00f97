import { CLOCK_EVENT_REASONS, fieldCode } from '../../../../shared/model/field.ts'
import { FIGURE, PRESENCE, SEVERITY } from '../../../../shared/model/figure.ts'
import { CONDITION } from '../../../../shared/model/frame.ts'
import { gpuTypeOf } from '../../../../shared/model/gpuType.ts'
import { boardPowerOf } from '../figures/boardPower.ts'
import type { Evaluation } from '../figures/evaluation.ts'
import { isMadeUp, wasNamedOnce } from '../sources/forget.ts'
import type { Host } from '../places/hosts.ts'
import { beyond, type Limit } from '../figures/limits.ts'
import type { Registry } from '../places/registry.ts'

/**
 * Why a row is abnormal. Facts (missing, stale, frozen, …) hold exactly as long as they are true. Conditions over
 * figures enter at once, hold within a band, and leave after two evaluations without their cause. While a row cannot be
 * judged (stale, missing), or the very figure that raised a condition cannot be read, the condition stays as it was: not
 * knowing is not better.
 */

/** Beside the CONDITION bits: the critical step of conditions that have two. */
export const HOT_CRITICAL = 0x1_0000
export const OVER_LIMIT_CRITICAL = 0x2_0000

const FACTS =
  CONDITION.missing |
  CONDITION.unexpected |
  CONDITION.stale |
  CONDITION.frozen |
  CONDITION.xid |
  CONDITION.identityChanged |
  CONDITION.typeMismatch
const ALWAYS_CRITICAL =
  CONDITION.missing | CONDITION.remapFailed | CONDITION.slowdown | HOT_CRITICAL | OVER_LIMIT_CRITICAL
const STEPPED = CONDITION.hot | CONDITION.overLimit

/** Another board in a slot is news for this long; while it contradicts the inventory's UUID, always. */
const IDENTITY_NEWS_MS = 1_800_000
/** A job between two phases looks like a deadlock for a moment. */
const BUSY_IDLE_AFTER_MS = 30_000
const BUSY_IDLE_POWER_SHARE = 0.3
/** Nothing is computed; a kernel that polls for a lost peer still keeps the few SMs busy that a collective runs on. */
const BUSY_IDLE_TENSOR = 0.02
const BUSY_IDLE_SM = 0.25
const BUSY_FROM = 0.1

const CODE = {
  smActive: fieldCode('smActive'),
  grActive: fieldCode('grActive'),
  tensorActive: fieldCode('tensorActive'),
  gpuUtil: fieldCode('gpuUtil'),
  power: fieldCode('power'),
  clockEvents: fieldCode('clockEvents'),
  eccDbe: fieldCode('eccDbe'),
  remapFailure: fieldCode('remapFailure'),
}
const REASON = Object.fromEntries(CLOCK_EVENT_REASONS.map(({ name, bit }) => [name, bit])) as Record<
  (typeof CLOCK_EVENT_REASONS)[number]['name'],
  number
>
export const THERMAL_REASONS = REASON['software thermal slowdown'] | REASON['hardware thermal slowdown']
export const SLOWDOWN_REASONS = REASON['hardware slowdown'] | REASON['hardware power brake']

/** A good figure of a unit, NaN where it is anything but ok or zero. */
export type Read = (f: number, unit: number) => number

export interface Judging {
  readonly registry: Registry
  readonly evaluation: Evaluation
  readonly read: Read
  readonly limits: readonly Limit[]
  readonly inventory: boolean
  /** Slots that never answered count as missing from here on; before it the roll is still being called. */
  readonly rollCalled: (host: Host) => boolean
  /** Hosts that are silent as a whole, and by their own fault. */
  silent: ReadonlySet<Host>
  /** SEVERITY code of the unit's XIDs. */
  readonly xidSeverity: (unit: number) => number
}

/** Writes bits, criticality and severity of one unit. Needs its state, presence and vanished. */
export function judge(judging: Judging, unit: number, host: Host): void {
  const { evaluation } = judging
  const before = evaluation.bits[unit] as number
  const xid = judging.xidSeverity(unit)
  let facts = factsOf(judging, unit, host)
  if (xid > SEVERITY.normal) facts |= CONDITION.xid

  const state = evaluation.state[unit]
  // A unit whose activity is unknown (absent) is judged by the figures that it has.
  const seen = evaluation.freshAt[unit] !== Number.NEGATIVE_INFINITY
  const judgeable = seen && state !== FIGURE.stale
  let enter = 0
  let hold = before
  let enterCritical = 0
  if (judgeable) {
    if (Number.isNaN(evaluation.watchedSince[unit])) evaluation.watchedSince[unit] = evaluation.now
    const found = figuresOf(judging, unit, state === FIGURE.implausible)
    enter = found.enter
    hold = found.hold
    enterCritical = found.critical
  }
  const cause = enter | (before & hold)
  // Two good evaluations: the first marks a bit as leaving, the second lets it go.
  const lingering = before & ~cause & ~(evaluation.leaving[unit] as number) & ~FACTS
  const bits = facts | (cause & ~FACTS) | lingering
  evaluation.bits[unit] = bits
  evaluation.leaving[unit] = lingering

  const remembered = (evaluation.critical[unit] as number) & bits & ~enter & ~FACTS & ~STEPPED
  // Limits carry their own critical step, which holds and leaves by itself.
  const stepped =
    ((bits & HOT_CRITICAL) !== 0 ? CONDITION.hot : 0) |
    ((bits & OVER_LIMIT_CRITICAL) !== 0 ? CONDITION.overLimit : 0)
  const critical =
    (bits & ALWAYS_CRITICAL & (wasNamedOnce(judging.registry, unit) ? ~CONDITION.missing : -1)) |
    (judging.silent.has(host) ? bits & CONDITION.stale : 0) |
    stepped |
    enterCritical |
    remembered |
    (xid === SEVERITY.critical ? CONDITION.xid : 0)
  evaluation.critical[unit] = critical
  evaluation.severity[unit] =
    (critical & bits) !== 0 ? SEVERITY.critical : bits !== 0 ? SEVERITY.advisory : SEVERITY.normal
}

function factsOf(
  { registry, evaluation, inventory, rollCalled, silent }: Judging,
  unit: number,
  host: Host,
): number {
  const found = registry.units[unit]
  if (!found) return 0
  let facts = 0
  const isBoard = found.board < 0
  const presence = evaluation.presence[unit]
  const seen = evaluation.freshAt[unit] !== Number.NEGATIVE_INFINITY
  const missing = isBoard && presence === PRESENCE.missing
  const madeUp = missing && isMadeUp(found, registry.columns, unit, evaluation.now)
  if (missing && !madeUp && (seen || rollCalled(host))) facts |= CONDITION.missing
  else if (missing && !seen && silent.has(host)) facts |= CONDITION.stale
  if (isBoard && inventory && presence === PRESENCE.unexpected) facts |= CONDITION.unexpected
  if (evaluation.state[unit] === FIGURE.stale && !missing) {
    facts |= host.frozenSince !== null ? CONDITION.frozen : CONDITION.stale
  }
  if (!isBoard) return facts
  const listedUuid = host.listedUuids[found.slot] ?? ''
  const contradicts = listedUuid !== '' && found.uuid !== listedUuid
  const news =
    found.identityChangedAt !== null && evaluation.now - found.identityChangedAt <= IDENTITY_NEWS_MS
  if (contradicts || news) facts |= CONDITION.identityChanged
  const wanted = found.expected ? host.expectedType : null
  if (wanted !== null && found.modelName !== '') {
    if (gpuTypeOf(wanted).name !== gpuTypeOf(found.modelName).name) facts |= CONDITION.typeMismatch
  }
  return facts
}

interface FigureCauses {
  enter: number
  hold: number
  critical: number
}

const causes: FigureCauses = { enter: 0, hold: 0, critical: 0 }

function figuresOf(judging: Judging, unit: number, implausible: boolean): FigureCauses {
  const { read, limits, evaluation } = judging
  causes.enter = implausible ? CONDITION.implausible : 0
  causes.hold = 0
  causes.critical = 0
  let broken = evaluation.broken[unit] as number
  for (let i = 0; i < limits.length; i++) {
    const rule = limits[i] as Limit
    const mark = i < 32 ? 1 << i : 0
    const value = read(rule.code, unit)
    const step = rule.bit === CONDITION.hot ? HOT_CRITICAL : OVER_LIMIT_CRITICAL
    if (value !== value) {
      if ((broken & mark) !== 0) causes.hold |= rule.bit | step
      continue
    }
    if (beyond(rule, value, rule.advisory, false)) {
      causes.enter |= rule.bit
      broken |= mark
    } else if (beyond(rule, value, rule.advisory, true)) causes.hold |= rule.bit
    else broken &= ~mark
    if (beyond(rule, value, rule.critical, false)) causes.enter |= rule.bit | step
    else if (beyond(rule, value, rule.critical, true)) causes.hold |= step
  }
  evaluation.broken[unit] = broken
  clockCauses(read, unit)
  eccCauses(judging, unit)
  const failure = read(CODE.remapFailure, unit)
  if (failure === 1) causes.enter |= CONDITION.remapFailed
  else if (failure !== failure) causes.hold |= CONDITION.remapFailed
  if (looksDeadlocked(judging, unit)) causes.enter |= CONDITION.busyButIdle
  else if (!isReadable(read, CODE.gpuUtil, unit) || !isReadable(read, CODE.power, unit))
    causes.hold |= CONDITION.busyButIdle
  return causes
}

function isReadable(read: Read, f: number, unit: number): boolean {
  const value = read(f, unit)
  return value === value
}

/** Clocks held down by heat or hardware matter on a busy GPU; an idle one has low clocks anyway. */
function clockCauses(read: Read, unit: number): void {
  const reasons = read(CODE.clockEvents, unit)
  if (reasons !== reasons) causes.hold |= CONDITION.thermal | CONDITION.slowdown
  if (!(reasons > 0) || !isBusy(read, unit, reasons)) return
  if ((reasons & THERMAL_REASONS) !== 0) {
    causes.enter |= CONDITION.thermal
    if ((reasons & REASON['hardware thermal slowdown']) !== 0) causes.critical |= CONDITION.thermal
  }
  if ((reasons & SLOWDOWN_REASONS) !== 0) causes.enter |= CONDITION.slowdown
}

function isBusy(read: Read, unit: number, reasons: number): boolean {
  const sm = read(CODE.smActive, unit)
  const activity = sm === sm ? sm : read(CODE.grActive, unit)
  if (activity === activity) return activity >= BUSY_FROM
  const util = read(CODE.gpuUtil, unit)
  if (util === util) return util >= BUSY_FROM * 100
  return (reasons & REASON.idle) === 0
}

/** Volatile double-bit errors stay until the board is reset; more of them while we look on are critical. */
function eccCauses({ read, evaluation }: Judging, unit: number): void {
  const errors = read(CODE.eccDbe, unit)
  if (errors !== errors) {
    causes.hold |= CONDITION.ecc
    return
  }
  const base = evaluation.eccBase[unit] as number
  // A fall is a reset: count from there.
  if (base !== base || errors < base) evaluation.eccBase[unit] = errors
  if (errors > 0) causes.enter |= CONDITION.ecc
  if (errors > (evaluation.eccBase[unit] as number)) causes.critical |= CONDITION.ecc
}

/**
 * GPU_UTIL at its top while almost no power is drawn and nothing is computed: a communication deadlock reads so. What is
 * almost none depends on the board, so one whose limit is not known is not judged.
 */
function looksDeadlocked({ registry, evaluation, read }: Judging, unit: number): boolean {
  const below = (f: number, most: number): boolean => {
    const value = read(f, unit)
    return value !== value || value <= most
  }
  const looks =
    read(CODE.gpuUtil, unit) >= 99 &&
    read(CODE.power, unit) < BUSY_IDLE_POWER_SHARE * boardPowerOf(registry, read, unit) &&
    below(CODE.smActive, BUSY_IDLE_SM) &&
    below(CODE.tensorActive, BUSY_IDLE_TENSOR)
  const since = evaluation.busyIdleSince[unit] as number
  if (!looks) evaluation.busyIdleSince[unit] = Number.NaN
  else if (since !== since) evaluation.busyIdleSince[unit] = evaluation.now
  return looks && evaluation.now - (evaluation.busyIdleSince[unit] as number) >= BUSY_IDLE_AFTER_MS
}

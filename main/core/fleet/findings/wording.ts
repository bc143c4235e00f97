import {
  CLOCK_EVENT_REASONS,
  field,
  fieldCode,
  FIELDS,
  type FieldId,
} from '../../../../shared/model/field.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import { gpuTypeOf } from '../../../../shared/model/gpuType.ts'
import { formatDuration } from '../../../../shared/model/time.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { CELL } from '../figures/columns.ts'
import { type Read, SLOWDOWN_REASONS, THERMAL_REASONS } from './conditions.ts'
import type { Evaluation } from '../figures/evaluation.ts'
import { beyond, fieldText, limitText, type Limit } from '../figures/limits.ts'
import type { Registry } from '../places/registry.ts'
import { isRefused } from '../figures/states.ts'
import { isClaimed } from '../places/identity.ts'
import type { Host } from '../places/hosts.ts'
import { gpus } from '../text.ts'
import type { XidLedger } from './xid.ts'

/** What a finding says: the fact, the measure, the next step, in the operator's terms. */
export interface Words {
  readonly what: string
  readonly by: string
  readonly nextStep: string
}

export interface Speaking {
  readonly registry: Registry
  readonly evaluation: Evaluation
  readonly limits: readonly Limit[]
  readonly read: Read
  readonly xids: XidLedger
  /** Why a source of figures does not answer, '' where it does or that is not known. */
  readonly troubleOf: (feeder: number) => string
}

/** All units of a finding share host and cause. */
export interface Cause {
  readonly kind: Finding['kind']
  /** The unit that is measured. */
  readonly first: number
  /** How many boards it concerns, of how many on the host. */
  readonly gpuCount: number
  readonly ofHost: number
  readonly since: number
  /** The threshold that is broken, where the kind has one. */
  readonly rule: Limit | null
  /** What distinguishes findings of one kind and host, '' where nothing does. */
  readonly cause: string
}

/** Of an implausible figure: profiling that says nothing. */
export const PROFILING_CAUSE = 'profiling'

/** A pod holds a GPU of the host by a resource claim, and idle ones are gone: they are hidden rather than lost. */
export function hidesIdleGpus({ units }: Registry, host: Host): boolean {
  return host.units.some((unit) => isClaimed(units[unit]?.labels ?? []))
}

export function wordsOf(speaking: Speaking, cause: Cause): Words {
  return WORDS[cause.kind](speaking, cause)
}

function neverText({ silentThen }: Host): string {
  const silent =
    silentThen === 0 ? '' : `; ${plural(silentThen, 'exporter')} of unknown machines did not answer then`
  return `never seen since the start of this console${silent}`
}

type Wording = (speaking: Speaking, cause: Cause) => Words

/** " (connection refused)", from the first source of the unit's figures that is known to be in trouble. */
function troubleText({ registry, troubleOf }: Speaking, { first }: Cause): string {
  const { cell, feeder } = registry.columns
  for (let f = 0; f < FIELDS.length; f++) {
    const trouble = (cell[f]?.[first] ?? CELL.never) >= CELL.live ? troubleOf(feeder[f]?.[first] ?? 0) : ''
    if (trouble !== '') return ` (${trouble})`
  }
  return ''
}

/** " on 8 GPUs" where the finding is about several. */
function on({ gpuCount }: Cause): string {
  return gpuCount > 1 ? ` on ${gpus(gpuCount)}` : ''
}

function wasSeen({ evaluation }: Speaking, { first }: Cause): boolean {
  return evaluation.freshAt[first] !== Number.NEGATIVE_INFINITY
}

function silence({ evaluation }: Speaking, { since }: Cause): string {
  return formatDuration(evaluation.now - since)
}

const fixed =
  (what: string, nextStep: string): Wording =>
  (_, cause) => ({ what: what + on(cause), by: '', nextStep })

const threshold =
  (nextStep: string): Wording =>
  (speaking, cause) => {
    const { rule, first } = cause
    const title = rule === null ? 'A figure' : field(rule.field).title
    return {
      what: `${title} ${rule?.high === false ? 'below' : 'above'} its limit${on(cause)}`,
      by: rule === null ? '' : measureText(speaking, rule, first),
      nextStep,
    }
  }

const COOLING = 'Look at inlet temperature, fans or coolant of the host and its neighbours.'
const THRESHOLDS = 'Compare with its neighbours; the limit stands in floorwatch.yaml under thresholds.'

const WORDS: Record<Finding['kind'], Wording> = {
  missing({ evaluation, registry }, { first, gpuCount, ofHost }) {
    const never = evaluation.freshAt[first] === Number.NEGATIVE_INFINITY
    const whole = gpuCount === ofHost && gpuCount > 1
    if (hidesIdleGpus(registry, registry.hostOf(first))) {
      return {
        what: `${gpuCount > 1 ? gpus(gpuCount) : 'GPU'} no longer in the answers since a pod holds one by a resource claim`,
        by: 'dcgm-exporter may leave idle GPUs out then (#569)',
        nextStep: 'Compare with nvidia-smi on the host; if they are there, update dcgm-exporter.',
      }
    }
    return {
      what: `${whole ? 'all ' : ''}${gpuCount > 1 ? gpus(gpuCount) : 'GPU'} missing`,
      by: never ? neverText(registry.hostOf(first)) : 'no longer in the answers of its source',
      nextStep: whole
        ? 'See whether the host is up and its exporter is a target; look at the sources.'
        : 'Look for XID 79 in the kernel log of the host; drain it and power-cycle if the board is off the bus.',
    }
  },
  unexpected: (_, { gpuCount }) => ({
    what: `${gpuCount > 1 ? `${gpus(gpuCount)} answer` : 'A GPU answers'} without being in the inventory`,
    by: '',
    nextStep: 'Add it to the inventory in floorwatch.yaml, or find out why it is here.',
  }),
  stale: (speaking, cause) => ({
    what: wasSeen(speaking, cause)
      ? `no answer for ${silence(speaking, cause)}${troubleText(speaking, cause)}; ${gpus(cause.gpuCount)} shown stale`
      : `no answer since this console began to look; ${gpus(cause.gpuCount)} not seen`,
    by: cause.gpuCount < cause.ofHost ? `${cause.gpuCount} of ${gpus(cause.ofHost)} on the host` : '',
    nextStep: 'Look at the sources for the error; see whether host and exporter are up.',
  }),
  frozen: (speaking, cause) => ({
    what: `frozen exporter: it answers, but no figure has changed for ${silence(speaking, cause)}; ${gpus(cause.gpuCount)} shown stale`,
    by: '',
    nextStep: 'Restart dcgm-exporter (and nv-hostengine where it runs apart) on this host.',
  }),
  implausible(speaking, cause) {
    if (cause.cause === PROFILING_CAUSE) return profilingWords(speaking, cause)
    const refused = FIELDS.filter((_, f) => isRefused(speaking.registry, f, cause.first))
    return {
      what: `implausible figures refused${on(cause)}`,
      by: refused
        .slice(0, 3)
        .map(({ id, title }) => `${title} ${valueOf(speaking, id, cause.first)}`)
        .join(', '),
      nextStep: 'Compare with nvidia-smi on the host; an exporter restart usually clears it.',
    }
  },
  xid({ xids }, cause) {
    const record = xids.records(cause.first).find(({ code }) => String(code) === cause.cause)
    const { code, name, nextStep } = xidMeaning(Number(cause.cause))
    return {
      what: `XID ${code} · ${name}${on(cause)}`,
      by: record?.count ? `${record.count} in the window that its exporter counts` : '',
      nextStep,
    }
  },
  thermal: (speaking, cause) => ({
    what: `thermal throttling${on(cause)}`,
    by: reasonsText(speaking, cause.first, THERMAL_REASONS),
    nextStep: COOLING,
  }),
  slowdown: (speaking, cause) => ({
    what: `hardware throttling${on(cause)}`,
    by: reasonsText(speaking, cause.first, SLOWDOWN_REASONS),
    nextStep: 'Look at the power supplies and power brake of the host, then at cooling.',
  }),
  ecc: (speaking, cause) => ({
    what: `double-bit memory errors${on(cause)}`,
    by: eccText(valueOf(speaking, 'eccDbe', cause.first)),
    nextStep: 'Drain the host and reset the GPU; check row remapping.',
  }),
  remapFailed: fixed('row remapping failed', 'Drain the host and open a service case for the board.'),
  hot: threshold(COOLING),
  power: threshold(THRESHOLDS),
  limit: threshold(THRESHOLDS),
  identityChanged({ registry }, { first, gpuCount }) {
    const unit = registry.units[first]
    const past = unit?.pastUuids[0] ?? registry.hostOf(first).listedUuids[unit?.slot ?? -1]
    return {
      what: gpuCount > 1 ? `${gpus(gpuCount)} are other boards than before` : 'another board in this slot',
      by: `UUID ${unit?.uuid ?? ''}${past ? `, before ${past}` : ''}`,
      nextStep: 'Expected after a board exchange; otherwise see whether two hosts share a name.',
    }
  },
  typeMismatch: ({ registry }, cause) => ({
    what: `another GPU type than the inventory lists${on(cause)}`,
    by: `${gpuTypeOf(registry.units[cause.first]?.modelName ?? '').name}, listed ${registry.hostOf(cause.first).expectedType ?? ''}`,
    nextStep: 'Correct the inventory, or find out which board was put in.',
  }),
  busyButIdle: (speaking, cause) => ({
    what: `busy by GPU utilisation, yet almost no power${on(cause)}`,
    by: `${fieldText('power', valueOf(speaking, 'power', cause.first))} at ${fieldText('gpuUtil', valueOf(speaking, 'gpuUtil', cause.first))}`,
    nextStep: 'Looks like a communication deadlock: look at the job and its NCCL log.',
  }),
  source: ({ registry }) => ({
    what: `the sources name more than ${registry.mostUnits} GPUs and instances; the rest is not shown`,
    by: '',
    nextStep: 'Look for an exporter that invents hosts or UUIDs, or narrow the selector in floorwatch.yaml.',
  }),
}

/** "SM activity 0 % at 99 % GPU utilisation and 641 W": the figures that contradict one another. */
function profilingWords(speaking: Speaking, cause: Cause): Words {
  const text = (id: FieldId): string => fieldText(id, valueOf(speaking, id, cause.first))
  const said = (['smActive', 'grActive'] as const).find((id) => valueOf(speaking, id, cause.first) === 0)
  const against = [
    ...(valueOf(speaking, 'gpuUtil', cause.first) > 0 ? [`${text('gpuUtil')} GPU utilisation`] : []),
    ...(valueOf(speaking, 'power', cause.first) > 0 ? [text('power')] : []),
  ]
  return {
    what: `profiling says nothing${on(cause)}: it reads 0 while the board works`,
    by: said === undefined ? '' : `${field(said).title} ${text(said)} at ${against.join(' and ')}`,
    nextStep:
      'Run dcgmi dmon -e 1001 on the host: where it shows activity restart dcgm-exporter, else the DCGM host engine.',
  }
}

function valueOf({ registry }: Speaking, id: FieldId, unit: number): number {
  return registry.columns.value[fieldCode(id)]?.[unit] ?? Number.NaN
}

/** Empty in the moment after a reset, when the condition is about to leave. */
function eccText(errors: number): string {
  return errors > 0 ? `${errors} since the last reset` : ''
}

function measureText(speaking: Speaking, rule: Limit, unit: number): string {
  const value = valueOf(speaking, rule.field, unit)
  return beyond(rule, value, rule.advisory, true) ? limitText(rule, value) : fieldText(rule.field, value)
}

function reasonsText(speaking: Speaking, unit: number, mask: number): string {
  const bits = valueOf(speaking, 'clockEvents', unit)
  return CLOCK_EVENT_REASONS.filter(({ bit }) => (bits & bit & mask) !== 0)
    .map(({ name }) => name)
    .join(', ')
}

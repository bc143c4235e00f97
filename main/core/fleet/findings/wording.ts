import {
  CLOCK_EVENT_REASONS,
  field,
  fieldCode,
  FIELDS,
  type FieldId,
} from '../../../../shared/model/field.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import { listed, type Message, message, said } from '../../../../shared/messages/message.ts'
import { gpuTypeOf } from '../../../../shared/model/gpuType.ts'
import { formatDuration } from '../../../../shared/model/time.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { CELL } from '../figures/columns.ts'
import { type Read, SLOWDOWN_REASONS, THERMAL_REASONS } from './conditions.ts'
import type { Evaluation } from '../figures/evaluation.ts'
import { beyond, fieldText, limitAt, type Limit, NO_FIGURE } from '../figures/limits.ts'
import type { Registry } from '../places/registry.ts'
import { isRefused } from '../figures/states.ts'
import { isClaimed } from '../places/identity.ts'
import type { Host } from '../places/hosts.ts'
import type { XidLedger } from './xid.ts'

/** What a finding says: the fact, the measure, the next step, in the operator's terms. */
export type Words = Pick<Finding, 'what' | 'by' | 'nextStep'>

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

type Wording = (speaking: Speaking, cause: Cause) => Words

/** "connection refused", from the first source of the unit's figures that is known to be in trouble; '' for none. */
function troubleText({ registry, troubleOf }: Speaking, { first }: Cause): string {
  const { cell, feeder } = registry.columns
  for (let f = 0; f < FIELDS.length; f++) {
    const trouble = (cell[f]?.[first] ?? CELL.never) >= CELL.live ? troubleOf(feeder[f]?.[first] ?? 0) : ''
    if (trouble !== '') return trouble
  }
  return ''
}

function wasSeen({ evaluation }: Speaking, { first }: Cause): boolean {
  return evaluation.freshAt[first] !== Number.NEGATIVE_INFINITY
}

function silence({ evaluation }: Speaking, { since }: Cause): string {
  return formatDuration(evaluation.now - since)
}

const threshold =
  (nextStep: Message): Wording =>
  (speaking, cause) => {
    const { rule, first } = cause
    const values = {
      figure: rule === null ? message('finding.limit.figure') : field(rule.field).title,
      gpus: cause.gpuCount,
    }
    return {
      what:
        rule?.high === false
          ? message('finding.limit.below', values)
          : message('finding.limit.above', values),
      by: rule === null ? null : measured(speaking, rule, first),
      nextStep,
    }
  }

const COOLING = message('finding.cooling.next')
const THRESHOLDS = message('finding.limit.next')

const WORDS: Record<Finding['kind'], Wording> = {
  missing({ evaluation, registry }, { first, gpuCount, ofHost }) {
    const never = evaluation.freshAt[first] === Number.NEGATIVE_INFINITY
    const whole = gpuCount === ofHost && gpuCount > 1
    const host = registry.hostOf(first)
    if (hidesIdleGpus(registry, host)) {
      return {
        what: message('finding.missing.hidden', { gpus: gpuCount }),
        by: message('finding.missing.hidden.by'),
        nextStep: message('finding.missing.hidden.next'),
      }
    }
    return {
      what: message(whole ? 'finding.missing.all' : 'finding.missing', { gpus: gpuCount }),
      by: never ? neverSeen(host) : message('finding.missing.gone'),
      nextStep: message(whole ? 'finding.missing.all.next' : 'finding.missing.next'),
    }
  },
  unexpected: (_, { gpuCount }) => ({
    what: message('finding.unexpected', { gpus: gpuCount }),
    by: null,
    nextStep: message('finding.unexpected.next'),
  }),
  stale: (speaking, cause) => ({
    what: silent(speaking, cause),
    by:
      cause.gpuCount < cause.ofHost
        ? message('finding.stale.by', { gpus: cause.gpuCount, all: cause.ofHost })
        : null,
    nextStep: message('finding.stale.next'),
  }),
  frozen: (speaking, cause) => ({
    what: message('finding.frozen', { silence: silence(speaking, cause), gpus: cause.gpuCount }),
    by: null,
    nextStep: message('finding.frozen.next'),
  }),
  implausible(speaking, cause) {
    if (cause.cause === PROFILING_CAUSE) return profilingWords(speaking, cause)
    const refused = FIELDS.filter((_, f) => isRefused(speaking.registry, f, cause.first)).slice(0, 3)
    const figures = refused.map(({ id, title }) =>
      message('finding.implausible.figure', {
        figure: title,
        value: asSent(id, valueOf(speaking, id, cause.first)),
      }),
    )
    return {
      what: message('finding.implausible', { gpus: cause.gpuCount }),
      by: figures.length === 0 ? null : listed(figures),
      nextStep: message('finding.implausible.next'),
    }
  },
  xid({ xids }, cause) {
    const record = xids.records(cause.first).find(({ code }) => String(code) === cause.cause)
    const { code, name, nextStep } = xidMeaning(Number(cause.cause))
    return {
      what: message('finding.xid', { code: String(code), name, gpus: cause.gpuCount }),
      by: record?.count ? message('finding.xid.by', { count: record.count }) : null,
      nextStep,
    }
  },
  thermal: (speaking, cause) => ({
    what: message('finding.thermal', { gpus: cause.gpuCount }),
    by: reasons(speaking, cause.first, THERMAL_REASONS),
    nextStep: COOLING,
  }),
  slowdown: (speaking, cause) => ({
    what: message('finding.slowdown', { gpus: cause.gpuCount }),
    by: reasons(speaking, cause.first, SLOWDOWN_REASONS),
    nextStep: message('finding.slowdown.next'),
  }),
  ecc: (speaking, cause) => ({
    what: message('finding.ecc', { gpus: cause.gpuCount }),
    by: sinceReset(valueOf(speaking, 'eccDbe', cause.first)),
    nextStep: message('finding.ecc.next'),
  }),
  remapFailed: (_, cause) => ({
    what: message('finding.remapFailed', { gpus: cause.gpuCount }),
    by: null,
    nextStep: message('finding.remapFailed.next'),
  }),
  hot: threshold(COOLING),
  power: threshold(THRESHOLDS),
  limit: threshold(THRESHOLDS),
  identityChanged({ registry }, { first, gpuCount }) {
    const unit = registry.units[first]
    const uuid = unit?.uuid ?? ''
    const past = unit?.pastUuids[0] ?? registry.hostOf(first).listedUuids[unit?.slot ?? -1]
    return {
      what: message('finding.identityChanged', { gpus: gpuCount }),
      by: past
        ? message('finding.identityChanged.by.past', { uuid, past })
        : message('finding.identityChanged.by', { uuid }),
      nextStep: message('finding.identityChanged.next'),
    }
  },
  typeMismatch: ({ registry }, cause) => ({
    what: message('finding.typeMismatch', { gpus: cause.gpuCount }),
    by: message('finding.typeMismatch.by', {
      type: gpuTypeOf(registry.units[cause.first]?.modelName ?? '').name,
      listed: registry.hostOf(cause.first).expectedType ?? '',
    }),
    nextStep: message('finding.typeMismatch.next'),
  }),
  busyButIdle: (speaking, cause) => ({
    what: message('finding.busyButIdle', { gpus: cause.gpuCount }),
    by: message('finding.busyButIdle.by', {
      power: fieldText('power', valueOf(speaking, 'power', cause.first)),
      utilisation: fieldText('gpuUtil', valueOf(speaking, 'gpuUtil', cause.first)),
    }),
    nextStep: message('finding.busyButIdle.next'),
  }),
  source: ({ registry }) => ({
    what: message('finding.full', { most: registry.mostUnits }),
    by: null,
    nextStep: message('finding.full.next'),
  }),
}

function silent(speaking: Speaking, cause: Cause): Message {
  const gpus = cause.gpuCount
  if (!wasSeen(speaking, cause)) return message('finding.stale.never', { gpus })
  const values = { silence: silence(speaking, cause), gpus }
  const trouble = troubleText(speaking, cause)
  return trouble === ''
    ? message('finding.stale', values)
    : message('finding.stale.trouble', { ...values, trouble })
}

function neverSeen({ silentThen }: Host): Message {
  return silentThen === 0
    ? message('finding.missing.never')
    : message('finding.missing.never.silent', { silent: silentThen })
}

/** "SM activity 0 % at 99 % GPU utilisation and 641 W": the figures that contradict one another. */
function profilingWords(speaking: Speaking, cause: Cause): Words {
  const text = (id: FieldId): string => fieldText(id, valueOf(speaking, id, cause.first))
  const zero = (['smActive', 'grActive'] as const).find((id) => valueOf(speaking, id, cause.first) === 0)
  const against = [
    ...(valueOf(speaking, 'gpuUtil', cause.first) > 0
      ? [message('finding.profiling.utilisation', { value: text('gpuUtil') })]
      : []),
    ...(valueOf(speaking, 'power', cause.first) > 0 ? [text('power')] : []),
  ]
  return {
    what: message('finding.profiling', { gpus: cause.gpuCount }),
    by:
      zero === undefined
        ? null
        : message('finding.profiling.by', { figure: field(zero).title, value: text(zero), against }),
    nextStep: message('finding.profiling.next'),
  }
}

function valueOf({ registry }: Speaking, id: FieldId, unit: number): number {
  return registry.columns.value[fieldCode(id)]?.[unit] ?? Number.NaN
}

/** None in the moment after a reset, when the condition is about to leave. */
function sinceReset(errors: number): Message | null {
  return errors > 0 ? message('finding.ecc.by', { errors }) : null
}

function measured(speaking: Speaking, rule: Limit, unit: number): Message {
  const value = valueOf(speaking, rule.field, unit)
  return beyond(rule, value, rule.advisory, true)
    ? message('finding.limit.by', {
        value: fieldText(rule.field, value),
        limit: fieldText(rule.field, limitAt(rule, value)),
      })
    : said(fieldText(rule.field, value))
}

function reasons(speaking: Speaking, unit: number, mask: number): Message | null {
  const bits = valueOf(speaking, 'clockEvents', unit)
  const names = CLOCK_EVENT_REASONS.filter(({ bit }) => (bits & bit & mask) !== 0).map(({ name }) => name)
  return names.length === 0 ? null : listed(names)
}

/** What an exporter sent: not every number that it can print is a figure. */
function asSent(id: FieldId, value: number): string {
  const text = fieldText(id, value)
  return text === NO_FIGURE ? String(value) : text
}

import { defaultPairs, reachOf } from '../../shared/model/burnPairs.ts'
import { percentText } from '../../shared/model/objectiveWords.ts'
import type { Objective, ObjectiveKind, ObjectiveSource, Pair } from '../../shared/model/objective.ts'
import { inWords } from '../../shared/model/phrases.ts'
import { parseDuration } from './duration.ts'
import type { ObjectiveSection } from './objectiveSchema.ts'
import { quoted } from './problems.ts'
import type { Reporter } from './reporter.ts'
import type { ObjectiveOptions } from './types.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS
/** A pair that needs more than this to be bad is unlikely to fire in time. */
const WORTH_A_WORD = 0.5
const MEASURED = ['latency', 'availability', 'errorTokens', 'promql'] as const

/** Which sections the objectives can measure by. */
export interface MeasuringSections {
  readonly metering: boolean
  readonly inference: boolean
  readonly prometheus: boolean
}

/** Checks and resolves `objectives:`; what is wrong is told with its line, and left out. */
export function resolveObjectives(
  sections: readonly ObjectiveSection[],
  there: MeasuringSections,
  report: Reporter,
): ObjectiveOptions[] {
  const names = new Set<string>()
  return sections.flatMap((section, index) => {
    const at = ['objectives', index] as const
    if (names.has(section.name)) {
      report.error(
        [...at, 'name'],
        `"${quoted(section.name)}" is there twice`,
        'Give each objective its own name.',
      )
      return []
    }
    names.add(section.name)
    const kind = kindOf(section, at, report)
    if (kind === null) return []
    const source = sourceOf(section, kind, there, at, report)
    const windowDays = windowOf(section, at, report)
    const thresholdMs = section.latency === undefined ? null : thresholdOf(section.latency.within, at, report)
    const promql = section.promql === undefined ? null : promqlOf(section.promql, at, report)
    const pairs = pairsOf(section, windowDays, at, report)
    if (kind === 'ratio' && (section.model ?? section.endpoint ?? section.tenant) !== undefined) {
      report.error(
        at,
        'a pair of PromQL cannot be narrowed from outside',
        'Write the labels into its expressions.',
      )
    }
    return [
      {
        id: section.name,
        name: section.title ?? section.name,
        kind,
        ...(section.latency === undefined || thresholdMs === null
          ? {}
          : { latency: { kind: section.latency.kind, thresholdMs } }),
        target: section.target,
        scope: scopeOf(section),
        source,
        windowDays,
        pairs,
        minBad: section.minBad,
        promql,
        rejectionsAreBad: section.availability?.rejections === 'bad',
      },
    ]
  })
}

type Place = readonly ['objectives', number]

function kindOf(section: ObjectiveSection, at: Place, report: Reporter): ObjectiveKind | null {
  const named = MEASURED.filter((what) => section[what] !== undefined)
  const [only] = named
  if (named.length === 1 && only !== undefined) return only === 'promql' ? 'ratio' : only
  const text =
    named.length === 0 ? 'it is not said what is counted' : `${named.join(' and ')} stand side by side`
  report.error(at, text, `Give exactly one of ${MEASURED.join(', ')}.`)
  return null
}

function sourceOf(
  section: ObjectiveSection,
  kind: ObjectiveKind,
  there: MeasuringSections,
  at: Place,
  report: Reporter,
): ObjectiveSource {
  if (kind === 'ratio') {
    if (section.source !== undefined) {
      report.error([...at, 'source'], 'a pair of PromQL is asked of Prometheus', 'Remove source.')
    }
    if (!there.prometheus) missing('prometheus', [...at, 'promql'], report)
    return 'promql'
  }
  const source = section.source ?? (there.metering || kind !== 'latency' ? 'metering' : 'servers')
  const place = section.source === undefined ? at : [...at, 'source']
  if (source === 'metering') {
    if (!there.metering) missing('metering', place, report)
    return source
  }
  if (!there.inference) missing('inference', place, report)
  if (kind !== 'latency') {
    report.error(
      [...at, 'source'],
      `inference servers cannot tell ${kind}: what never reached them, or was cut off, is not in their counters`,
      'Measure it at the gateway: source: metering, or a pair of promql.',
    )
  }
  if (section.tenant !== undefined) {
    report.error(
      [...at, 'tenant'],
      'inference servers know no tenants',
      'Remove it, or measure at the gateway: source: metering.',
    )
  }
  return source
}

function missing(section: string, place: readonly PropertyKey[], report: Reporter): void {
  report.error(place, `it is measured by ${section}:, and there is none`, `Add ${section}: to the file.`)
}

function windowOf({ window }: ObjectiveSection, at: Place, report: Reporter): number {
  const days = (parseDuration(window) ?? 0) / DAY_MS
  if (Number.isInteger(days) && days >= 1 && days <= 90) return days
  report.error(
    [...at, 'window'],
    `${quoted(window)} is no whole number of days between 1 and 90`,
    'Write 30d.',
  )
  return 30
}

function thresholdOf(within: string, at: Place, report: Reporter): number {
  const ms = parseDuration(within) ?? 0
  if (ms < 1 || ms > DAY_MS) {
    report.error(
      [...at, 'latency', 'within'],
      `${quoted(within)} is out of bounds`,
      'Choose between 1ms and 1d.',
    )
  }
  return ms
}

function promqlOf(
  { good, bad, total, window }: NonNullable<ObjectiveSection['promql']>,
  at: Place,
  report: Reporter,
): ObjectiveOptions['promql'] {
  const place = [...at, 'promql'] as const
  if ((good === undefined) === (bad === undefined)) {
    report.error(place, 'expected total, and exactly one of good and bad', 'Remove one, or add one.')
  }
  for (const [key, text] of Object.entries({ good, bad, total })) {
    if (text !== undefined && !text.includes('$window')) {
      report.error(
        [...place, key],
        'without $window it is not known over which time it counts',
        'Write sum(increase(...[$window])).',
      )
    }
  }
  const windowMs = parseDuration(window) ?? 0
  if (windowMs < MINUTE_MS || windowMs > 60 * MINUTE_MS || 60 % (windowMs / MINUTE_MS) !== 0) {
    report.error(
      [...place, 'window'],
      `${quoted(window)} is no part of an hour in whole minutes`,
      'Write 1m, 5m or 15m.',
    )
  }
  return { ...(good === undefined ? { bad: bad ?? '' } : { good }), total, windowMs }
}

function pairsOf(
  { pairs, target }: ObjectiveSection,
  windowDays: number,
  at: Place,
  report: Reporter,
): Pair[] {
  if (pairs === undefined) return defaultPairs(target, windowDays)
  return pairs
    .map((pair, index): Pair => {
      const place = [...at, 'pairs', index] as const
      const longMs = minutesOf(pair.long, [...place, 'long'], report)
      const shortMs = minutesOf(pair.short, [...place, 'short'], report)
      if (shortMs >= longMs) {
        report.error(
          [...place, 'short'],
          `${pair.short} is not shorter than ${pair.long}`,
          'A twelfth is usual.',
        )
      }
      if (longMs > windowDays * DAY_MS) {
        report.error(
          [...place, 'long'],
          `${pair.long} is longer than the period of ${windowDays} d`,
          'Shorten it.',
        )
      }
      checkReach({ longMs, factor: pair.factor }, target, [...place, 'factor'], report)
      return { longMs, shortMs, factor: pair.factor, severity: pair.severity }
    })
    .toSorted((a, b) => (a.severity === b.severity ? a.longMs - b.longMs : a.severity === 'page' ? -1 : 1))
}

function minutesOf(text: string, place: readonly PropertyKey[], report: Reporter): number {
  const ms = parseDuration(text) ?? 0
  if (ms >= MINUTE_MS && ms % MINUTE_MS === 0) return ms
  report.error(
    place,
    `${quoted(text)} is no whole number of minutes`,
    'Minutes are what is kept: write 5m or 1h.',
  )
  return MINUTE_MS
}

/** A page that can never fire is refused, and one that needs an absurd share of failures has it said. */
function checkReach(
  pair: Pick<Pair, 'longMs' | 'factor'>,
  target: number,
  place: readonly PropertyKey[],
  report: Reporter,
): void {
  const { mostBurn, badShare, firesAfterMs } = reachOf(pair, target)
  const arithmetic = `a burn cannot exceed 1 ÷ (1 − ${Number(target.toPrecision(8))}) = ${Number(mostBurn.toPrecision(4))}`
  if (badShare >= 1 - 1e-9) {
    report.error(
      place,
      `${pair.factor} can never fire: ${arithmetic}`,
      `Choose a factor below ${Number((WORTH_A_WORD * mostBurn).toPrecision(3))}, so that half of all being bad is enough.`,
    )
  } else if (badShare > WORTH_A_WORD) {
    report.warn(
      place,
      `${pair.factor} fires only when more than ${percentText(Number(badShare.toPrecision(3)))} are bad (${arithmetic}), and then after ${inWords(firesAfterMs)} with everything bad`,
      `A factor of ${Number((WORTH_A_WORD * mostBurn).toPrecision(3))} fires when half are bad.`,
    )
  }
}

function scopeOf({ model, endpoint, tenant }: ObjectiveSection): Objective['scope'] {
  return {
    ...(model === undefined ? {} : { model }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(tenant === undefined ? {} : { tenant }),
  }
}

import type { SourceHealth } from '../../../shared/model/source.ts'
import { grouped, plural } from '../../../shared/model/phrases.ts'
import type { WatchResult } from './observe.ts'
import {
  cadence,
  doubts,
  isAnswering,
  isTroubled,
  type Part,
  partOf,
  slowestOf,
  troubles,
  warnings,
} from './telling.ts'
import { describeTokens, type TokensFound } from './tokensVerdict.ts'

/** One of the two ways to the floor, as it was found. */
export interface WayFound {
  readonly way: 'prometheus' | 'exporters'
  readonly observation: WatchResult
  /** A sentence on who answers at the address of Prometheus. */
  readonly identity?: string
}

export interface CheckVerdict {
  readonly ok: boolean
  readonly lines: readonly string[]
}

/** What a person reads after `floorwatch check`: each source, the roll-call, and one line to act on. */
export function describeCheck(
  found: readonly WayFound[],
  tokensFound: readonly TokensFound[] = [],
  objectives: readonly Part[] = [],
): CheckVerdict {
  const floor = found.map(describeWay)
  const parts = [...floor, ...tokensFound.map(describeTokens), ...objectives]
  const ok = parts.length > 0 && parts.every((part) => part.ok)
  return { ok, lines: [...parts.flatMap((part) => part.lines), '', lastWord(floor, parts)] }
}

function describeWay({ way, observation, identity }: WayFound): Part {
  const title = way === 'prometheus' ? 'Prometheus' : 'Exporters'
  const { sources, status, complete } = observation
  const troubled = sources.filter(isTroubled)
  const measured = sources.filter(({ kind }) => kind !== 'discovery')
  const answering = measured.filter(isAnswering)
  const roll = status?.rollCall
  const gpus = roll?.present ?? 0
  const complaints = [
    ...(answering.length > 0 && gpus === 0
      ? ['No GPU was found in the answers. Does this address have DCGM_FI_ series (dcgm-exporter)?']
      : []),
    ...(roll !== undefined && roll.missing > 0
      ? [
          `${grouped(roll.missing)} listed ${roll.missing === 1 ? 'GPU is' : 'GPUs are'} missing: compare the inventory with the floor.`,
        ]
      : []),
    ...(complete ? [] : ['Not every source could be asked in time: the deadline passed.']),
  ]
  const ok = troubled.length === 0 && answering.length > 0 && complaints.length === 0
  return partOf({ title, ok, gpus, summary: summary(measured, answering.length, way) }, [
    ...(identity === undefined ? [] : [identity]),
    ...(roll === undefined || answering.length === 0 ? [] : [rollCallText(roll)]),
    ...cadence(sources),
    ...troubles(troubled),
    ...doubts(sources),
    ...warnings(sources),
    ...complaints,
  ])
}

function summary(sources: readonly SourceHealth[], answering: number, way: WayFound['way']): string {
  const [first] = sources
  if (first === undefined) return 'no address was found to ask (an empty discovery?)'
  const samples = sources.reduce((sum, source) => sum + (source.samples ?? 0), 0)
  if (way === 'prometheus' && sources.length === 1) {
    return answering === 1
      ? `${first.address} answers in ${Math.round(first.latencyMs ?? 0)} ms with ${grouped(samples)} series`
      : `${first.address} does not answer as it should`
  }
  const verb = sources.length === 1 ? 'answers' : 'answer'
  return `${grouped(answering)} of ${grouped(sources.length)} ${verb}${slowestOf(sources)}, ${grouped(samples)} series`
}

function rollCallText(roll: NonNullable<WatchResult['status']>['rollCall']): string {
  if (roll.expected === null) return `${plural(roll.present, 'GPU')} seen; no inventory to compare with.`
  return (
    `Roll-call: ${grouped(roll.expected)} expected, ${grouped(roll.present)} present, ` +
    `${grouped(roll.missing)} missing, ${grouped(roll.unexpected)} unexpected.`
  )
}

function lastWord(floor: readonly Part[], parts: readonly Part[]): string {
  const failing = parts.filter((part) => !part.ok).map((part) => part.title)
  if (parts.length === 0) return 'Nothing is configured that could be asked.'
  if (failing.length === 0) return 'Everything that is configured answers.'
  const seen = floor.filter((part) => part.gpus > 0).map((part) => part.title)
  const where = failing.join(' and ')
  if (seen.length > 0) {
    return `The floor can be seen (${seen.join(', ')}), but not everything is in order: see ${where} above.`
  }
  const what = floor.length > 0 ? 'The floor cannot be seen' : 'Not everything is in order'
  return `${what}: mend ${where} as told above, then run the check again.`
}

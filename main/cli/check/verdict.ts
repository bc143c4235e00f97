import type { SourceHealth } from '../../../shared/model/source.ts'
import type { Observation } from './observe.ts'
import { wasAsked } from './observe.ts'

/** One of the two ways to the floor, as it was found. */
export interface WayFound {
  readonly way: 'prometheus' | 'exporters'
  readonly observation: Observation
  /** A sentence on who answers at the address of Prometheus. */
  readonly identity?: string
}

export interface CheckVerdict {
  readonly ok: boolean
  readonly lines: readonly string[]
}

/** Sources that failed alike are told once with their number; so many kinds of trouble, so many examples of each. */
const MAX_TROUBLES = 12
const MAX_NAMES = 3

/** What a person reads after `floorwatch check`: each source, the roll-call, and one line to act on. */
export function describeCheck(found: readonly WayFound[]): CheckVerdict {
  const parts = found.map(describeWay)
  const lines = parts.flatMap((part) => part.lines)
  const working = parts.filter((part) => part.gpus > 0)
  const ok = parts.length > 0 && parts.every((part) => part.ok)
  return { ok, lines: [...lines, '', lastWord(parts, working.length, ok)] }
}

interface Part {
  readonly title: string
  readonly ok: boolean
  readonly gpus: number
  readonly lines: readonly string[]
}

function describeWay({ way, observation, identity }: WayFound): Part {
  const title = way === 'prometheus' ? 'Prometheus' : 'Exporters'
  const { sources, status, complete } = observation
  const troubled = sources.filter((source) => source.error !== null || !wasAsked(source))
  const warned = sources.filter((source) => source.error === null && source.warnings.length > 0)
  const measured = sources.filter(({ kind }) => kind !== 'discovery')
  const answering = measured.filter((source) => source.error === null && source.lastSuccessAt !== null)
  const roll = status?.rollCall
  const gpus = roll?.present ?? 0
  const complaints = [
    ...(answering.length > 0 && gpus === 0
      ? ['No GPU was found in the answers. Does this address have DCGM_FI_ series (dcgm-exporter)?']
      : []),
    ...(roll !== undefined && roll.missing > 0
      ? [
          `${count(roll.missing)} listed ${plural(roll.missing, 'GPU is', 'GPUs are')} missing: compare the inventory with the floor.`,
        ]
      : []),
    ...(complete ? [] : ['Not every source could be asked in time: the deadline passed.']),
  ]
  const ok = troubled.length === 0 && answering.length > 0 && complaints.length === 0
  return {
    title,
    ok,
    gpus,
    lines: [
      `${mark(ok)} ${title}: ${summary(measured, answering.length, way)}`,
      ...(identity === undefined ? [] : [`       ${identity}`]),
      ...(roll === undefined || answering.length === 0 ? [] : [`       ${rollCallText(roll)}`]),
      ...troubles(troubled).map((line) => `       ${line}`),
      ...warnings(warned).map((line) => `       ${line}`),
      ...complaints.map((line) => `       ${line}`),
    ],
  }
}

function summary(sources: readonly SourceHealth[], answering: number, way: WayFound['way']): string {
  const [first] = sources
  if (first === undefined) return 'no address was found to ask (an empty discovery?)'
  const latencies = sources.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))
  const slowest = latencies.length === 0 ? '' : `, the slowest in ${Math.round(Math.max(...latencies))} ms`
  const samples = sources.reduce((sum, source) => sum + (source.samples ?? 0), 0)
  if (way === 'prometheus' && sources.length === 1) {
    return answering === 1
      ? `${first.address} answers in ${Math.round(first.latencyMs ?? 0)} ms with ${count(samples)} series`
      : `${first.address} does not answer as it should`
  }
  return `${count(answering)} of ${count(sources.length)} ${plural(sources.length, 'answers', 'answer')}${slowest}, ${count(samples)} series`
}

function rollCallText(roll: NonNullable<Observation['status']>['rollCall']): string {
  if (roll.expected === null)
    return `${count(roll.present)} ${plural(roll.present, 'GPU', 'GPUs')} seen; no inventory to compare with.`
  return (
    `Roll-call: ${count(roll.expected)} expected, ${count(roll.present)} present, ` +
    `${count(roll.missing)} missing, ${count(roll.unexpected)} unexpected.`
  )
}

/** Alike failures together, the commonest first. */
function troubles(sources: readonly SourceHealth[]): string[] {
  const groups = new Map<string, SourceHealth[]>()
  for (const source of sources) {
    const key = source.error?.code ?? 'not asked'
    groups.set(key, [...(groups.get(key) ?? []), source])
  }
  const sorted = [...groups.values()].toSorted((a, b) => b.length - a.length)
  const told = sorted.slice(0, MAX_TROUBLES).map((group) => {
    const [first] = group
    const text = first?.error
      ? `${first.error.text} ${first.error.nextStep}`
      : `${first?.name ?? ''} was not asked in time.`
    const others = group.slice(1, MAX_NAMES).map((source) => source.name)
    const rest = group.length - 1 - others.length
    if (others.length === 0) return text
    return `${text} The same: ${others.join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''}.`
  })
  const hidden = sorted.length - told.length
  return hidden > 0 ? [...told, `... and ${hidden} more kinds of trouble.`] : told
}

function warnings(sources: readonly SourceHealth[]): string[] {
  return [
    ...new Set(sources.flatMap((source) => source.warnings.map((text) => `${source.name}: ${text}`))),
  ].slice(0, MAX_TROUBLES)
}

function lastWord(parts: readonly Part[], working: number, ok: boolean): string {
  if (ok) return 'Everything that is configured answers.'
  const failing = parts.filter((part) => !part.ok).map((part) => part.title)
  if (working === 0)
    return `The floor cannot be seen: mend ${failing.join(' and ')} as told above, then run the check again.`
  const seen = parts.filter((part) => part.gpus > 0).map((part) => part.title)
  return `The floor can be seen (${seen.join(', ')}), but not everything is in order: see ${failing.join(' and ')} above.`
}

function mark(ok: boolean): string {
  return ok ? 'ok    ' : 'FAILED'
}

function count(value: number): string {
  return value.toLocaleString('en-GB')
}

function plural(value: number, one: string, many: string): string {
  return value === 1 ? one : many
}

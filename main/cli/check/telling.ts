import type { SourceHealth } from '../../../shared/model/source.ts'
import { grouped, inWords } from '../../../shared/model/phrases.ts'
import { wasAsked } from './observe.ts'
import { textOf } from '../../../shared/messages/format.ts'

/** What was found of one part of a configuration, in the lines that a person reads. */
export interface Part {
  readonly title: string
  readonly ok: boolean
  /** Of the floor; 0 for a part that shows none. */
  readonly gpus: number
  readonly lines: readonly string[]
}

/** Sources that failed alike are told once with their number; so many kinds of trouble, so many examples of each. */
const MAX_TROUBLES = 12
const MAX_NAMES = 3

/** One line that says how it is, and under it what there is to say. */
export function partOf(
  head: Pick<Part, 'title' | 'ok'> & { readonly gpus?: number; readonly summary: string },
  details: readonly string[],
): Part {
  const { title, ok, gpus = 0, summary } = head
  const mark = ok ? 'ok    ' : 'FAILED'
  return {
    title,
    ok,
    gpus,
    lines: [`${mark} ${title}: ${summary}`, ...details.map((line) => `       ${line}`)],
  }
}

export function isTroubled(source: SourceHealth): boolean {
  return source.error !== null || !wasAsked(source)
}

export function isAnswering(source: SourceHealth): boolean {
  return source.error === null && source.lastSuccessAt !== null
}

/** Alike failures together, the commonest first. */
export function troubles(sources: readonly SourceHealth[]): string[] {
  const groups = new Map<string, SourceHealth[]>()
  for (const source of sources) {
    const key = source.error?.code ?? 'not asked'
    groups.set(key, [...(groups.get(key) ?? []), source])
  }
  const sorted = [...groups.values()].toSorted((a, b) => b.length - a.length)
  const told = sorted.slice(0, MAX_TROUBLES).map((group) => {
    const [first] = group
    const text = first?.error
      ? `${sentence(first.error.text)} ${first.error.nextStep}`
      : `${first?.name ?? ''} was not asked in time.`
    const others = group.slice(1, MAX_NAMES).map((source) => source.name)
    const rest = group.length - 1 - others.length
    if (others.length === 0) return text
    return `${text} The same: ${others.join(', ')}${rest > 0 ? ` and ${grouped(rest)} more` : ''}.`
  })
  const hidden = sorted.length - told.length
  return hidden > 0 ? [...told, `... and ${hidden} more kinds of trouble.`] : told
}

export function warnings(sources: readonly SourceHealth[]): string[] {
  const told = sources
    .filter((source) => source.error === null)
    .flatMap((source) => source.warnings.map((text) => `${source.name}: ${text}`))
  return [...new Set(told)].slice(0, MAX_TROUBLES)
}

/** What sources contradict themselves in, or were refused; alike doubts once. */
export function doubts(sources: readonly SourceHealth[]): string[] {
  const told = sources.flatMap((source) =>
    source.doubts.map(
      ({ what, by, nextStep }) =>
        `${sentence(by === null ? textOf(what) : `${textOf(what)} (${textOf(by)})`)} ${textOf(nextStep)}`,
    ),
  )
  return [...new Set(told)].slice(0, MAX_TROUBLES)
}

/** How often Prometheus has a new sample, where that is known: figures are stale by two and a half of them. */
export function cadence(sources: readonly SourceHealth[]): string[] {
  const known = sources.flatMap(({ kind, cadenceMs }) =>
    kind === 'prometheus' && cadenceMs !== null ? [cadenceMs] : [],
  )
  if (known.length === 0) return []
  return [
    `A new sample every ${inWords(Math.min(...known))}; figures older than two and a half of them are stale.`,
  ]
}

/** ", the slowest in 12 ms" */
export function slowestOf(sources: readonly SourceHealth[]): string {
  const latencies = sources.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))
  return latencies.length === 0 ? '' : `, the slowest in ${Math.round(Math.max(...latencies))} ms`
}

/** Texts of sources end without a stop; the next step follows as a sentence of its own. */
export function sentence(text: string): string {
  return /[.?:]$/.test(text) ? text : `${text}.`
}

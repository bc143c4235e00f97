import { create } from 'zustand'
import { type SourceHealth, type SourceState, SOURCE_STATES } from '../../shared/model/source.ts'
import { textOf } from '../../shared/messages/format.ts'

/** What the sources view is narrowed to. */
interface SourcesFilter {
  readonly query: string
  /** Empty: all states. */
  readonly states: ReadonlySet<SourceState>
}

export const NO_FILTER: SourcesFilter = { query: '', states: new Set() }

/** Survives a change of the view, so that coming back finds the same list. */
export const useSourcesFilter = create<SourcesFilter>(() => NO_FILTER)

/** What needs a person first. */
const WORST_FIRST: readonly SourceState[] = ['backoff', 'failing', 'slow', 'unknown', 'standby', 'ok']
const badness = new Map(WORST_FIRST.map((state, index) => [state, index]))
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Worst state first; within one, Prometheus before exporters, the longest unanswered first, then by name. */
export function worstFirst(sources: readonly SourceHealth[]): readonly SourceHealth[] {
  return sources.toSorted(
    (a, b) =>
      (badness.get(a.state) ?? 0) - (badness.get(b.state) ?? 0) ||
      doubtOf(b) - doubtOf(a) ||
      kindOrder(a) - kindOrder(b) ||
      b.consecutiveFailures - a.consecutiveFailures ||
      collator.compare(a.name, b.name),
  )
}

/** How bad what is doubted of a source is: 2 critical, 1 advisory, 0 nothing. */
function doubtOf({ doubts }: SourceHealth): number {
  if (doubts.some(({ severity }) => severity === 'critical')) return 2
  return doubts.length > 0 ? 1 : 0
}

function kindOrder({ kind }: SourceHealth): number {
  return kind === 'prometheus' ? 0 : kind === 'discovery' ? 1 : 2
}

export function compareStates(a: SourceState, b: SourceState): number {
  return (badness.get(a) ?? 0) - (badness.get(b) ?? 0)
}

/** Every word of the query has to stand in the name, address, kind, state, error or what is doubted. */
export function filterSources(
  sources: readonly SourceHealth[],
  { query, states }: SourcesFilter,
): readonly SourceHealth[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return sources.filter((source) => {
    if (states.size > 0 && !states.has(source.state)) return false
    if (words.length === 0) return true
    const doubts = source.doubts.map(({ code, what }) => `${code} ${textOf(what)}`)
    const text = [source.name, source.address, source.kind, source.state, source.error?.text ?? '', ...doubts]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

export function countByState(
  sources: readonly { readonly state: SourceState }[],
): Record<SourceState, number> {
  const counts = Object.fromEntries(SOURCE_STATES.map((state) => [state, 0])) as Record<SourceState, number>
  for (const { state } of sources) counts[state] += 1
  return counts
}

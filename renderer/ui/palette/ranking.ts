import { defaultFilter } from 'cmdk'
import type { Action, Finder } from '../keys/actions.ts'

export interface PaletteGroup {
  readonly title: string
  readonly actions: readonly Action[]
}

const MOST_FOUND = 50

/**
 * What the palette lists for a query: without one, what was chosen last and then everything by group; with one, the
 * best matches first, then what the finders know.
 */
export function paletteGroups(
  query: string,
  actions: readonly Action[],
  finders: readonly Finder[],
  recent: readonly string[],
): readonly PaletteGroup[] {
  const offered = [...new Map(actions.map((action) => [action.id, action])).values()].filter(
    (action) => action.keyboardOnly !== true && action.documentedOnly !== true,
  )
  const wanted = query.trim()
  if (wanted === '') return unasked(offered, recent)
  const matches = offered
    .map((action) => ({
      action,
      score: defaultFilter(action.title, wanted, [action.group, ...(action.keywords ?? [])]),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ action }) => action)
  const groups = [
    { title: 'Commands', actions: matches },
    ...finders.map(({ group, find }) => ({ title: group, actions: find(wanted).slice(0, MOST_FOUND) })),
  ]
  return groups.filter((group) => group.actions.length > 0)
}

function unasked(offered: readonly Action[], recent: readonly string[]): readonly PaletteGroup[] {
  const last = recent
    .map((id) => offered.find((action) => action.id === id))
    .filter((action) => action !== undefined)
  const rest = Map.groupBy(
    offered.filter((action) => !last.includes(action)),
    (action) => action.group,
  )
  const groups = [...rest].map(([title, entries]) => ({ title, actions: entries }))
  return last.length === 0 ? groups : [{ title: 'Recent', actions: last }, ...groups]
}

import { defaultFilter } from 'cmdk'
import { say } from '../../../shared/messages/format.ts'
import type { Action, Finder } from '../keys/actions.ts'
import type { Recent } from './recent.ts'

export interface PaletteGroup {
  readonly title: string
  readonly actions: readonly Action[]
  /** There is more of it than is listed. */
  readonly more: boolean
}

const MOST_ALONE = 50
/** Less than this is some letters that happen to stand in their order, far apart. */
const LEAST_LETTERS = 0.1
/** Where several kinds match, each has so many: all of them are seen at once. */
const MOST_OF_SEVERAL = 6

/**
 * What the palette lists for a query: without one, what was chosen last and then everything by group; with one, kinds
 * of things by their best match, and within each the best matches first.
 */
export function paletteGroups(
  query: string,
  actions: readonly Action[],
  finders: readonly Finder[],
  recent: readonly Recent[],
): readonly PaletteGroup[] {
  const unique = [...new Map(actions.map((action) => [action.id, action])).values()]
  const offered = unique.filter((action) => action.keyboardOnly !== true && action.documentedOnly !== true)
  const wanted = query.trim()
  if (wanted === '') return unasked(offered, recent)
  const keys = unique.filter((action) => !offered.includes(action) && action.step === undefined)
  const ranked = [
    { title: say('palette.group.actions'), found: ranking(offered, wanted, true) },
    ...finders.map(({ group, find }) => ({ title: group, found: ranking(find(wanted), wanted, false) })),
    { title: say('palette.group.keys'), found: ranking(keys, wanted, true) },
  ].filter(({ found }) => found.length > 0)
  const most = ranked.length > 1 ? MOST_OF_SEVERAL : MOST_ALONE
  return ranked
    .toSorted((a, b) => (b.found[0]?.score ?? 0) - (a.found[0]?.score ?? 0))
    .map(({ title, found }) => ({
      title,
      actions: found.slice(0, most).map(({ action }) => action),
      more: found.length > most,
    }))
}

function ranking(actions: readonly Action[], wanted: string, fuzzy: boolean) {
  return actions
    .map((action) => ({ action, score: scoreOf(action, wanted, fuzzy) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
}

/**
 * How well an action answers a query, 0 to 1: its whole name before its beginning, the beginning of a word before the
 * middle of one, and all of these before a few letters in their order.
 * @param fuzzy whether a few letters are enough; what a finder brings matches in its own way, and is never left out
 */
export function scoreOf(action: Action, wanted: string, fuzzy: boolean): number {
  const query = plain(wanted)
  const names = [action.title, action.keys ?? '', ...(action.keywords ?? [])].map(plain)
  const best = names.reduce((most, name) => Math.max(most, likeness(name, query)), 0)
  if (best > 0) return best
  // Keywords count whole: among many words some letters in their order are always found.
  const letters = defaultFilter(action.title, wanted)
  if (!fuzzy) return Math.max(letters * 0.3, 0.01)
  return letters < LEAST_LETTERS ? 0 : letters * 0.3
}

function likeness(name: string, query: string): number {
  if (query === '' || name === '') return 0
  if (name === query) return 1
  // Of two names that begin alike the shorter one is nearer.
  const share = (query.length / Math.max(name.length, 1)) * 0.05
  if (name.startsWith(query)) return 0.85 + share
  if (name.includes(` ${query}`)) return 0.7 + share
  if (name.includes(query)) return 0.5 + share
  const words = query.split(' ')
  return words.length > 1 && words.every((word) => name.includes(word)) ? 0.4 + share : 0
}

/** Lower case, single spaces, and no signs that only part one thing from the next: "h-0312 · GPU 3". */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[·$[\]()]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function unasked(offered: readonly Action[], recent: readonly Recent[]): readonly PaletteGroup[] {
  const last = recent
    .map((one) => offered.find((action) => action.id === one.id) ?? asAction(one))
    .filter((action) => action !== null)
  const known = new Set(last.map(({ id }) => id))
  const rest = Map.groupBy(
    offered.filter(({ id }) => !known.has(id)),
    (action) => action.group,
  )
  const groups = [...rest].map(([title, entries]) => ({ title, actions: entries, more: false }))
  return last.length === 0
    ? groups
    : [{ title: say('palette.group.recent'), actions: last, more: false }, ...groups]
}

/** A thing that was found and is not offered by itself; null for an action that there is not in this view. */
function asAction({ id, title, group, to }: Recent): Action | null {
  return to === null ? null : { id, title, group, to, run: () => undefined }
}

import { create } from 'zustand'

export const VIEWS = [
  'floor',
  'incidents',
  'tokens',
  'yield',
  'tenants',
  'slo',
  'throttles',
  'audit',
  'sources',
  'setup',
] as const
export type View = (typeof VIEWS)[number]

export interface Route {
  /** null: nothing was asked for; the shell chooses by what the engine is doing. */
  readonly view: View | null
  /** What is selected or filtered in the view. A link shows things, it never does anything. */
  readonly params: Readonly<Record<string, string>>
}

/** A name of 3,000 characters in percent-encoding still leads where it says. */
const LONGEST_HASH = 40_000
const MOST_PARAMS = 16

/** `#/sources?source=exporter-7`. What is not understood is left out: links come from chats and tickets. */
export function parseRoute(hash: string): Route {
  if (hash.length > LONGEST_HASH) return { view: null, params: {} }
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const view = VIEWS.find((name) => name === path) ?? null
  if (view === null) return { view: null, params: {} }
  return { view, params: Object.fromEntries([...new URLSearchParams(query)].slice(0, MOST_PARAMS)) }
}

export function formatRoute(view: View, params: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(params).toString()
  return `#/${view}${query === '' ? '' : `?${query}`}`
}

export const useNavigation = create<Route>(() => ({ view: null, params: {} }))

/** Goes to a view; the browser's back button returns. */
export function navigate(view: View, params: Readonly<Record<string, string>> = {}): void {
  location.hash = formatRoute(view, params)
}

/** Notes a selection of the view that is shown in the address, without a step of the back button. */
export function replaceParams(view: View, params: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', formatRoute(view, params))
  useNavigation.setState({ view, params })
}

/** Follows the address for as long as the page lives. */
export function startNavigation(page: Window): void {
  const follow = (): void => useNavigation.setState(parseRoute(page.location.hash))
  follow()
  page.addEventListener('hashchange', follow)
}

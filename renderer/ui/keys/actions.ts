import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { EscapeStep } from './escape.ts'

/**
 * Everything that a person can do, in one list: the keyboard, the palette and the key map all read it, so that none of
 * them can forget anything.
 */
export interface Action {
  /** Stable, for the palette's memory: `go.sources`. */
  readonly id: string
  readonly title: string
  readonly group: string
  /** As tinykeys reads them: `g h`, `$mod+k`, `[Shift]+?`. */
  readonly keys?: string
  readonly keywords?: readonly string[]
  /** Keys for the map only, such as j and k, which their component handles itself. */
  readonly documentedOnly?: boolean
  /** Listed in the key map, left out of the palette. */
  readonly keyboardOnly?: boolean
  /** Works while a dialog is open too. */
  readonly inDialog?: boolean
  /** Of what Esc does: when its turn is. */
  readonly step?: EscapeStep
  /** Asked when the key is pressed; without it the action can always be run. */
  readonly when?: () => boolean
  /** Where a found thing is, as an address within the page: chosen, it is gone to, and it can be remembered. */
  readonly to?: string
  /** What tells it from others of its name, or says how it is. */
  readonly detail?: string
  readonly run: () => void
}

/** Finds things too many to list, hosts or sources, as somebody types in the palette. */
export interface Finder {
  readonly id: string
  readonly group: string
  /** At most a few dozen, best first; called at every key stroke. */
  readonly find: (query: string) => readonly Action[]
}

interface Registry {
  readonly actions: readonly Action[]
  readonly finders: readonly Finder[]
}

export const useRegistry = create<Registry>(() => ({ actions: [], finders: [] }))

/** Offers actions while the component is mounted. Of two with the same keys the later mounted one is run. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  // Functions are left out by JSON: they change at every render and are looked up when they are called.
  const shape = JSON.stringify(actions)
  useEffect(() => {
    const entries: readonly Action[] = (JSON.parse(shape) as Omit<Action, 'run' | 'when'>[]).map(
      (action) => ({
        ...action,
        when: () => latest.current.find(({ id }) => id === action.id)?.when?.() ?? true,
        run: () => latest.current.find(({ id }) => id === action.id)?.run(),
      }),
    )
    useRegistry.setState(({ actions }) => ({ actions: [...actions, ...entries] }))
    return () =>
      useRegistry.setState(({ actions }) => ({
        actions: actions.filter((action) => !entries.includes(action)),
      }))
  }, [shape])
}

/** Offers a finder to the palette while the component is mounted. */
export function useFinder(finder: Finder): void {
  const latest = useRef(finder)
  useEffect(() => {
    latest.current = finder
  })
  const { id, group } = finder
  useEffect(() => {
    const entry: Finder = { id, group, find: (query) => latest.current.find(query) }
    useRegistry.setState(({ finders }) => ({ finders: [...finders, entry] }))
    return () => useRegistry.setState(({ finders }) => ({ finders: finders.filter((one) => one !== entry) }))
  }, [id, group])
}

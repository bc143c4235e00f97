import { useEffect, useSyncExternalStore } from 'react'
import type { Dimension } from '../../../shared/model/tokens.ts'
import { assignSlots, type Slots } from '../../state/tokens/slots.ts'
import type { Colours } from '../../ui/theme/colours.ts'

/** Of the theme's categories those that stay furthest apart when they lie on each other as areas. */
const AREAS = [
  'category1',
  'category2',
  'category3',
  'category4',
  'category6',
  'category7',
] as const satisfies readonly (keyof Colours)[]

/** For as long as the page lives, so that a name keeps its colour from range to range and from view to view. */
const memory = new Map<Dimension, Slots>()
/** Of those the ones that have a layer now: who has none has no colour beside it, whatever colour it had once. */
const present = new Map<Dimension, Slots>()
const listeners = new Set<() => void>()
const NOTHING: Slots = new Map()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The colours that names of a dimension have now. */
export function useSlotsOf(dimension: Dimension): Slots {
  return useSyncExternalStore(subscribe, () => present.get(dimension) ?? NOTHING)
}

/** Gives every name that has a layer its colour. */
export function useSlots(dimension: Dimension, names: readonly string[]): Slots {
  const key = JSON.stringify(names)
  const shown = useSlotsOf(dimension)
  useEffect(() => {
    const before = memory.get(dimension) ?? NOTHING
    const next = assignSlots(before, JSON.parse(key) as string[])
    const wanted = new Set(JSON.parse(key) as string[])
    const layers = new Map([...next].filter(([name]) => wanted.has(name)))
    const last = present.get(dimension) ?? NOTHING
    const same = layers.size === last.size && [...layers].every(([name, slot]) => last.get(name) === slot)
    memory.set(dimension, next)
    if (same) return
    present.set(dimension, layers)
    for (const listener of listeners) listener()
  }, [dimension, key])
  // A colour that two names of the picture hold from different times is settled by the effect above.
  return shown.size > 0 && names.every((name) => shown.has(name))
    ? shown
    : assignSlots(memory.get(dimension) ?? NOTHING, names)
}

export function slotColour(slots: Slots, name: string, colours: Colours): string {
  const slot = slots.get(name)
  const category = slot === undefined ? undefined : AREAS[slot]
  return category === undefined ? colours.categoryRest : colours[category]
}

import { create } from 'zustand'
import type { FieldId } from '../../shared/model/field.ts'
import { EMPTY_FILTER, type FloorFilter } from './fleet/filter.ts'
import { setMetric } from './preferences.ts'

interface FloorState {
  readonly filter: FloorFilter
  /** What is listed under the picture. */
  readonly list: 'findings' | 'gpus'
  /** Rows marked for comparison in one version of the topology; null for none. */
  readonly marked: { readonly version: number; readonly rows: readonly number[] } | null
}

/** What a person has set on the floor view; it survives going to another view and back. */
export const useFloor = create<FloorState>(() => ({
  filter: EMPTY_FILTER,
  list: 'findings',
  marked: null,
}))

/** @param field null lets the console choose: the figure of activity that most GPUs have */
export function setField(field: FieldId | null): void {
  setMetric(field)
  // A range belongs to the metric that it was drawn on.
  setFilter({ range: null })
}

export function setFilter(change: Partial<FloorFilter>): void {
  useFloor.setState(({ filter }) => ({ filter: { ...filter, ...change } }))
}

export function toggleList(): void {
  useFloor.setState(({ list }) => ({ list: list === 'findings' ? 'gpus' : 'findings' }))
}

export function clearFilter(): void {
  useFloor.setState({ filter: EMPTY_FILTER })
}

/** What the drawer shows, as it stands in the address: `gpu=h-0312/3` or `host=h-0312`. */
export type Place =
  | { readonly kind: 'gpu'; readonly host: string; readonly slot: number }
  | { readonly kind: 'host'; readonly host: string }

export function placeOf(params: Readonly<Record<string, string>>): Place | null {
  const { gpu, host } = params
  if (gpu !== undefined) {
    // A host name may hold a slash as well as anything else: the slot stands behind the last one.
    const slash = gpu.lastIndexOf('/')
    const slot = gpu.slice(slash + 1)
    return slash > 0 && /^\d{1,3}$/.test(slot)
      ? { kind: 'gpu', host: gpu.slice(0, slash), slot: Number(slot) }
      : null
  }
  return host === undefined || host === '' ? null : { kind: 'host', host }
}

export function placeParams(place: Place | null): Record<string, string> {
  if (place === null) return {}
  return place.kind === 'gpu' ? { gpu: `${place.host}/${place.slot}` } : { host: place.host }
}

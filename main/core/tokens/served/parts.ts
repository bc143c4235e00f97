import type { TypeShare } from './join.ts'
import type { Roles } from './roles.ts'
import type { Track } from './track.ts'

export const SERVED_MEASURED = ['input', 'output', 'requests'] as const
export type ServedMeasured = (typeof SERVED_MEASURED)[number]

/** What one server served between two times on GPUs of these types; not whole numbers. */
export interface ServedPart {
  /** Weights that add up to 1; '' where it is not mapped to a GPU. */
  readonly types: readonly TypeShare[]
  readonly grown: (what: ServedMeasured, fromMs: number, toMs: number) => number
}

export const NOWHERE: readonly TypeShare[] = [{ gpuType: '', weight: 1 }]

/**
 * A request that passes through several servers is counted once, where it is answered; the prompt that another server
 * read is put to that server's GPUs.
 */
export function partsOf(track: Track, roles: Roles): readonly ServedPart[] {
  const role = roles.of(track)
  if (role === 'prefill') return []
  const types = typesOr(track.types)
  const grown: ServedPart['grown'] = (what, from, to) => track.upTo(to, what) - track.upTo(from, what)
  if (role === null) return [{ types, grown }]
  const elsewhere: ServedPart['grown'] = (what, from, to) =>
    what === 'input' ? roles.readElsewhere(track, from, to) : 0
  return [
    { types, grown: (what, from, to) => grown(what, from, to) - elsewhere(what, from, to) },
    { types: typesOr(roles.prefillTypes(track)), grown: elsewhere },
  ]
}

export const typesOr = (types: readonly TypeShare[]) => (types.length > 0 ? types : NOWHERE)

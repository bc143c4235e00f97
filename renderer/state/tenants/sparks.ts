import { create } from 'zustand'

/** Tokens per second over the recent steps; null is a gap. */
export type Spark = readonly (number | null)[]

/** The contract's most tenants of one question. */
export const MOST_SPARKS = 120

interface Sparks {
  readonly byId: ReadonlyMap<string, Spark>
}

/** Beside the table and not in its rows: when shapes arrive, the shapes are drawn and no figure is. */
export const useSparks = create<Sparks>(() => ({ byId: new Map() }))

/** Adds what came; what is no longer asked for stays as long as there is room, for when somebody scrolls back. */
export function keepSparks(
  before: ReadonlyMap<string, Spark>,
  asked: readonly string[],
  values: readonly Spark[],
): ReadonlyMap<string, Spark> {
  const next = new Map(before)
  asked.forEach((id, index) => {
    const spark = values[index]
    next.delete(id)
    if (spark !== undefined) next.set(id, spark)
  })
  for (const id of next.keys()) {
    if (next.size <= 4 * MOST_SPARKS) break
    next.delete(id)
  }
  return next
}

/**
 * Whom to ask for: those in sight, in an order of their own, so that a change of places alone asks nothing new; and the
 * question stays as it is while it covers everybody in sight.
 */
export function sparksToAsk(asked: readonly string[], inSight: readonly string[]): readonly string[] {
  const known = new Set(asked)
  if (asked.length <= 2 * inSight.length && inSight.every((id) => known.has(id))) return asked
  return inSight.slice(0, MOST_SPARKS).toSorted()
}

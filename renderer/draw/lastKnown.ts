import { FIGURE } from '../../shared/model/figure.ts'

const made = new WeakMap<Uint8Array, Uint8Array>()

/**
 * FIGURE codes of a column that is not current any more: what was known is stale, what was not known stays what it is.
 * The same column gives the same result, because a picture asks several times for one painting.
 */
export function asStale(states: Uint8Array): Uint8Array {
  const known = made.get(states)
  if (known !== undefined) return known
  const stale = states.map((state) => (state === FIGURE.ok || state === FIGURE.zero ? FIGURE.stale : state))
  made.set(states, stale)
  return stale
}

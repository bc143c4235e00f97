import { FIGURE } from '../../../shared/model/figure.ts'

/**
 * How many known figures fall into each of `bins` equal parts of `range`; the outer bins also take what lies beyond, so
 * that every known figure is counted once.
 * @param mask rows to count, 1 each; null for all
 * @param rows the first rows only: physical GPUs stand before MIG instances
 */
export function distribution(
  values: Float32Array,
  states: Uint8Array,
  range: readonly [number, number],
  bins: number,
  mask: Uint8Array | null = null,
  rows: number = values.length,
): Uint32Array {
  const counts = new Uint32Array(bins)
  const [low, high] = range
  const scale = high > low ? bins / (high - low) : 0
  const last = bins - 1
  for (let row = 0; row < rows; row++) {
    if (mask !== null && mask[row] === 0) continue
    const state = states[row]
    if (state !== FIGURE.ok && state !== FIGURE.zero) continue
    const value = values[row] as number
    if (Number.isNaN(value)) continue
    const bin = Math.floor((value - low) * scale)
    const place = bin < 0 ? 0 : bin > last ? last : bin
    counts[place] = (counts[place] as number) + 1
  }
  return counts
}

/** Nearest-rank quantile of the first `count` of a sorted column; null for none. */
export function quantileOf(sorted: Float32Array, count: number, share: number): number | null {
  if (count === 0) return null
  const rank = Math.min(count - 1, Math.max(0, Math.ceil(share * count) - 1))
  return sorted[rank] as number
}

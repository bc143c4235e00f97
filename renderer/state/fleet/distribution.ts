import { FIGURE } from '../../../shared/model/figure.ts'

/**
 * How many known figures fall into each of `bins` equal parts of `range`; the outer bins also take what lies beyond, so
 * that every known figure is counted once.
 * @param mask rows to count, 1 each; null for all
 * @param rows the first rows only: physical GPUs stand before MIG instances
 * @param counted current figures, or those last known that are stale or stand still
 */
export function distribution(
  values: Float32Array,
  states: Uint8Array,
  range: readonly [number, number],
  bins: number,
  mask: Uint8Array | null = null,
  rows: number = values.length,
  counted: 'current' | 'stale' = 'current',
): Uint32Array {
  const counts = new Uint32Array(bins)
  const [low, high] = range
  const scale = high > low ? bins / (high - low) : 0
  const last = bins - 1
  for (let row = 0; row < rows; row++) {
    if (mask !== null && mask[row] === 0) continue
    const state = states[row]
    const fits = counted === 'stale' ? state === FIGURE.stale : state === FIGURE.ok || state === FIGURE.zero
    if (!fits) continue
    const value = values[row] as number
    if (Number.isNaN(value)) continue
    const bin = Math.floor((value - low) * scale)
    const place = bin < 0 ? 0 : bin > last ? last : bin
    counts[place] = (counts[place] as number) + 1
  }
  return counts
}

/**
 * Nearest-rank quantile of the first `count` values, which are reordered: a selection in linear time, because sorting
 * 100,000 values for two of them would cost a display frame. null for none.
 */
export function quantileOf(values: Float32Array, count: number, share: number): number | null {
  if (count === 0) return null
  const rank = Math.min(count - 1, Math.max(0, Math.ceil(share * count) - 1))
  let low = 0
  let high = count - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number
    let i = low
    let j = high
    while (i <= j) {
      while ((values[i] as number) < pivot) i++
      while ((values[j] as number) > pivot) j--
      if (i > j) break
      const swapped = values[i] as number
      values[i++] = values[j] as number
      values[j--] = swapped
    }
    if (rank <= j) high = j
    else if (rank >= i) low = i
    else break
  }
  return values[rank] as number
}

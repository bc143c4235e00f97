import { AT, WIDTH } from './measures.ts'

const { input, output, cachedInput, reasoning, requests, rejected, errors, errorTokens } = AT

/**
 * Sums of a period up to some part of it, in whole numbers, so that the pieces between any instants add up to the sums
 * and a part never exceeds its whole (cached input never the input, errors never the requests): tokens come with the
 * requests that they belong to.
 * @param sums rows of WIDTH sums, the one in question at `row`
 * @param part of the period that has passed, 0–1, ascending over calls
 * @param phase 0–1, spreads the single requests of many small streams over the period
 * @param into receives WIDTH numbers
 */
export function sumsUntil(
  sums: ArrayLike<number>,
  row: number,
  part: number,
  phase: number,
  into: Float64Array,
): void {
  const at = row * WIDTH
  const total = (measure: number) => sums[at + measure] ?? 0
  const arrivals = (count: number) => (part >= 1 ? count : part <= 0 ? 0 : Math.floor(count * part + phase))
  const done = arrivals(total(requests))
  const calls = total(requests)
  // Tokens without a request (its row was metered late) follow the time instead.
  const along = (count: number) =>
    calls > 0 ? proportion(count, done, calls) : part >= 1 ? count : Math.floor(count * Math.max(0, part))
  const inputs = along(total(input))
  const outputs = along(total(output))
  into[requests] = done
  into[input] = inputs
  into[output] = outputs
  into[rejected] = arrivals(total(rejected))
  into[cachedInput] = proportion(total(cachedInput), inputs, total(input))
  into[reasoning] = proportion(total(reasoning), outputs, total(output))
  into[errors] = proportion(total(errors), done, calls)
  into[errorTokens] = proportion(total(errorTokens), inputs + outputs, total(input) + total(output))
}

/** `count × done ÷ of` in whole numbers, all of it at the end. */
export function proportion(count: number, done: number, of: number): number {
  if (of === 0 || done >= of) return count
  return Math.floor((count * done) / of)
}

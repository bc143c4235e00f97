import type { Random } from '../../fuzz/random.ts'

/** Random figures of the kinds that traffic is made of. */

export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random.next()) * mean
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next()
}

/** Sizes of requests, tokens: whole, at least 1 and at most `most`. */
export type Sizes =
  | { readonly kind: 'lognormal'; readonly mean: number; readonly sigma: number; readonly most: number }
  | { readonly kind: 'pareto'; readonly mean: number; readonly tail: number; readonly most: number }

export function size(random: Random, sizes: Sizes): number {
  const drawn =
    sizes.kind === 'lognormal'
      ? sizes.mean * Math.exp(sizes.sigma * normal(random) - sizes.sigma ** 2 / 2)
      : (sizes.mean * (sizes.tail - 1)) / sizes.tail / (1 - random.next()) ** (1 / sizes.tail)
  return Math.max(1, Math.min(sizes.most, Math.round(drawn)))
}

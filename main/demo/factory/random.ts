/** Uniform and derived random numbers, a pure function of the seed and the stream's name. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number
  /** Uniform integer in [0, below). */
  readonly below: (limit: number) => number
  /** Mean 0, variance 1, never beyond ±3.5: measuring noise has no far tails. */
  readonly normal: () => number
  /** Gamma with this mean and coefficient of variation; the inter-arrival law of LLM clients (ServeGen). */
  readonly gamma: (mean: number, variation: number) => number
  /** Pareto from 1 upward, cut at `cap`: heavy-tailed burst sizes. */
  readonly pareto: (alpha: number, cap: number) => number
}

/**
 * xoshiro128** (Blackman and Vigna), seeded through SplitMix32 over an FNV-1a hash. Each concern draws from its own
 * stream, so that a change in one (a fault, one more tenant) leaves the random history of the others as it was.
 */
export function createRandom(seed: number, stream: string): Random {
  const mix = splitMix32(fnv1a(`${seed}/${stream}`))
  let a = mix()
  let b = mix()
  let c = mix()
  let d = mix() | 1

  function next(): number {
    const scaled = Math.imul(b, 5)
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return (result >>> 0) / 4_294_967_296
  }

  function normal(): number {
    return (next() + next() + next() + next() - 2) * Math.SQRT2 * 1.224_744_871_391_589
  }

  return {
    next,
    normal,
    below: (limit) => Math.floor(next() * limit),
    gamma: (mean, variation) => {
      const shape = 1 / (variation * variation)
      return standardGamma(shape, next, normal) * (mean / shape)
    },
    pareto: (alpha, cap) => Math.min(cap, (1 - next()) ** (-1 / alpha)),
  }
}

/** Marsaglia and Tsang (2000), with their correction for shapes below one. */
function standardGamma(shape: number, next: () => number, normal: () => number): number {
  if (shape < 1) return standardGamma(shape + 1, next, normal) * (1 - next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal()
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

function splitMix32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e37_79b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85eb_ca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35)
    return z ^ (z >>> 16)
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193)
  return hash
}

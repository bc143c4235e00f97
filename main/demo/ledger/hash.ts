/**
 * Random numbers by place instead of by turn: what happened in some hour of the past is the same whoever asks, in any
 * order, without a stored history. MurmurHash3's finaliser over the mixed words.
 */
export function hashWord(seed: number, a: number, b = 0, c = 0): number {
  let h = seed | 0
  h = mix(h ^ Math.imul(a | 0, 0x9e37_79b1))
  h = mix(h ^ Math.imul(b | 0, 0x85eb_ca77))
  return mix(h ^ Math.imul(c | 0, 0xc2b2_ae3d)) >>> 0
}

/** Uniform in [0, 1). */
export function hashUnit(seed: number, a: number, b = 0, c = 0): number {
  return hashWord(seed, a, b, c) / 4_294_967_296
}

/** Mean 0, variance 1, within ±3.5: the sum of the word's four bytes. */
export function hashNormal(seed: number, a: number, b = 0, c = 0): number {
  const word = hashWord(seed, a, b, c)
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24)
  return (sum / 255 - 2) * Math.sqrt(3)
}

/** A smooth curve through normal numbers at whole `x`: mean 0, about variance 1. */
export function smoothNoise(seed: number, stream: number, x: number): number {
  const left = Math.floor(x)
  const t = x - left
  const ease = t * t * (3 - 2 * t)
  const a = hashNormal(seed, stream, left)
  return a + (hashNormal(seed, stream, left + 1) - a) * ease
}

/** A sequence of uniform numbers for one thing that is made on demand. */
export function createDraws(seed: number, a: number, b = 0, c = 0): () => number {
  const start = hashWord(seed, a, b, c)
  let turn = 0
  return () => hashUnit(start, ++turn)
}

/** A 32-bit number of a name (FNV-1a), to derive seeds. */
export function seedOf(seed: number, name: string): number {
  let hash = 0x811c_9dc5 ^ seed
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x0100_0193)
  return mix(hash) | 0
}

function mix(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
  return h ^ (h >>> 16)
}

import { NOISE_PARTS, NOISE_WEIGHTS, type NoisePart } from '../../../shared/model/noise.ts'

/** 0–1 each; null where a part is not known. */
export type NoiseValues = Readonly<Record<NoisePart, number | null>>

/**
 * What each part adds to the score, so that all of them together are the score: part × weight, where the weights of
 * parts that are not known are shared among those that are.
 * @param score null where too little is known: then nothing adds to anything
 */
export function noiseAdditions(score: number | null, parts: NoiseValues): NoiseValues {
  const weight = knownWeight(parts)
  const entries = NOISE_PARTS.map((part) => {
    const value = parts[part]
    const adds = score === null || value === null || weight === 0
    return [part, adds ? null : (value * NOISE_WEIGHTS[part]) / weight]
  })
  return Object.fromEntries(entries) as NoiseValues
}

/** The weight of the parts that are known, 0–1. */
export function knownWeight(parts: NoiseValues): number {
  return NOISE_PARTS.reduce((sum, part) => sum + (parts[part] === null ? 0 : NOISE_WEIGHTS[part]), 0)
}

/** The parts of the noisy score, each 0–1; the score is their weighted sum, so that it need not be taken on trust. */
export const NOISE_PARTS = ['share', 'excess', 'surge', 'rejections', 'errors'] as const
export type NoisePart = (typeof NOISE_PARTS)[number]
export const NOISE_WEIGHTS: Readonly<Record<NoisePart, number>> = {
  share: 0.25,
  excess: 0.3,
  surge: 0.2,
  rejections: 0.15,
  errors: 0.1,
}

/** Each 0–1, null where it is not known. */
export type NoisePartValues = Readonly<Record<NoisePart, number | null>>

/** A score of less than half of the weights would pretend to know. */
const ENOUGH_WEIGHT = 0.5

/**
 * Weighted mean of the parts that are known, 0–1, so that a missing one neither raises nor lowers it. Null where the
 * known parts have less than half of all weight.
 */
export function scoreOf(parts: NoisePartValues): number | null {
  let weights = 0
  let sum = 0
  for (const part of NOISE_PARTS) {
    const value = parts[part]
    if (value === null) continue
    weights += NOISE_WEIGHTS[part]
    sum += NOISE_WEIGHTS[part] * value
  }
  return weights < ENOUGH_WEIGHT ? null : sum / weights
}

import { NOISE_PARTS, NOISE_WEIGHTS, type NoisePart } from '../../../shared/contract/tenants.ts'
import { figureText } from '../../../shared/model/units.ts'

/** What is known of one tenant; rates per second, null where the back end does not say. */
export interface NoiseInput {
  readonly tokensPerSecond: number | null
  /** Of the tokens per second of all tenants, 0–1. */
  readonly share: number | null
  /** Tenants that use anything now: an even share is one over this. */
  readonly tenants: number
  /** Bought rate, tok/s. */
  readonly entitled: number | null
  /** Its own mean over the whole time that is kept, tok/s. */
  readonly baseline: number | null
  readonly requestsPerSecond: number | null
  readonly rejectedPerSecond: number | null
  readonly errorTokensPerSecond: number | null
}

export interface Noise {
  /** 0–1; null where too little is known. */
  readonly score: number | null
  readonly parts: Readonly<Record<NoisePart, number | null>>
  /** Each part in plain words. */
  readonly texts: Readonly<Record<NoisePart, string>>
}

/** So much of the factory for one tenant is as bad as it gets. */
const SHARE_FULL = 0.5
/** Using so many times what was bought. */
const EXCESS_FULL = 4
/** Using so many times its own mean. */
const SURGE_FULL = 4
/** So much of what it asks for rejected. */
const REJECTED_FULL = 0.5
/** So much of its tokens spent on requests that failed. */
const ERRORS_FULL = 0.25
/** Less than this, tok/s, disturbs nobody, however it grows. */
const SMALL = 100
/** A score of less than half of the weights would pretend to know. */
const ENOUGH_WEIGHT = 0.5

/**
 * How much one tenant disturbs the others: five parts, each 0 at a tenant that keeps to its own and 1 at one that could
 * hardly be worse, linear between. The score is their weighted mean; a part that is not known is left out of it.
 */
export function noiseOf(input: NoiseInput): Noise {
  const parts = noiseParts(input)
  return { score: scoreOf(parts), parts, texts: textsOf(input) }
}

export function noiseParts(input: NoiseInput): Record<NoisePart, number | null> {
  const { tokensPerSecond: rate, share, tenants, entitled, baseline } = input
  const { requestsPerSecond, rejectedPerSecond, errorTokensPerSecond } = input
  const even = tenants > 1 ? 1 / tenants : 1
  return {
    share: share === null ? null : tenants <= 1 ? 0 : between(share, even, Math.max(SHARE_FULL, 2 * even)),
    excess: rate === null || entitled === null ? null : excessPart(rate, entitled),
    surge:
      rate === null || baseline === null
        ? null
        : rate < SMALL
          ? 0
          : between(rate / Math.max(baseline, SMALL), 1, SURGE_FULL),
    rejections: partOf(rejectedPerSecond, add(rejectedPerSecond, requestsPerSecond), REJECTED_FULL),
    errors: partOf(errorTokensPerSecond, rate, ERRORS_FULL),
  }
}

/** Weighted mean of the parts that are known, 0–1; null where they are less than half of the weight. */
export function scoreOf(parts: Readonly<Record<NoisePart, number | null>>): number | null {
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

function excessPart(rate: number, entitled: number): number {
  if (rate <= entitled || rate < SMALL) return 0
  return entitled > 0 ? between(rate / entitled, 1, EXCESS_FULL) : 1
}

/** 0 where nothing happened; null where it is not known. */
function partOf(part: number | null, whole: number | null, full: number): number | null {
  if (part === null || whole === null) return null
  return whole > 0 ? between(part / whole, 0, full) : 0
}

/** 0 at `zero` and below, 1 at `full` and above. */
function between(value: number, zero: number, full: number): number {
  if (value <= zero) return 0
  return full <= zero ? 1 : Math.min(1, (value - zero) / (full - zero))
}

function textsOf(input: NoiseInput): Record<NoisePart, string> {
  const { tokensPerSecond: rate, share, tenants, entitled, baseline } = input
  const { requestsPerSecond, rejectedPerSecond, errorTokensPerSecond } = input
  const asked = add(rejectedPerSecond, requestsPerSecond)
  return {
    share:
      share === null
        ? 'Its share of the factory is not known.'
        : `${percent(share)} of all tokens; an even share of ${tenants} tenants would be ${percent(1 / Math.max(1, tenants))}.`,
    excess:
      entitled === null
        ? 'No entitlement is agreed, so nothing is in excess of it.'
        : rate === null
          ? 'Its rate is not known.'
          : rate <= entitled
            ? `Within the entitlement of ${speed(entitled)}.`
            : entitled > 0
              ? `${times(rate / entitled)} the entitlement of ${speed(entitled)}.`
              : `Uses ${speed(rate)} and is entitled to nothing.`,
    surge:
      rate === null || baseline === null
        ? 'Its usual rate is not known.'
        : baseline > 0
          ? `${times(rate / baseline)} its own mean of the last quarter of an hour, ${speed(baseline)}.`
          : 'It has used nothing in the last quarter of an hour.',
    rejections:
      rejectedPerSecond === null || asked === null
        ? 'Rejections are not known.'
        : asked > 0
          ? `${percent(rejectedPerSecond / asked)} of what it asks for is rejected.`
          : 'It asks for nothing now.',
    errors:
      errorTokensPerSecond === null || rate === null
        ? 'Tokens of failed requests are not known.'
        : rate > 0
          ? `${percent(errorTokensPerSecond / rate)} of its tokens went into requests that failed.`
          : 'It uses no tokens now.',
  }
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

/** A part is never more than the whole, whatever a back end says. */
function percent(share: number): string {
  return figureText(Math.min(1, share) * 100, { unit: '%' })
}

function speed(tokensPerSecond: number): string {
  return figureText(tokensPerSecond, { unit: 'tok/s' })
}

function times(factor: number): string {
  return factor >= 100 ? 'More than 100 times' : `${factor.toFixed(1)} times`
}

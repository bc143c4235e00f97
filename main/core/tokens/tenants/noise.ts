import { type NoisePart, type NoisePartValues, scoreOf } from '../../../../shared/model/noise.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { inWords } from '../../../../shared/model/phrases.ts'
import { known, noiseParts, SMALL_RATE, sumOf, type NoiseInput } from './noiseParts.ts'

export { noiseParts, type NoiseInput }

export interface Noise {
  /** 0–1; null where the parts that are known have less than half of all weight. */
  readonly score: number | null
  readonly parts: NoisePartValues
  /** Each part in plain words. */
  readonly texts: Readonly<Record<NoisePart, string>>
}

/**
 * How much one tenant disturbs the others, and why.
 * @param input and over how long its mean was taken, ms, where that is to be told
 */
export function noiseOf(input: NoiseInput & { readonly baselineMs?: number }): Noise {
  const parts = noiseParts(input)
  return { score: scoreOf(parts), parts, texts: textsOf(input) }
}

function textsOf(input: NoiseInput & { readonly baselineMs?: number }): Record<NoisePart, string> {
  const rate = known(input.tokensPerSecond)
  const rejected = known(input.rejectedPerSecond)
  return {
    share: shareText(known(input.share), input.tenants),
    excess: excessText(rate, known(input.entitled)),
    surge: surgeText(rate, known(input.baseline), input.baselineMs),
    rejections: rejectionsText(rejected, sumOf(rejected, known(input.requestsPerSecond))),
    errors: errorsText(known(input.errorTokensPerSecond), rate),
  }
}

function shareText(share: number | null, tenants: number): string {
  if (share === null) return 'Its share of the factory is not known.'
  if (tenants <= 1) return 'No other tenant uses anything now.'
  return `${percent(share)} of all tokens; an even share of ${tenants} tenants would be ${percent(1 / tenants)}.`
}

function excessText(rate: number | null, entitled: number | null): string {
  if (entitled === null) return 'No entitlement is agreed, so nothing is in excess of it.'
  if (rate === null) return 'Its rate is not known.'
  if (rate <= entitled) return `Within the entitlement of ${speed(entitled)}.`
  const excess =
    entitled > 0
      ? `${times(rate / entitled)} the entitlement of ${speed(entitled)}`
      : `Uses ${speed(rate)} and is entitled to nothing`
  return rate < SMALL_RATE ? `${excess}; ${TOO_SMALL}` : `${excess}.`
}

function surgeText(rate: number | null, baseline: number | null, baselineMs: number | undefined): string {
  if (rate === null || baseline === null) return 'Its usual rate is not known.'
  const mean =
    baselineMs === undefined ? 'its own recent mean' : `its own mean of the last ${inWords(baselineMs)}`
  const surge =
    baseline > 0
      ? `${times(rate / baseline)} ${mean}, ${speed(baseline)}`
      : rate > 0
        ? `${speed(rate)}, and ${mean} is nothing`
        : `It uses nothing, and ${mean} is nothing`
  return rate > baseline && rate < SMALL_RATE ? `${surge}; ${TOO_SMALL}` : `${surge}.`
}

function rejectionsText(rejected: number | null, asked: number | null): string {
  if (rejected === null || asked === null) return 'Rejections are not known.'
  return asked > 0
    ? `${percent(rejected / asked)} of what it asks for is rejected.`
    : 'It asks for nothing now.'
}

function errorsText(errorTokens: number | null, rate: number | null): string {
  if (errorTokens === null || rate === null) return 'Tokens of failed requests are not known.'
  return rate > 0
    ? `${percent(errorTokens / rate)} of its tokens went into requests that failed.`
    : 'It uses no tokens now.'
}

const TOO_SMALL = `less than ${speed(SMALL_RATE)} disturbs no other tenant.`

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

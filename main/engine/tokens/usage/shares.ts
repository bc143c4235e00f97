import type { TokensOverview } from '../../../../shared/contract/tokens.ts'
import type { Rates } from '../../../../shared/model/tokens.ts'

/** Failed of ended requests, and their tokens of all tokens; null where either is not known or nothing happened. */
export function errorShareOf(rates: Rates): TokensOverview['errorShare'] {
  return {
    byRequests: shareOf(rates.errors, rates.requests),
    byTokens: shareOf(rates.errorTokens, tokensOf(rates)),
  }
}

/** Input and output; null where either is not known. */
export function tokensOf({ input, output }: Pick<Rates, 'input' | 'output'>): number | null {
  return input === null || output === null ? null : input + output
}

/** 0–1; null where one is not known or nothing is there to be a part of. */
export function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || !(whole > 0) ? null : part / whole
}

import type { BucketTotals, StandIn, TokenOrigin, TokensHistory } from '../../../shared/contract/tokens.ts'
import { MEASURES, type Rates, type Totals } from '../../../shared/model/tokens.ts'

/** All tokens of a range, whichever way they are drawn. */
export interface RangeWhole {
  /** Means per second of a span, or totals of calendar buckets: both as numbers of a measure; null where not known. */
  readonly figures: Rates
  readonly errorShare: { readonly byRequests: number | null; readonly byTokens: number | null }
  readonly trend: { readonly input: readonly (number | null)[]; readonly output: readonly (number | null)[] }
  readonly origin: TokenOrigin
  readonly standIn: StandIn | null
}

const NOTHING = Object.fromEntries(MEASURES.map((measure) => [measure, null])) as Rates

export function wholeOfSpan({ whole, origin, standIn }: TokensHistory): RangeWhole {
  return {
    figures: whole?.rates ?? NOTHING,
    errorShare: whole?.errorShare ?? { byRequests: null, byTokens: null },
    trend: { input: whole?.input ?? [], output: whole?.output ?? [] },
    origin,
    standIn,
  }
}

/** Of an answer that is not divided into groups. */
export function wholeOfBuckets({ sum, groups, origin }: BucketTotals): RangeWhole {
  const figures = asNumbers(sum)
  const totals = groups[0]?.totals.map((each) => (each === null ? NOTHING : asNumbers(each))) ?? []
  return {
    figures,
    errorShare: {
      byRequests: shareOf(figures.errors, figures.requests),
      byTokens: shareOf(figures.errorTokens, sumOf(figures.input, figures.output)),
    },
    trend: { input: totals.map(({ input }) => input), output: totals.map(({ output }) => output) },
    origin,
    standIn: null,
  }
}

function asNumbers(totals: Totals): Rates {
  return Object.fromEntries(
    MEASURES.map((measure) => [measure, totals[measure] === null ? null : Number(totals[measure])]),
  ) as Rates
}

function sumOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || !(whole > 0) ? null : part / whole
}

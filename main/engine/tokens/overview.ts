import type { TokenOrigin, TokensOverview } from '../../../shared/contract/tokens.ts'
import { DIMENSIONS } from '../../../shared/metering/capabilities.ts'
import type { Rates, TokenFilters } from '../../../shared/model/tokens.ts'
import type { Cube } from '../../core/tokens/cube.ts'
import { filtersOf } from './asking.ts'
import type { BackendClock } from './backendClock.ts'
import { byName, NO_RATES, NO_SERVERS } from './blank.ts'
import type { LatencyReader } from './latencyFigures.ts'
import type { ServedWatch } from './servedWatch.ts'
import { rateWindow } from './windows.ts'

export interface OverviewParts {
  readonly cube: Cube | null
  readonly backendClock: BackendClock
  readonly served: ServedWatch | null
  readonly latency: LatencyReader
  readonly origin: () => TokenOrigin
  readonly now: () => number
}

/** The whole factory, or the part of it that passes the filters, as it is now. */
export function overviewOf(
  parts: OverviewParts,
  params: { readonly filters: TokenFilters; readonly limit: number },
): TokensOverview {
  const { cube, backendClock, served, latency, origin, now } = parts
  const filters = filtersOf(params.filters)
  const windowMs = rateWindow(cube?.stepMs() ?? 0)
  const at = now()
  const rates = cube === null || cube.reach() === null ? NO_RATES : cube.rates(filters, windowMs)
  const trend = cube?.trend(filters) ?? { times: [], input: [], output: [] }
  return {
    at,
    origin: origin(),
    windowMs,
    rates,
    errorShare: errorShareOf(rates),
    latency: latency.read(params.filters),
    servers: served === null || served.path() === 'none' ? NO_SERVERS : served.served().servers(at),
    trend: {
      times: trend.times.map((time) => backendClock.toLocal(time)),
      input: [...trend.input],
      output: [...trend.output],
    },
    dimensions: byName(DIMENSIONS, (dimension) =>
      cube === null
        ? { rows: [], others: null, total: 0 }
        : cube.rank(dimension, filters, windowMs, params.limit),
    ),
  }
}

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

import type { TokenOrigin, TokensOverview } from '../../../../shared/contract/tokens.ts'
import { DIMENSIONS, type Dimension } from '../../../../shared/metering/capabilities.ts'
import type { Message } from '../../../../shared/messages/message.ts'
import type { Rates, TokenFilters } from '../../../../shared/model/tokens.ts'
import type { Cube, Ranking } from '../../../core/tokens/usage/cube/cube.ts'
import { passing, perSecond, rankServed, servedRates } from '../../../core/tokens/served/flows.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import { filtersOf } from '../answers/asking.ts'
import { errorShareOf } from './shares.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { byName, NO_RATES, NO_SERVERS } from '../answers/blank.ts'
import type { LatencyReader } from '../latency/figures.ts'
import { NO_METERING } from '../answers/origin.ts'
import type { ServedFigures } from '../served/figures.ts'
import type { ServedWatch } from '../served/watch.ts'
import { dimensionsOf, meteringDown, meteringLack, servedLack } from '../answers/lacks.ts'
import { rateWindow } from '../windows.ts'

export interface OverviewParts {
  /** Null without metering. */
  readonly cube: Cube | null
  readonly abilities: () => MeteringAbilities | null
  readonly backendClock: RemoteTime
  readonly served: ServedWatch | null
  /** Null without inference servers. */
  readonly servedFigures: ServedFigures | null
  readonly latency: LatencyReader
  readonly origin: () => TokenOrigin
  readonly now: () => number
}

interface Params {
  readonly filters: TokenFilters
  readonly limit: number
}

type Unanswered = TokensOverview['unanswered'][number]

/** The whole factory, or the part of it that passes the filters, as it is now. */
export function overviewOf(parts: OverviewParts, params: Params): TokensOverview {
  const { cube, served, latency, origin, now } = parts
  const windowMs = rateWindow(cube?.stepMs() ?? 0)
  const at = now()
  const told = DIMENSIONS.map((dimension) => ({
    dimension,
    ...rankingOf(parts, params, dimension, windowMs),
  }))
  const whole = wholeOf(parts, params.filters, windowMs)
  const stoodIn = told.filter((each) => each.standIn)
  const why = whole.lack ?? stoodIn[0]?.lack ?? null
  return {
    at,
    origin: origin(),
    windowMs,
    rates: whole.rates,
    errorShare: errorShareOf(whole.rates),
    latency: latency.read(params.filters),
    servers: serversNow(served, params.filters, at),
    trend: whole.trend,
    dimensions: byName(
      DIMENSIONS,
      (dimension) => told.find((each) => each.dimension === dimension)?.ranking ?? NO_RANKING,
    ),
    standIn:
      parts.servedFigures === null || why === null || (!whole.standIn && stoodIn.length === 0)
        ? null
        : {
            ...parts.servedFigures.standIn(
              passing(parts.servedFigures.flows(), filtersOf(params.filters), 'gpuType'),
              why,
            ),
            whole: whole.standIn,
            dimensions: stoodIn.map(({ dimension }) => dimension),
          },
    unanswered: [
      ...told.flatMap(({ unanswered }) => unanswered ?? []),
      ...(whole.unanswered === null ? [] : [whole.unanswered]),
    ],
  }
}

function serversNow(
  served: ServedWatch | null,
  filters: TokenFilters,
  at: number,
): TokensOverview['servers'] {
  if (served === null || served.path() === 'none') return NO_SERVERS
  const servers = served.served().servers(filtersOf(filters), at)
  return { ...servers, notes: [...servers.notes] }
}

const NO_RANKING: Ranking = { rows: [], others: null, total: 0 }

interface Told {
  /** Why the metering cannot say it; null where it does. */
  readonly lack: Message | null
  /** These are served tokens. */
  readonly standIn: boolean
  readonly unanswered: Unanswered | null
}

/** Of the metering where it tells this dimension and every other one that is filtered, else of the inference servers. */
function rankingOf(
  { cube, abilities, servedFigures, origin }: OverviewParts,
  { filters, limit }: Params,
  dimension: Dimension,
  windowMs: number,
): Told & { readonly ranking: Ranking } {
  const { [dimension]: _, ...others } = filters
  const unable = cube === null ? NO_METERING.text : meteringLack(abilities(), dimensionsOf(dimension, others))
  const lack = unable ?? meteringDown(origin())
  const metered = (of: Cube) => ({
    ranking: of.rank(dimension, filtersOf(filters), windowMs, limit),
    lack: null,
    standIn: false,
    unanswered: null,
  })
  if (cube !== null && unable === null && (lack === null || !takesOver(servedFigures, dimension, others)))
    return metered(cube)
  const unanswered = (text: Message) => ({
    ranking: NO_RANKING,
    lack,
    standIn: false,
    unanswered: { what: dimension, text },
  })
  if (servedFigures === null) return unanswered(lack ?? NO_METERING.text)
  const flows = servedFigures.flows()
  const missing = servedLack(flows, dimension, others)
  if (missing !== null || dimension === 'tenant') return unanswered(missing ?? NO_METERING.text)
  const left = passing(flows, filtersOf(filters), dimension)
  const { curves, stepMs } = servedFigures.trend()
  return {
    ranking: rankServed(dimension, left, passing(curves, filtersOf(filters), dimension), stepMs, limit),
    lack,
    standIn: true,
    unanswered: null,
  }
}

/**
 * Whether the inference servers have figures of now to show in the place of a metering that does not answer. Where they
 * have none, or do not tell these names apart, its last known ones stay.
 */
function takesOver(
  figures: ServedFigures | null,
  dimension: Dimension | null,
  filters: TokenFilters,
): boolean {
  const flows = figures?.flows() ?? []
  if (flows.length === 0 || dimension === 'tenant' || servedLack(flows, dimension, filters) !== null)
    return false
  return dimension === null || flows.some((flow) => flow[dimension] !== '')
}

/** Rates and trend of all that passes the filters. */
function wholeOf(
  { cube, abilities, backendClock, servedFigures, origin }: OverviewParts,
  filters: TokenFilters,
  windowMs: number,
): Told & { readonly rates: Rates; readonly trend: TokensOverview['trend'] } {
  const none = { rates: NO_RATES, trend: { times: [], input: [], output: [] } }
  const unable = cube === null ? NO_METERING.text : meteringLack(abilities(), dimensionsOf(null, filters))
  const lack = unable ?? meteringDown(origin())
  if (cube !== null && unable === null && (lack === null || !takesOver(servedFigures, null, filters))) {
    const trend = cube.trend(filtersOf(filters))
    return {
      rates: cube.reach() === null ? NO_RATES : cube.rates(filtersOf(filters), windowMs),
      trend: {
        times: trend.times.map((time) => backendClock.toLocal(time)),
        input: [...trend.input],
        output: [...trend.output],
      },
      lack: null,
      standIn: false,
      unanswered: null,
    }
  }
  const unanswered = (text: Message) => ({
    ...none,
    lack,
    standIn: false,
    unanswered: { what: 'rates' as const, text },
  })
  if (servedFigures === null) return unanswered(lack ?? NO_METERING.text)
  const flows = servedFigures.flows()
  const missing = servedLack(flows, null, filters)
  if (missing !== null) return unanswered(missing)
  // A server that is heard has a flow, be it zero: no flow at all means that none was heard.
  if (flows.length === 0) return { ...none, lack, standIn: true, unanswered: null }
  const { times, stepMs, curves } = servedFigures.trend()
  const left = passing(curves, filtersOf(filters))
  return {
    rates: servedRates(passing(flows, filtersOf(filters))),
    trend: {
      times: [...times],
      input: perSecond(left, 'input', stepMs),
      output: perSecond(left, 'output', stepMs),
    },
    lack,
    standIn: true,
    unanswered: null,
  }
}

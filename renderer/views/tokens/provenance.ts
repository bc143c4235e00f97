import type { TokensOverview, TokenOrigin } from '../../../shared/contract/tokens.ts'
import type { FigureState } from '../../../shared/model/figure.ts'
import type { Charted, Dimension } from '../../../shared/model/tokens.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { lackOf } from '../../state/tokens/measures.ts'
import { servedFrom, standInFor, unansweredOf } from './served/servedTexts.ts'
import { originText } from '../../state/tokens/originWords.ts'

export interface Provenanced {
  readonly at: number | null
  readonly source: string
  readonly reason: string
  readonly state?: FigureState
  /** The banner says that all of it is old and since when. */
  readonly quiet?: boolean
}

/** Old figures are shown as old: beyond the allowed lag, or where the back end does not answer. */
export function isOld(origin: TokenOrigin): boolean {
  return origin.state === 'lagging' || origin.state === 'failing'
}

/**
 * Age, origin and, where it is missing, the reason of one figure of the overview.
 * @param dimension of a ranking; none for what stands for all of them
 */
export function provenance(
  overview: Pick<TokensOverview, 'origin' | 'windowMs' | 'standIn' | 'unanswered'>,
  what: Charted,
  value: number | null,
  dimension: Dimension | null = null,
): Provenanced {
  const { origin, windowMs } = overview
  const standIn = standInFor(overview, dimension)
  if (standIn !== null) return servedFrom(standIn, what, windowMs)
  const old = value !== null && isOld(origin)
  return {
    at: origin.dataAsOf,
    source: say('tokens.source.mean', { source: origin.name, span: formatDuration(windowMs) }),
    reason: old ? originText(origin) : (unansweredOf(overview, dimension) ?? lackOf(origin, what)),
    ...(old ? { state: 'stale', quiet: true } : {}),
  }
}

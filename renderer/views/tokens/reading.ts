import type { TokensOverview, TokenOrigin } from '../../../shared/contract/tokens.ts'
import type { FigureState } from '../../../shared/model/figure.ts'
import type { Charted } from '../../../shared/model/tokens.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { lackOf } from '../../state/tokens/words.ts'

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

/** Age, origin and, where it is missing, the reason of one figure of the overview. */
export function provenance(
  overview: Pick<TokensOverview, 'origin' | 'windowMs'>,
  what: Charted,
  value: number | null,
): Provenanced {
  const { origin, windowMs } = overview
  const old = value !== null && isOld(origin)
  return {
    at: origin.dataAsOf,
    source: `${origin.name}, mean over ${formatDuration(windowMs)}`,
    reason: old ? origin.text : lackOf(origin, what),
    ...(old ? { state: 'stale', quiet: true } : {}),
  }
}

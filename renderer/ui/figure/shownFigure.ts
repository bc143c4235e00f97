import type { FigureState } from '../../../shared/model/figure.ts'
import { formatFigure, type FigureFormat, type FormattedFigure } from '../../../shared/model/units.ts'

export interface Measured extends FigureFormat {
  /** In the base unit, exact whole numbers as bigint; null where there is none. */
  readonly value: number | bigint | null
  /** Left out: `absent` for null and NaN, `zero` for 0, else `ok`. */
  readonly state?: FigureState
}

export interface Shown {
  readonly state: FigureState
  /** null where no digits may be shown: absent, implausible, or a state without its number. */
  readonly figure: FormattedFigure | null
}

/**
 * What may be printed of a measured number. A state that needs a number and has none reads as absent, and no number is
 * ever shown for a value that was refused.
 * @param lineLost the line to the engine is gone: what is known is only the last known
 */
export function shownFigure(measured: Measured, lineLost: boolean): Shown {
  const { value } = measured
  const known = value !== null && (typeof value === 'bigint' || Number.isFinite(value))
  const claimed = measured.state ?? (!known ? 'absent' : value === 0 || value === 0n ? 'zero' : 'ok')
  if (claimed === 'implausible') return { state: 'implausible', figure: null }
  if (claimed === 'absent' || !known) return { state: 'absent', figure: null }
  const state = claimed === 'stale' || lineLost ? 'stale' : claimed
  return { state, figure: formatFigure(value, measured) }
}

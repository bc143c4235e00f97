import type { Severity } from '../../../shared/model/figure.ts'
import type { Measured } from './shownFigure.ts'

export interface FigureProps extends Measured {
  /** What is measured, for the explanation and for screen readers: "Board power". */
  readonly label: string
  /** What that is, from the glossary. */
  readonly meaning?: string
  /** When it was sampled, ms since the epoch. */
  readonly at?: number | null
  /** Change over the time that the view names; its sign gives the arrow. */
  readonly trend?: number | null
  /** Where it comes from: source, query, how it was derived. */
  readonly source?: string
  /** Why it is absent, stale or refused. */
  readonly reason?: string
  /** The value that was refused, as it came. */
  readonly refused?: number | null
  /** Beyond a limit: a shape in the colour of its meaning stands before the figure. */
  readonly severity?: Severity
  /** 12, 13, 16, 22 or 36 px. */
  readonly size?: 'tiny' | 'small' | 'normal' | 'large' | 'huge'
  /** The group around it says that all of it is stale and since when: the figure itself is only dimmed then. */
  readonly quiet?: boolean
  /** Columns of figures line up at their right edge. */
  readonly align?: 'start' | 'end'
}

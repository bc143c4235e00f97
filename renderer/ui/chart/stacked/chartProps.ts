import type { FigureFormat } from '../../../../shared/model/units.ts'
import type { BarSpan } from './areaPaths.ts'
import type { LayerStyle } from './plot.ts'
import type { Stack } from './stack.ts'

export interface StackedChartProps extends FigureFormat {
  readonly label: string
  /** ms since the epoch, ascending: middles of bars, or starts of steps. */
  readonly times: readonly number[]
  readonly fromMs: number
  readonly toMs: number
  readonly stack: Stack
  /** One per layer of the stack. */
  readonly layers: readonly LayerStyle[]
  /** Buckets to draw as bars; none draws areas. */
  readonly bars?: readonly BarSpan[]
  /** What stands for an instant in the legend; without it a clock. */
  readonly instant: (at: number) => string
  /** A layer was clicked, or chosen by Enter. The rest cannot be. */
  readonly onToggle?: (name: string) => void
  readonly source?: string
  /** Left of the drawing at least this much, rem, so that charts below each other line up. */
  readonly gutter?: number
  /** What is younger than this is not expected to be known yet, ms; without it everything is. */
  readonly dueMs?: number
  /** From here on it is not what it was before: hatched, whatever is drawn there, ms. */
  readonly hatchedFromMs?: number
  /** Why the newest values are no longer current; without it they are. */
  readonly old?: string
  /** Exact values instead of the drawn ones, where there are any. */
  readonly exact?: (layer: number | 'total', at: number) => bigint | null
}

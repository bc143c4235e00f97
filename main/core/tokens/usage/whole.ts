import { MEASURES, type Measure, type Rates } from '../../../../shared/model/tokens.ts'
import type { UsageTable } from '../types.ts'
import { isKnownStep, rateSeries } from './totals.ts'

/** All rows of an answer together. */
export interface Whole {
  /** Means per second over the steps that are known, null of those that the back end does not count. */
  readonly rates: Rates
  /** Per second, step by step, as {@link rateSeries}. */
  readonly input: readonly (number | null)[]
  readonly output: readonly (number | null)[]
}

/** What a whole answer comes to, whichever of its groups are shown; null where none of its steps is known. */
export function wholeOf(table: UsageTable): Whole | null {
  if (!table.times.some((_, step) => isKnownStep(table, step))) return null
  return {
    rates: Object.fromEntries(MEASURES.map((measure) => [measure, meanRate(table, measure)])) as Rates,
    input: sumOfRows(table, 'input'),
    output: sumOfRows(table, 'output'),
  }
}

function meanRate(table: UsageTable, measure: Measure): number | null {
  const { times, toMs, rows } = table
  const counts = table.counts[measure]
  if (counts === null) return null
  let sum = 0
  let spanMs = 0
  times.forEach((time, step) => {
    if (!isKnownStep(table, step)) return
    spanMs += (times[step + 1] ?? toMs) - time
    for (let row = 0; row < rows.length; row++) sum += counts.approximate(row * times.length + step)
  })
  return (sum * 1000) / spanMs
}

function sumOfRows(table: UsageTable, measure: Measure): (number | null)[] {
  const series = table.rows.map((_, row) => rateSeries(table, row, measure))
  return table.times.map((_, step) =>
    isKnownStep(table, step) && table.counts[measure] !== null
      ? series.reduce((sum, values) => sum + (values[step] ?? 0), 0)
      : null,
  )
}

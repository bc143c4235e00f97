import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from '../usage/counts.ts'
import type { UsageTable } from '../types.ts'

export interface Grid {
  readonly startMs: number
  readonly stepMs: number
  readonly steps: number
  /** The end of the grid where none is given. */
  readonly dataAsOf?: number
  readonly complete?: boolean
}

/** A table for tests: rows with their counts per step. A measure that no row names is not counted. */
export function tableOf(grid: Grid, rows: readonly object[]): UsageTable {
  const { startMs, stepMs, steps } = grid
  const size = rows.length * steps
  const values = rows as readonly Record<string, unknown>[]
  const countsOf = (measure: Measure): Counts | null => {
    if (rows.length > 0 && !values.some((row) => Array.isArray(row[measure]))) return null
    const counts = new Counts(size)
    for (const [row, each] of values.entries()) {
      const given = (each[measure] ?? []) as readonly bigint[]
      for (let step = 0; step < steps; step++) counts.set(row * steps + step, given[step] ?? 0n)
    }
    return counts
  }
  return {
    times: Array.from({ length: steps }, (_, step) => startMs + step * stepMs),
    toMs: startMs + steps * stepMs,
    rows: values.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value === 'string')),
    ),
    restRow: -1,
    counts: Object.fromEntries(
      MEASURES.map((measure) => [measure, countsOf(measure)]),
    ) as UsageTable['counts'],
    given: new Uint8Array(size).fill(1),
    dataAsOf: grid.dataAsOf ?? startMs + steps * stepMs,
    complete: grid.complete ?? true,
    missing: [],
  }
}

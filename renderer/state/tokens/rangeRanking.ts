/** A group over a whole range. */
export interface RangedRow {
  readonly name: string
  readonly rest: boolean
  readonly value: number | null
  /** Of all groups together, 0 to 1; null where one of them is not known. */
  readonly share: number | null
  readonly spark: readonly (number | null)[] | null
}

interface Series {
  readonly name: string
  readonly rest: boolean
  readonly values: readonly (number | null)[]
}

/** Mean of what is known; null where nothing is. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** Groups by their mean rate over the range, largest first, the others last. */
export function rankRates(series: readonly Series[]): RangedRow[] {
  return ranked(
    series.map(({ name, rest, values }) => ({ name, rest, value: meanOf(values), spark: values })),
  )
}

/** Groups by their totals over the range, largest first, the others last. */
export function rankTotals(
  groups: readonly { readonly name: string; readonly rest: boolean; readonly total: bigint | null }[],
): RangedRow[] {
  return ranked(
    groups.map(({ name, rest, total }) => ({
      name,
      rest,
      value: total === null ? null : Number(total),
      spark: null,
    })),
  )
}

function ranked(rows: readonly Omit<RangedRow, 'share'>[]): RangedRow[] {
  const sum = rows.reduce<number | null>(
    (all, { value }) => (all === null || value === null ? null : all + value),
    0,
  )
  return rows
    .map((row) => ({
      ...row,
      share: row.value === null || sum === null || sum === 0 ? null : row.value / sum,
    }))
    .toSorted((a, b) => Number(a.rest) - Number(b.rest) || (b.value ?? -1) - (a.value ?? -1))
}

import type { Yield, YieldRow } from '../../../shared/contract/tokens.ts'
import { formatSpan } from '../../../shared/model/time.ts'

/** Where a yield comes from, for the provenance of its figures. */
export function sourceOf({ origin, windowMs }: Pick<Yield, 'origin' | 'windowMs'>): string {
  return `${origin.name}, mean over ${formatSpan(windowMs)}; GPUs and power from the floor`
}

/** Why a figure of this row is not there: the row's own notes, else what ails the metering. */
export function reasonOf({ origin }: Pick<Yield, 'origin'>, row: YieldRow): string {
  const known = row.notes.join(' ')
  return known === '' ? origin.text : known
}

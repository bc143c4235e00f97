import type { Yield, YieldRow } from '../../../shared/contract/tokens.ts'
import { isOld } from '../tokens/reading.ts'
import { formatSpan } from '../../../shared/model/time.ts'

/** Where a yield comes from, for the provenance of its figures. */
export function sourceOf({ origin, windowMs }: Pick<Yield, 'origin' | 'windowMs'>): string {
  return `${origin.name}, mean over ${formatSpan(windowMs)}; GPUs and power from the floor`
}

/** What stands for a model that the back end left empty. */
export function modelWords(model: string): string {
  return model === '' ? 'not named' : model
}

/** Age, origin and state of what is made of metered tokens: all of it is old where the metering is. */
export function meteredFrom(item: Pick<Yield, 'origin' | 'windowMs'>, row: YieldRow, known: boolean) {
  const old = known && isOld(item.origin)
  return {
    at: item.origin.dataAsOf,
    source: sourceOf(item),
    reason: old ? item.origin.text : reasonOf(item, row),
    ...(old ? { state: 'stale' as const, quiet: true } : {}),
  }
}

/** Why a figure of this row is not there: the row's own notes, else what ails the metering. */
export function reasonOf({ origin }: Pick<Yield, 'origin'>, row: YieldRow): string {
  const known = row.notes.join(' ')
  return known === '' ? origin.text : known
}

import type { Drift, DriftRow } from '../../../../shared/contract/tokens.ts'
import { inWords } from '../../../../shared/model/phrases.ts'

/** Windows of silence after which a verdict is one of the past. */
const SILENT_WINDOWS = 2

export interface Silence {
  /** Why nothing can be compared at all, a sentence; null where it can. */
  readonly impossible: string | null
  /** What stopped the last attempt; null where it did not fail. */
  readonly failure: string | null
  /** Since the newest window that could have been compared, ms. */
  readonly ageMs: number
  readonly windowMs: number
}

/** Why the verdicts are of the past, in plain words; null while they are of now. */
export function outdatedBy({ impossible, failure, ageMs, windowMs }: Silence): string | null {
  if (impossible !== null) return impossible
  if (ageMs <= SILENT_WINDOWS * windowMs) return null
  const cause = failure === null ? '' : ` ${failure.replace(/\.$/, '')}.`
  return `Nothing was compared for ${inWords(ageMs)}.${cause}`
}

/** Whether what agreed still does is not known. A drift that was found stands until it is shown to be over. */
export function outdated(
  { total, rows }: Pick<Drift, 'total' | 'rows'>,
  why: string,
): Pick<Drift, 'total' | 'rows'> {
  const unknown = (row: DriftRow): DriftRow =>
    row.state === 'drifts' ? row : { ...row, state: 'unknown', severity: 'normal', note: why }
  return { total: unknown(total), rows: rows.map(unknown) }
}

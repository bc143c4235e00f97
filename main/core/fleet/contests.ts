import { fieldCode, type FieldId } from '../../../shared/model/field.ts'

/**
 * Boards that two living sources answer for. The first keeps the board, and its figures are shown; where the second says
 * something quite different of the same figure, again and again, no one knows which of them is right.
 */
export interface Contests {
  /** The source that does not keep the board says `other` where `kept` is shown. */
  compare(unit: number, field: number, kept: number, other: number, at: number): void
  /** The two have disagreed about this figure for a while, and still did within {@link STANDS_MS}. */
  isDisputed(unit: number, field: number, now: number): boolean
  forget(unit: number): void
  readonly size: number
}

/** Figures that say what a board does; others differ with the moment that they were read at. */
const COMPARED = new Set(
  (['power', 'gpuTemp', 'fbUsed', 'gpuUtil', 'smActive', 'grActive'] satisfies FieldId[]).map(fieldCode),
)
/** Two readings of one board a few seconds apart may differ by as much, as a share of the larger. */
const AGREEING_SHARE = 0.5
const DISAGREEMENTS = 3
const STANDS_MS = 120_000
/** Bound against nonsense. */
const MOST = 65_536

interface Dispute {
  streak: number
  at: number
}

export function createContests(): Contests {
  const disputes = new Map<number, Map<number, Dispute>>()
  return {
    compare(unit, field, kept, other, at) {
      if (!COMPARED.has(field)) return
      const differs = Math.abs(kept - other) > AGREEING_SHARE * Math.max(Math.abs(kept), Math.abs(other))
      const ofUnit = disputes.get(unit)
      const known = ofUnit?.get(field)
      if (!differs) {
        ofUnit?.delete(field)
        if (ofUnit?.size === 0) disputes.delete(unit)
      } else if (known) {
        known.streak++
        known.at = at
      } else if (ofUnit) ofUnit.set(field, { streak: 1, at })
      else if (disputes.size < MOST) disputes.set(unit, new Map([[field, { streak: 1, at }]]))
    },
    isDisputed(unit, field, now) {
      const found = disputes.get(unit)?.get(field)
      return found !== undefined && found.streak >= DISAGREEMENTS && now - found.at <= STANDS_MS
    },
    forget(unit) {
      disputes.delete(unit)
    },
    get size() {
      return disputes.size
    },
  }
}

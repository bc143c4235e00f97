import { fieldCode, type FieldId } from '../../../../shared/model/field.ts'

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

/**
 * Figures that say what a board does, with what two readings of one idle board may differ by, in the exporter's unit.
 * Activity and utilisation swing within seconds, so those of two moments prove nothing.
 */
const COMPARED = new Map(
  (
    [
      ['power', 60],
      ['gpuTemp', 15],
      ['fbUsed', 2048],
    ] satisfies [FieldId, number][]
  ).map(([id, least]) => [fieldCode(id), least]),
)
/** Beside that, two readings of one board a few seconds apart may differ by as much, as a share of the larger. */
const AGREEING_SHARE = 0.5
/** A job that begins and ends between the two readings differs once or twice, not again and again. */
const DISAGREEMENTS = 6
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
      const least = COMPARED.get(field)
      if (least === undefined) return
      const larger = Math.max(Math.abs(kept), Math.abs(other))
      const differs = Math.abs(kept - other) > Math.max(least, AGREEING_SHARE * larger)
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

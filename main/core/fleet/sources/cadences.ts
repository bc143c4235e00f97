import { staleLimit } from '../../observation.ts'
import { FIELD_COUNT } from '../figures/columns.ts'

/**
 * From which age on a figure is stale, by its source and field: sources sample at their own pace, and fields that are
 * asked less often than others are not stale for it.
 */
export interface StaleLimits {
  /** A source's observations come every `cadenceMs` (null: not known yet) and bring these fields. */
  note(feeder: number, fields: readonly number[], cadenceMs: number | null): void
  /** The source has stopped answering: its next sample was due after one pause, and it is known that none comes. */
  release(feeder: number): void
  /** Oldest age of a good figure, ms. */
  ofCell(feeder: number, field: number): number
  /** Oldest age of a good row that this source feeds, by the fastest of its fields, ms. */
  ofRow(feeder: number): number
  /** Learnt pause of the fastest fields, ms; 0 while none is known. */
  cadence(feeder: number): number
}

/** The next sample of a source may come a little late, as a share of the pause. */
const LATE = 1.2

export function createStaleLimits(staleAfterMs: number): StaleLimits {
  let cells = new Float32Array(0)
  const silent = new Set<number>()
  /** Learnt pause per source and field, ms; 0: not known. */
  let pauses = new Float32Array(0)
  const rows: number[] = []
  const fastest: number[] = []

  function ensure(feeder: number): void {
    if (feeder < rows.length) return
    const size = Math.max(feeder + 1, rows.length * 2, 16)
    const grownCells = new Float32Array(size * FIELD_COUNT).fill(staleAfterMs)
    const grownPauses = new Float32Array(size * FIELD_COUNT)
    grownCells.set(cells)
    grownPauses.set(pauses)
    cells = grownCells
    pauses = grownPauses
    while (rows.length < size) {
      rows.push(staleAfterMs)
      fastest.push(0)
    }
  }

  function limitOf(feeder: number, pauseMs: number): number {
    return silent.has(feeder) ? Math.max(staleAfterMs, LATE * pauseMs) : staleLimit(staleAfterMs, pauseMs)
  }

  function settleAll(feeder: number): void {
    for (let place = feeder * FIELD_COUNT; place < (feeder + 1) * FIELD_COUNT; place++)
      cells[place] = limitOf(feeder, pauses[place] as number)
    settleRow(feeder)
  }

  function settleRow(feeder: number): void {
    let least = Number.POSITIVE_INFINITY
    for (let f = 0; f < FIELD_COUNT; f++) {
      const pause = pauses[feeder * FIELD_COUNT + f] as number
      if (pause > 0) least = Math.min(least, pause)
    }
    fastest[feeder] = Number.isFinite(least) ? least : 0
    rows[feeder] = limitOf(feeder, fastest[feeder] ?? 0)
  }

  return {
    note(feeder, fields, cadenceMs) {
      ensure(feeder)
      if (silent.delete(feeder)) settleAll(feeder)
      if (cadenceMs === null) return
      let changed = false
      const pause = Math.fround(cadenceMs)
      for (const f of fields) {
        if (f >= FIELD_COUNT) continue
        const place = feeder * FIELD_COUNT + f
        if (pauses[place] === pause) continue
        pauses[place] = pause
        cells[place] = staleLimit(staleAfterMs, cadenceMs)
        changed = true
      }
      if (changed) settleRow(feeder)
    },
    release(feeder) {
      ensure(feeder)
      silent.add(feeder)
      settleAll(feeder)
    },
    ofCell: (feeder, field) => cells[feeder * FIELD_COUNT + field] ?? staleAfterMs,
    ofRow: (feeder) => rows[feeder] ?? staleAfterMs,
    cadence: (feeder) => fastest[feeder] ?? 0,
  }
}

import { SEVERITY } from '../../../../shared/model/figure.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import type { Registry } from '../places/registry.ts'
import type { XidLedger, XidRecord } from './xid.ts'

/**
 * XIDs of a whole board. An exporter repeats a board's XID on each of its MIG instances: that is one error, and it is the
 * board's. Only a code that a single instance names, and the board does not, is that instance's own.
 */
export interface BoardXid {
  readonly code: number
  /** Of whoever saw it first. */
  readonly record: XidRecord
  /** The unit that it is told of: the board, or the one instance that names it. */
  readonly unit: number
  /** SEVERITY code. */
  readonly severity: number
}

const NONE: readonly BoardXid[] = []

/** What is current and still news, of a board and its instances, one entry for each code. */
export function boardXids(
  registry: Registry,
  xids: XidLedger,
  board: number,
  now: number,
): readonly BoardXid[] {
  const instances = registry.units[board]?.instances ?? []
  if (xids.records(board).length === 0 && instances.every((unit) => xids.records(unit).length === 0))
    return NONE
  const byCode = new Map<number, { record: XidRecord; readonly units: number[] }>()
  for (const unit of [board, ...instances]) {
    for (const record of xids.news(unit, now)) {
      const known = byCode.get(record.code)
      if (known === undefined) byCode.set(record.code, { record, units: [unit] })
      else {
        known.units.push(unit)
        if (record.at < known.record.at) known.record = record
      }
    }
  }
  return [...byCode].map(([code, { record, units }]) => ({
    code,
    record,
    unit: units.length === 1 ? (units[0] as number) : board,
    severity: SEVERITY[xidMeaning(code).severity],
  }))
}

/** SEVERITY code of the XIDs that are told of this very unit. */
export function xidSeverityOf(registry: Registry, xids: XidLedger, unit: number, now: number): number {
  const board = registry.units[unit]?.board ?? -1
  return boardXids(registry, xids, board < 0 ? unit : board, now).reduce(
    (worst, each) => (each.unit === unit ? Math.max(worst, each.severity) : worst),
    SEVERITY.normal as number,
  )
}

/** Whether another unit of the same board reports this code, so that it is no news. */
export function isKnownOnBoard(registry: Registry, xids: XidLedger, unit: number, code: number): boolean {
  const board = registry.units[unit]?.board ?? -1
  const place = board < 0 ? unit : board
  return [place, ...(registry.units[place]?.instances ?? [])].some(
    (other) => other !== unit && xids.records(other).some((each) => each.code === code && each.current),
  )
}

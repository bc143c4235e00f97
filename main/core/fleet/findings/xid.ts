import { fieldCode } from '../../../../shared/model/field.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { CELL, type Columns } from '../figures/columns.ts'
import type { Labels } from '../places/identity.ts'

/**
 * XID errors per unit. DCGM_FI_DEV_XID_ERRORS is the last code, not a count: it stays until the exporter restarts
 * (#500) and hides repeats (#190). Where DCGM_EXP_XID_ERRORS_COUNT is on, its count shows them.
 */
export interface XidRecord {
  readonly code: number
  /** First seen; an exporter does not say when it happened. */
  at: number
  /** It was there at the first reading, so that it happened then or before. */
  atLeast: boolean
  /** Last seen to happen again by the count; equals `at` without one. */
  lastAt: number
  /** Within the exporter's window; null where it does not count. */
  count: number | null
  /** The gauge or the count reports it, or has not been read since it did. */
  current: boolean
  /** The gauge has named it: only the gauge takes it back. */
  byGauge: boolean
}

/** An advisory code is news for this long; a critical one until the exporter stops reporting it. */
const ADVISORY_NEWS_MS = 3_600_000
const KEPT_PER_UNIT = 16

interface Counter {
  readonly unit: number
  readonly code: number
  count: number
  at: number
}

export interface XidLedger {
  /** Place of the counter of (unit, `xid` label), for bindings; -1 where the label is no code. */
  counter(unit: number, labels: Labels): number
  /** The unit of a counter; -1 where there is none. */
  unitOf(counter: number): number
  /** A reading of a counter; NaN: not in this answer, so the window is empty. */
  count(counter: number, value: number, at: number): void
  /** Takes the readings into records. `alive`: the unit's source sends other figures of it. */
  update(
    columns: Columns,
    unit: number,
    alive: boolean,
    noteNew: (code: number, repeat: boolean) => void,
  ): void
  records(unit: number): readonly XidRecord[]
  /** What is current and still news. */
  news(unit: number, now: number): readonly XidRecord[]
  /** Another board stands in the slot; its counters stay bound. */
  reset(unit: number): void
  forget(unit: number): void
}

const XID = fieldCode('xid')
const NO_RECORDS: readonly XidRecord[] = []

export function createXidLedger(): XidLedger {
  const counters: Counter[] = []
  const places = new Map<string, number>()
  const countersOf = new Map<number, Counter[]>()
  const byUnit = new Map<number, XidRecord[]>()
  /** Units of which a gauge or a count was read before. */
  const heard = new Set<number>()

  function record(unit: number, code: number, at: number): XidRecord {
    const list = byUnit.get(unit) ?? []
    const found = list.find((each) => each.code === code)
    if (found) return found
    const made: XidRecord = {
      code,
      at,
      atLeast: !heard.has(unit),
      lastAt: at,
      count: null,
      current: false,
      byGauge: false,
    }
    byUnit.set(unit, [made, ...list].slice(0, KEPT_PER_UNIT))
    return made
  }

  const isNews = (each: XidRecord, now: number): boolean =>
    each.current && (xidMeaning(each.code).severity === 'critical' || now - each.lastAt <= ADVISORY_NEWS_MS)

  const ledger: XidLedger = {
    counter(unit, labels) {
      const label = labels.get('xid') ?? ''
      if (!/^\d{1,4}$/.test(label)) return -1
      const code = Number(label)
      const key = `${unit}/${code}`
      const known = places.get(key)
      if (known !== undefined) return known
      const own = countersOf.get(unit) ?? []
      if (own.length >= KEPT_PER_UNIT) return -1
      const made = { unit, code, count: 0, at: Number.NaN }
      countersOf.set(unit, [...own, made])
      places.set(key, counters.length)
      return counters.push(made) - 1
    },
    unitOf: (counter) => counters[counter]?.unit ?? -1,
    count(counter, value, at) {
      const found = counters[counter]
      if (!found) return
      found.count = value >= 0 && value < 1e9 ? Math.round(value) : 0
      found.at = at
    },
    update(columns, unit, alive, noteNew) {
      const cell = (columns.cell[XID] as Uint8Array)[unit] as number
      const read = cell === CELL.live
      const value = read ? ((columns.value[XID] as Float64Array)[unit] as number) : 0
      // Half a code is none; whoever sends one is no exporter of NVIDIA's.
      const code = Number.isInteger(value) ? value : 0
      const counted = countersOf.get(unit)
      const list = byUnit.get(unit)
      if (code === 0 && counted === undefined && list === undefined) {
        if (read) heard.add(unit)
        return
      }
      // A code stays what it was until whoever named it was read without it.
      for (const each of list ?? []) {
        if (each.byGauge ? read && each.code !== code : alive && each.count === 0) each.current = false
      }
      if (code > 0) {
        const at = (columns.at[XID] as Float64Array)[unit] as number
        const known = list?.find((each) => each.code === code)
        if (!known) noteNew(code, false)
        const current = known ?? record(unit, code, at)
        if (known && !known.current) {
          // It was gone in between, so it happened again.
          known.at = at
          known.atLeast = false
          known.lastAt = at
          noteNew(code, false)
        }
        current.current = true
        current.byGauge = true
      }
      for (const counter of counted ?? []) {
        const known = byUnit.get(unit)?.find((each) => each.code === counter.code)
        if (counter.count === 0) {
          if (known) known.count = 0
          continue
        }
        const current = known ?? record(unit, counter.code, counter.at)
        if (!known) noteNew(counter.code, false)
        else if (counter.count > (known.count ?? 0)) {
          if (known.count !== null) noteNew(counter.code, true)
          known.lastAt = counter.at
        }
        current.count = counter.count
        current.current = true
      }
      heard.add(unit)
    },
    records: (unit) => byUnit.get(unit) ?? NO_RECORDS,
    news: (unit, now) => (byUnit.get(unit) ?? []).filter((each) => isNews(each, now)),
    reset(unit) {
      heard.delete(unit)
      byUnit.delete(unit)
    },
    forget(unit) {
      heard.delete(unit)
      byUnit.delete(unit)
      countersOf.delete(unit)
      for (const [key, place] of places) if (counters[place]?.unit === unit) places.delete(key)
    },
  }
  return ledger
}

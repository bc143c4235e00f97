import type { SourceBudget } from './budget.ts'
import { CELL, FIELD_COUNT, withdrawCell } from './columns.ts'
import { placeSeries, XID_COUNT } from './placement.ts'
import type { Registry } from './registry.ts'
import { boundedText } from './text.ts'
import type { Binding, SeriesIdentity, Speaker } from './types.ts'
import type { XidLedger } from './xid.ts'

/** A binding as ingest reads it: per series a field code and a unit, both found once and kept. */
export interface LiveBinding extends Binding {
  /** Bounds what may be learnt from it. */
  readonly budget: SourceBudget
  readonly series: readonly SeriesIdentity[]
  /** Place of the source; stamped on every cell that it feeds. */
  readonly feeder: number
  fields: Uint8Array
  units: Int32Array
  /** Distinct field codes. */
  covers: readonly number[]
  waiting: number
  placedAt: number
  learnt: number
  moved: number
  /** Of the last answer, ms; NaN before the first. */
  answeredAt: number
}

export interface BindingTable {
  bind(
    source: string,
    series: readonly SeriesIdentity[],
    at: number,
    speaker: Speaker | undefined,
  ): LiveBinding
  /** The same series looked up again where identity has moved on since; cheap when it has not. */
  refresh(binding: LiveBinding, at: number): void
  release(source: string, why: string | undefined): void
  nameOf(feeder: number): string
  /** Why the source of this stamp was released; '' while it is bound, or where nobody said. */
  troubleOf(feeder: number): string
}

interface SourceEntry {
  readonly feeder: number
  /** The binding that last covered each field. */
  readonly byField: Map<number, LiveBinding>
}

export function createBindings(registry: Registry, xids: XidLedger, staleAfterMs: number): BindingTable {
  const sources = new Map<string, SourceEntry>()
  const names: string[] = []
  const troubles = new Map<number, string>()

  function entryOf(source: string): SourceEntry {
    const known = sources.get(source)
    if (known) return known
    // A source that comes back keeps its stamp, so the list grows with distinct names only.
    const before = names.indexOf(source)
    const feeder = before >= 0 ? before : names.push(source) - 1
    const made = { feeder, byField: new Map<number, LiveBinding>() }
    sources.set(source, made)
    return made
  }

  function place(binding: LiveBinding, at: number): void {
    const { fields, units, waiting } = placeSeries(
      registry,
      xids,
      binding.source,
      binding.series,
      at,
      staleAfterMs,
      binding.budget,
    )
    binding.fields = fields
    binding.units = units
    binding.waiting = waiting
    binding.placedAt = at
    binding.learnt = registry.learnt
    binding.moved = registry.moved
  }

  /** Takes back what an older binding fed and the new one lacks. */
  function withdrawMissing(
    old: LiveBinding,
    next: LiveBinding,
    fields: ReadonlySet<number>,
    at: number,
  ): void {
    const kept = new Set<number>()
    next.units.forEach((unit, i) => kept.add(unit * (FIELD_COUNT + 1) + (next.fields[i] as number)))
    old.units.forEach((unit, i) => {
      const field = old.fields[i] as number
      if (unit < 0 || !fields.has(field) || kept.has(unit * (FIELD_COUNT + 1) + field)) return
      if (field === XID_COUNT) xids.count(unit, Number.NaN, at)
      else if (registry.columns.feeder[field]?.[unit] === old.feeder) {
        withdrawCell(registry.columns, field, unit, at)
      }
    })
  }

  return {
    bind(source, series, at, speaker) {
      const entry = entryOf(source)
      troubles.delete(entry.feeder)
      const binding: LiveBinding = {
        source,
        budget: registry.budgets.of(speaker?.name ?? source, speaker?.scope ?? 'floor'),
        size: series.length,
        series,
        feeder: entry.feeder,
        fields: new Uint8Array(0),
        units: new Int32Array(0),
        covers: [],
        waiting: 0,
        placedAt: at,
        learnt: 0,
        moved: 0,
        answeredAt: Number.NaN,
      }
      place(binding, at)
      const covers = new Set<number>()
      binding.units.forEach((unit, i) => {
        if (unit >= 0) covers.add(binding.fields[i] as number)
      })
      binding.covers = [...covers]

      for (const old of superseded(entry, covers, series.length)) {
        refreshUnits(old)
        const whole = isScrape(old) && (covers.size !== 1 || series.length === 0)
        const fields = new Set(whole ? old.covers : old.covers.filter((field) => covers.has(field)))
        withdrawMissing(old, binding, fields, at)
        for (const field of fields) entry.byField.delete(field)
      }
      for (const field of covers) entry.byField.set(field, binding)
      return binding
    },
    refresh(binding, at) {
      const moved = binding.moved !== registry.moved
      const mayBeKnownNow =
        binding.waiting > 0 && (binding.learnt !== registry.learnt || at - binding.placedAt >= staleAfterMs)
      if (moved || mayBeKnownNow) place(binding, at)
    },
    release(source, why) {
      const entry = sources.get(source)
      if (!entry) return
      sources.delete(source)
      if (why !== undefined) troubles.set(entry.feeder, boundedText(why))
    },
    nameOf: (feeder) => names[feeder] ?? '',
    troubleOf: (feeder) => troubles.get(feeder) ?? '',
  }

  /** An older binding's units may have been given away since; what stands there now is not its to take back. */
  function refreshUnits(old: LiveBinding): void {
    if (old.moved === registry.moved) return
    old.units.forEach((unit, i) => {
      const cell = registry.columns.cell[old.fields[i] as number]
      if (unit >= 0 && cell && (cell[unit] ?? CELL.never) < CELL.live) old.units[i] = -1
    })
  }
}

/** A whole exposition, in contrast to a query for one field. */
function isScrape(binding: LiveBinding): boolean {
  return binding.covers.length > 1
}

/**
 * Which bindings of the source the new one takes the place of: those that share a field with it. An answer without any
 * series replaces a scrape; of a source with several queries nobody knows which of them it answers.
 */
function superseded(entry: SourceEntry, covers: ReadonlySet<number>, size: number): Set<LiveBinding> {
  const all = new Set(entry.byField.values())
  if (size === 0) {
    const [only] = all
    return all.size === 1 && only && isScrape(only) ? all : new Set()
  }
  return new Set([...all].filter((old) => old.covers.some((field) => covers.has(field))))
}

import { Cadence } from '../../../core/cadence.ts'
import type { SeriesIdentity } from '../../../core/fleet/types.ts'
import type { Labels } from './identities.ts'

/**
 * The answer to one narrow question for the whole floor. `series` keeps its identity (===) while the same rows come in
 * the same order.
 */
export interface ColumnAnswer {
  readonly series: readonly { readonly labels: Labels }[]
  readonly values: Float64Array
}

/** One narrow question: the name that its rows go by, and labels that tell several rows of one GPU apart. */
export interface Question {
  readonly id: string
  readonly seriesName: string
  readonly extraLabels: readonly string[]
}

/** Sample time by exporter target, ms of the local wall clock. A target that is missing is not reached. */
export type SampleTimes = ReadonlyMap<string, number>

/** One exporter target's figures of one pace; they are ingested together, so that pauses are learnt per pace. */
export interface Sheet {
  readonly source: string
  readonly instance: string
  readonly cells: Cell[]
  series: SeriesIdentity[]
  /** Of the GPUs and MIG instances that have cells here. */
  readonly keys: Set<string>
  /** The same as the fleet was told it: another array once a cell came. Null until the next ingest. */
  told: readonly SeriesIdentity[] | null
  values: Float64Array
  times: Float64Array
  readonly cadence: Cadence
  /** The fleet was told of this source and it was not released since. */
  observed: boolean
  /** Others were answered in the place of all of its GPUs. */
  replaced: boolean
}

export interface Cell {
  readonly question: Question
  /** Of the GPU or MIG instance. */
  readonly key: string
  /** Of the row: the key and what else tells it apart. */
  readonly rowKey: string
  readonly extra: Labels | null
}

export interface Place {
  readonly sheet: Sheet
  index: number
}

export interface Column {
  readonly places: Map<string, Place>
  /** How many rows each GPU or MIG instance has, by its key; of questions with further labels. */
  readonly rowsOf: Map<string, number>
  /** The answer that `rows` and `missing` belong to. */
  series: ColumnAnswer['series'] | null
  /** Per row of the answer its place, null where its GPU is not known. */
  rows: (Place | null)[]
  /** Places that the answer has no row for. */
  missing: Place[]
  /** Rows without anything that names their GPU. */
  nameless: number
}

export function newSheet(source: string, instance: string): Sheet {
  return {
    source,
    instance,
    cells: [],
    series: [],
    keys: new Set(),
    told: null,
    values: new Float64Array(16),
    times: new Float64Array(16),
    cadence: new Cadence(),
    observed: false,
    replaced: false,
  }
}

export function newColumn(): Column {
  return { places: new Map(), rowsOf: new Map(), series: null, rows: [], missing: [], nameless: 0 }
}

/** Answers of one question about one GPU: its XIDs, or the pods that share it. More are made up. */
const MOST_ROWS_OF_GPU = 128

/** Whether the GPU may have one row more; without further labels it has one. */
export function admits(column: Column, { key, extra }: Cell): boolean {
  if (extra === null) return true
  const rows = column.rowsOf.get(key) ?? 0
  if (rows >= MOST_ROWS_OF_GPU) return false
  column.rowsOf.set(key, rows + 1)
  return true
}

/** A cell without a figure yet. */
export function addCell(column: Column, sheet: Sheet, cell: Cell, labels: Labels): Place {
  const index = sheet.cells.push(cell) - 1
  sheet.keys.add(cell.key)
  sheet.series.push({ name: cell.question.seriesName, labels })
  sheet.told = null
  if (index >= sheet.values.length) {
    sheet.values = grown(sheet.values)
    sheet.times = grown(sheet.times)
  }
  sheet.values[index] = Number.NaN
  sheet.times[index] = Number.NaN
  const place = { sheet, index }
  column.places.set(cell.rowKey, place)
  return place
}

/** Closes the gaps that the cells at these places leave in a sheet. */
export function removeCells(
  sheet: Sheet,
  gone: ReadonlySet<Place>,
  columnOf: (question: Question) => Column,
): void {
  const kept: { readonly cell: Cell; readonly from: number }[] = []
  sheet.cells.forEach((cell, from) => {
    const column = columnOf(cell.question)
    const place = column.places.get(cell.rowKey)
    if (!place) return
    if (gone.has(place)) forget(column, cell)
    else {
      place.index = kept.length
      kept.push({ cell, from })
    }
  })
  const { values, times, series } = sheet
  sheet.cells.splice(0, sheet.cells.length, ...kept.map(({ cell }) => cell))
  sheet.series = kept.flatMap(({ from }) => series[from] ?? [])
  sheet.values = values.map((_, i) => values[kept[i]?.from ?? -1] ?? Number.NaN)
  sheet.times = times.map((_, i) => times[kept[i]?.from ?? -1] ?? Number.NaN)
  sheet.told = null
}

export function forget({ places, rowsOf }: Column, { key, rowKey, extra }: Cell): void {
  if (!places.delete(rowKey) || extra === null) return
  const left = (rowsOf.get(key) ?? 0) - 1
  if (left > 0) rowsOf.set(key, left)
  else rowsOf.delete(key)
}

export function setCell({ sheet, index }: Place, value: number, times: SampleTimes): void {
  const at = times.get(sheet.instance)
  if (at === undefined) return
  sheet.values[index] = value
  sheet.times[index] = at
}

export function extraOf(labels: Labels, { extraLabels }: Question): Labels | null {
  if (extraLabels.length === 0) return null
  return new Map(extraLabels.map((name) => [name, labels.get(name) ?? '']))
}

function grown(values: Float64Array): Float64Array {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}

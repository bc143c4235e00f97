import { hashUnit } from './hash.ts'
import { CELL_MS, CELLS_PER_HOUR, HOUR_MS, WIDTH } from './measures.ts'
import { MINUTES, shapeAt, shapeOfMinutes } from './minuteShape.ts'
import { addPacked, packCounts } from './packed.ts'
import type { Past } from './past.ts'
import { sumsUntil } from './split.ts'

/**
 * The usage of every stream over all time that is kept, at three grains: the newest hours in cells of ten seconds, older
 * hours that were lived as sums with their shape minute by minute, and hours before the start by formula. Whatever the
 * grain, pieces add up to the whole exactly. Rows of WIDTH whole numbers per stream.
 */
export interface History {
  /** Adds a measure of a stream to the cell that holds an instant; older instants than the ring are refused. */
  book(stream: number, measure: number, count: number, atMs: number): boolean
  /** Time has come as far as this; cells that begin are empty, hours that leave the ring are packed. */
  open(atMs: number): void
  /** Adds the usage from cell to cell; `only` names the streams that matter, in any order. */
  add(into: Float64Array, fromMs: number, toMs: number, only?: ArrayLike<number>): void
  /** Usage before this is not kept. */
  keptFrom(): number
  /** Start of the newest hours, in cells. */
  ringFrom(): number
}

export interface HistoryOptions {
  readonly past: Past
  readonly streams: number
  /** Deployment of each stream. */
  readonly deploymentOf: ArrayLike<number>
  readonly deployments: number
  readonly startMs: number
  readonly retentionMs: number
  /** Seeds the phase of small streams. */
  readonly seed: number
}

/** Six whole hours and the one that runs. */
const RING_HOURS = 7
const RING_CELLS = RING_HOURS * CELLS_PER_HOUR
const HOURS_PER_DAY = 24
/** Sums of days are asked for again and again by month views; of hours, while a chart of a day is drawn. */
const MAX_DAYS = 420
const MAX_HOURS = 48

/** Part of an hour that has passed at a cell's start, by deployment. */
type PartAt = (deployment: number, cell: number) => number

export function createHistory(options: HistoryOptions): History {
  const { past, streams, deploymentOf, deployments, startMs, retentionMs, seed } = options
  const row = streams * WIDTH
  const ring = new Uint32Array(RING_CELLS * row)
  const lived = new Map<number, { sums: Uint8Array; shape: Uint16Array }>()
  const days = new Map<number, Float64Array>()
  const hours = new Map<number, { sums: Float64Array; partAt: PartAt }>()
  const all = Uint32Array.from({ length: streams }, (_, i) => i)
  const phases = Float64Array.from(all, (stream) => hashUnit(seed, stream, 77))
  /** From and up to which part of the hour, by deployment; NaN until it is known. */
  const parts = new Float64Array(deployments * 2)
  const before = new Float64Array(WIDTH)
  const after = new Float64Array(WIDTH)
  const startHour = Math.floor(startMs / HOUR_MS)
  let newest = Math.floor(startMs / CELL_MS)
  let filled = false

  const slotOf = (cell: number) => (((cell % RING_CELLS) + RING_CELLS) % RING_CELLS) * row
  const ringHour = () => Math.floor(newest / CELLS_PER_HOUR) - (RING_HOURS - 1)

  function hourOf(hour: number): { sums: Float64Array; partAt: PartAt } {
    const known = hours.get(hour)
    if (known !== undefined) return known
    const sums = new Float64Array(row)
    const kept = lived.get(hour)
    let partAt: PartAt
    if (kept !== undefined) {
      addPacked(kept.sums, sums)
      partAt = (deployment, cell) => shapeAt(kept.shape, deployment, cell)
    } else if (hour <= startHour) {
      past.addHour(hour, sums)
      const profiles = new Map<number, Float64Array>()
      partAt = (deployment, cell) => {
        let profile = profiles.get(deployment)
        if (profile === undefined) profiles.set(deployment, (profile = past.profile(deployment, hour)))
        return profile[cell] ?? 1
      }
    } else partAt = (_, cell) => cell / CELLS_PER_HOUR
    const made = { sums, partAt }
    if (hours.size >= MAX_HOURS) hours.delete(hours.keys().next().value ?? hour)
    hours.set(hour, made)
    return made
  }

  function dayFrom(hour: number): Float64Array {
    const known = days.get(hour)
    if (known !== undefined) return known
    const sums = new Float64Array(row)
    for (let h = hour; h < hour + HOURS_PER_DAY; h++) addWholeHour(h, sums)
    if (days.size >= MAX_DAYS) days.delete(days.keys().next().value ?? hour)
    days.set(hour, sums)
    return sums
  }

  function addWholeHour(hour: number, into: Float64Array): void {
    const kept = lived.get(hour)
    if (kept !== undefined) addPacked(kept.sums, into)
    else if (hour <= startHour) past.addHour(hour, into)
  }

  /** Part of an hour of one stream, from and up to a cell of the hour. */
  function addPart(
    into: Float64Array,
    hour: number,
    from: number,
    to: number,
    only: ArrayLike<number>,
  ): void {
    const { sums, partAt } = hourOf(hour)
    parts.fill(Number.NaN)
    for (let i = 0; i < only.length; i++) {
      const stream = only[i] ?? 0
      const d = deploymentOf[stream] ?? 0
      const phase = phases[stream] ?? 0
      if (Number.isNaN(parts[d * 2])) {
        parts[d * 2] = partAt(d, from)
        parts[d * 2 + 1] = partAt(d, to)
      }
      sumsUntil(sums, stream, parts[d * 2] ?? 0, phase, before)
      sumsUntil(sums, stream, parts[d * 2 + 1] ?? 1, phase, after)
      for (let m = 0; m < WIDTH; m++) {
        const at = stream * WIDTH + m
        into[at] = (into[at] ?? 0) + (after[m] ?? 0) - (before[m] ?? 0)
      }
    }
  }

  function addRing(into: Float64Array, from: number, to: number, only: ArrayLike<number> | undefined): void {
    for (let cell = from; cell < to; cell++) {
      const slot = slotOf(cell)
      if (only === undefined) {
        for (let i = 0; i < row; i++) into[i] = (into[i] ?? 0) + (ring[slot + i] ?? 0)
        continue
      }
      for (let i = 0; i < only.length; i++) {
        const at = (only[i] ?? 0) * WIDTH
        for (let m = at; m < at + WIDTH; m++) into[m] = (into[m] ?? 0) + (ring[slot + m] ?? 0)
      }
    }
  }

  function add(into: Float64Array, fromMs: number, toMs: number, only?: ArrayLike<number>): void {
    fill()
    let cell = Math.max(Math.floor(fromMs / CELL_MS), Math.floor(keptFrom() / CELL_MS))
    const end = Math.min(Math.floor(toMs / CELL_MS), newest + 1)
    const ringStart = ringHour() * CELLS_PER_HOUR
    while (cell < end) {
      if (cell >= ringStart) {
        addRing(into, cell, end, only)
        return
      }
      const hour = Math.floor(cell / CELLS_PER_HOUR)
      const inHour = cell - hour * CELLS_PER_HOUR
      const stop = Math.min(end, ringStart)
      if (inHour === 0 && stop - cell >= HOURS_PER_DAY * CELLS_PER_HOUR) {
        merge(into, dayFrom(hour), only)
        cell += HOURS_PER_DAY * CELLS_PER_HOUR
      } else if (inHour === 0 && stop - cell >= CELLS_PER_HOUR) {
        merge(into, hourOf(hour).sums, only)
        cell += CELLS_PER_HOUR
      } else {
        const to = Math.min(CELLS_PER_HOUR, inHour + stop - cell)
        addPart(into, hour, inHour, to, only ?? all)
        cell += to - inHour
      }
    }
  }

  /** An hour leaves the ring: its sums and the shape of its minutes stay. */
  function pack(hour: number): void {
    const sums = new Float64Array(row)
    const minutes = new Float64Array(deployments * MINUTES)
    for (let cell = 0; cell < CELLS_PER_HOUR; cell++) {
      const slot = slotOf(hour * CELLS_PER_HOUR + cell)
      const minute = Math.floor((cell * MINUTES) / CELLS_PER_HOUR)
      for (let i = 0; i < row; i++) {
        const count = ring[slot + i] ?? 0
        sums[i] = (sums[i] ?? 0) + count
        // Input and output come first in a row.
        if (i % WIDTH > 1) continue
        const at = (deploymentOf[Math.floor(i / WIDTH)] ?? 0) * MINUTES + minute
        minutes[at] = (minutes[at] ?? 0) + count
      }
    }
    lived.set(hour, { sums: packCounts(sums), shape: shapeOfMinutes(minutes, deployments) })
    hours.delete(hour)
    const oldest = Math.floor(keptFrom() / HOUR_MS)
    for (const known of lived.keys()) {
      if (known >= oldest) break
      lived.delete(known)
    }
  }

  function keptFrom(): number {
    return newest * CELL_MS - retentionMs
  }

  /** The newest hours before the start, so that the first picture is full. */
  function prefill(): void {
    const sums = new Float64Array(row)
    for (let cell = ringHour() * CELLS_PER_HOUR; cell <= newest; cell++) {
      const hour = Math.floor(cell / CELLS_PER_HOUR)
      sums.fill(0)
      addPart(sums, hour, cell - hour * CELLS_PER_HOUR, cell - hour * CELLS_PER_HOUR + 1, all)
      // Of the cell in which the start lies, what was before it.
      const passed = cell < newest ? 1 : startMs / CELL_MS - cell
      ring.set(passed === 1 ? sums : sums.map((count) => Math.floor(count * passed)), slotOf(cell))
    }
    hours.clear()
  }

  /** Filling takes tens of milliseconds, which a start need not wait for: the first question or booking does it. */
  function fill(): void {
    if (filled) return
    filled = true
    prefill()
  }

  return {
    book(stream, measure, count, atMs) {
      fill()
      const cell = Math.floor(atMs / CELL_MS)
      if (cell < ringHour() * CELLS_PER_HOUR || cell > newest) return false
      const at = slotOf(cell) + stream * WIDTH + measure
      ring[at] = (ring[at] ?? 0) + count
      return true
    },
    open(atMs) {
      fill()
      const cell = Math.floor(atMs / CELL_MS)
      while (newest < cell) {
        newest++
        if (newest % CELLS_PER_HOUR === 0) {
          const leaving = newest / CELLS_PER_HOUR - RING_HOURS
          if (leaving >= startHour) pack(leaving)
        }
        ring.fill(0, slotOf(newest), slotOf(newest) + row)
      }
    },
    add,
    keptFrom,
    ringFrom: () => ringHour() * CELLS_PER_HOUR * CELL_MS,
  }
}

function merge(into: Float64Array, sums: Float64Array, only: ArrayLike<number> | undefined): void {
  if (only === undefined) {
    for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + (sums[i] ?? 0)
    return
  }
  for (let i = 0; i < only.length; i++) {
    const at = (only[i] ?? 0) * WIDTH
    for (let m = at; m < at + WIDTH; m++) into[m] = (into[m] ?? 0) + (sums[m] ?? 0)
  }
}

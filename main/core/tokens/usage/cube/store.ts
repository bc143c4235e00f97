import { DIMENSIONS, type Dimension } from '../../../../../shared/metering/capabilities.ts'
import { MEASURES, type Measure } from '../../../../../shared/model/tokens.ts'
import { CubeNames, OTHERS_IDS, rowKey } from './names.ts'
import { Ring } from './ring.ts'
import type { Reach, UsageTable } from '../../types.ts'

export interface CubeOptions {
  /** How much is kept before the end of the data, ms. */
  readonly windowMs: number
  /** Combinations of names that are distinguished. */
  readonly maxRows: number
  /** Room for what is not drawn, in figures; the default is 256 MiB of them. */
  readonly maxCells?: number
}

/** What a late answer did to steps that had been complete. */
export interface Late {
  /** Added to their sum, signed; 0 where tokens only moved between groups. */
  readonly tokens: bigint
  /** Start of the earliest of them, ms. */
  readonly fromMs: number
}

/** Kept over the whole window, because they are drawn; of the others only what rates are made of. */
const DRAWN: ReadonlySet<Measure> = new Set(['input', 'output', 'rejected'])
/** Rates are means over at most this much, ms. */
const LONGEST_RATE_MS = 120_000
/** Rings are made longer by so many steps at once, so that a lag that grows does not move them with every answer. */
const SLOTS_AT_ONCE = 8
const MOST_CELLS = 32 * 1024 * 1024
const TOKENS = ['input', 'output'] as const
const FIRST_ROWS = 256
/** Idle rows go when they are so many of all, and it is looked for them so often in a window. */
const IDLE_SHARE = 0.25
const LOOKS_PER_WINDOW = 4

/**
 * The newest usage by tenant, model, endpoint and GPU type. Steps are numbered on from the first that was seen. An answer
 * replaces what was known of the steps that it covers, and nothing else; one that misses a part only adds to them, because
 * what it leaves out may stand in that part.
 */
export class CubeStore {
  readonly #options: CubeOptions
  names = new CubeNames()
  reach: Reach | null = null
  stepMs = 0
  rows = 0
  /** Rows of the last answer that had no room of their own. */
  dropped = 0
  /** Up with every answer. */
  revision = 0
  /** Step numbers; `end` is behind the newest that was covered. */
  end = 0
  ids: Record<Dimension, Int32Array> = blankIds(FIRST_ROWS)
  #rings: Record<Measure, Ring | null> = blankRings()
  #counted: Record<Measure, boolean> = blankCounted()
  /** First step from which on each ring holds all that was told. */
  #since: Record<Measure, number> = blankSince()
  #slots = 0
  #origin = 0
  #byKey = new Map<number, number>()
  /** Newest step of each row with anything in it. */
  #used = new Float64Array(FIRST_ROWS)
  #covered = new Float64Array(0)
  /** Of a step's cells, to find changes that leave the sum as it was. */
  #prints = new Int32Array(0)
  #sums = new Float64Array(0)
  #lookedAt = 0
  /** End of the newest time of which only the whole is known, ms. */
  #spreadTo = Number.NEGATIVE_INFINITY

  constructor(options: CubeOptions) {
    this.#options = options
  }

  counts(measure: Measure): Ring | null {
    return this.#counted[measure] ? this.#rings[measure] : null
  }

  /** First step from which on a measure is known; before it nothing was counted, or there was no room. */
  knownFrom(measure: Measure): number {
    const ring = this.counts(measure)
    if (ring === null) return Number.POSITIVE_INFINITY
    return Math.max(this.#since[measure], this.end - ring.slots)
  }

  /** Oldest step that is kept. */
  get first(): number {
    return Math.max(0, this.end - this.#slots)
  }

  /** Behind the newest step that is wholly within the reach. */
  get complete(): number {
    if (this.reach === null) return 0
    return Math.min(this.end, Math.floor((this.reach.dataAsOf - this.#origin) / this.stepMs))
  }

  isCovered(step: number): boolean {
    return step >= this.first && this.#covered[step % this.#slots] === step
  }

  /** First step of which it is known what was used in it, and not only what in a longer time. */
  get steadyFrom(): number {
    return Math.max(this.first, Math.ceil((this.#spreadTo - this.#origin) / this.stepMs))
  }

  /** Start of a step, ms. */
  timeOf(step: number): number {
    return this.#origin + step * this.stepMs
  }

  /** Tokens of complete steps that begin within a time, ms. */
  tokensBetween(fromMs: number, toMs: number): number {
    let tokens = 0
    for (let step = this.first; step < this.complete; step++) {
      const time = this.timeOf(step)
      if (time >= fromMs && time < toMs && this.isCovered(step)) tokens += this.#sums[step % this.#slots] ?? 0
    }
    return tokens
  }

  merge(table: UsageTable): Late | null {
    const [first] = table.times
    if (first === undefined) return null
    const stepMs = (table.toMs - first) / table.times.length
    if (stepMs !== this.stepMs || first < this.#origin || (first - this.#origin) % stepMs !== 0) {
      this.#restart(table, stepMs)
    }
    const completeBefore = this.complete
    const from = Math.round((first - this.#origin) / stepMs)
    const to = from + table.times.length
    const endBefore = this.end
    this.end = Math.max(this.end, to)
    const { dataAsOf, complete, missing, doubts = [], notes = [], spread = [] } = table
    this.reach = { dataAsOf, complete, missing, doubts, notes }
    this.#spreadTo = Math.max(this.#spreadTo, ...spread.map(({ toMs }) => toMs))
    const kept = Math.max(from, this.first)
    /** Steps before this one hold figures that a part cannot take away. */
    const raisedBefore = table.complete ? Number.NEGATIVE_INFINITY : endBefore
    const wasSums = new Map<number, { sum: number; print: number }>()
    for (let step = kept; step < to; step++) {
      const slot = step % this.#slots
      if (step < completeBefore && this.#covered[slot] === step) {
        wasSums.set(step, { sum: this.#sums[slot] as number, print: this.#prints[slot] as number })
      }
      const stays = step < raisedBefore && this.#covered[slot] === step
      this.#covered[slot] = step
      if (stays) continue
      this.#sums[slot] = 0
      this.#prints[slot] = 0
    }
    for (const measure of MEASURES) {
      this.#counted[measure] = table.counts[measure] !== null
      const ring = this.#ringFor(measure, endBefore)
      this.#since[measure] = this.#sinceWith(measure, kept, to)
      if (ring === null) continue
      // Steps without an answer hold what was there a round ago.
      const stale = table.complete ? Math.min(kept, endBefore) : endBefore
      const start = Math.max(stale, this.end - ring.slots)
      if (start < to) for (let row = 0; row < this.rows; row++) ring.clear(row, start, to)
    }
    this.#put(table, from, kept, to, raisedBefore)
    this.revision += 1
    this.#forgetIdle()
    return this.#lateOf(wasSums)
  }

  #put(table: UsageTable, from: number, kept: number, to: number, raisedBefore: number): void {
    this.dropped = 0
    const steps = table.times.length
    for (const [index, dims] of table.rows.entries()) {
      const row = this.#rowOf(dims)
      let used = -1
      for (const measure of MEASURES) {
        const counts = table.counts[measure]
        const ring = this.#rings[measure]
        if (counts === null || ring === null) continue
        const printed = TOKENS.find((each) => each === measure)
        // Old steps have no place in a short ring: they would overwrite new ones.
        for (let step = Math.max(kept, this.end - ring.slots); step < to; step++) {
          const value = counts.approximate(index * steps + step - from)
          if (value === 0) continue
          used = Math.max(used, step)
          const stood = step < raisedBefore ? ring.get(row, step) : 0
          if (value <= stood) continue
          ring.add(row, step, value - stood)
          if (printed === undefined) continue
          const slot = step % this.#slots
          this.#sums[slot] = (this.#sums[slot] as number) + value - stood
          this.#prints[slot] =
            (this.#prints[slot] as number) + printOf(row, printed, value) - printOf(row, printed, stood)
        }
      }
      if (used > (this.#used[row] as number)) this.#used[row] = used
    }
  }

  #lateOf(before: ReadonlyMap<number, { readonly sum: number; readonly print: number }>): Late | null {
    let tokens = 0
    let earliest = -1
    for (const [step, { sum, print }] of before) {
      const slot = step % this.#slots
      if (this.#sums[slot] === sum && this.#prints[slot] === print) continue
      tokens += (this.#sums[slot] as number) - sum
      if (earliest < 0 || step < earliest) earliest = step
    }
    return earliest < 0 ? null : { tokens: BigInt(tokens), fromMs: this.timeOf(earliest) }
  }

  #rowOf(dims: UsageTable['rows'][number]): number {
    const ids = {
      gpuType: this.names.idOf('gpuType', dims),
      model: this.names.idOf('model', dims),
      endpoint: this.names.idOf('endpoint', dims),
      tenant: this.names.idOf('tenant', dims),
    }
    const key = rowKey(ids)
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    // The last place is for all that have none.
    if (this.rows >= this.#options.maxRows - 1) {
      this.dropped += 1
      const others = rowKey(OTHERS_IDS)
      return this.#byKey.get(others) ?? this.#newRow(others, OTHERS_IDS)
    }
    return this.#newRow(key, ids)
  }

  #newRow(key: number, ids: Readonly<Record<Dimension, number>>): number {
    const row = this.rows
    this.rows += 1
    if (this.rows > this.#used.length) this.#grow(this.#used.length * 2)
    this.#byKey.set(key, row)
    for (const dimension of DIMENSIONS) this.ids[dimension][row] = ids[dimension]
    this.#used[row] = this.end
    return row
  }

  #grow(rows: number): void {
    this.#used = enlarged(this.#used, new Float64Array(rows))
    for (const dimension of DIMENSIONS) {
      this.ids[dimension] = enlarged(this.ids[dimension], new Int32Array(rows))
    }
    for (const ring of Object.values(this.#rings)) ring?.grow(rows)
  }

  /** The ring of a measure, long enough for rates; null while it is not counted. */
  #ringFor(measure: Measure, endBefore: number): Ring | null {
    const ring = this.#rings[measure]
    if (ring === null && !this.#counted[measure]) return null
    const slots = DRAWN.has(measure) ? this.#slots : this.#shortSlots()
    if (ring === null) {
      this.#rings[measure] = new Ring(slots, this.#used.length)
    } else if (ring.slots < slots || ring.slots > 2 * slots) {
      this.#since[measure] = Math.max(this.#since[measure], endBefore - ring.slots)
      this.#rings[measure] = ring.resized(slots, this.#used.length, endBefore)
    }
    return this.#rings[measure]
  }

  /** Rates end where the data end and not now: what the metering lags comes on top. */
  #shortSlots(): number {
    const rates = Math.ceil(LONGEST_RATE_MS / this.stepMs) + 4
    const wanted = rates + Math.ceil((this.end - this.complete) / SLOTS_AT_ONCE) * SLOTS_AT_ONCE
    const { maxCells = MOST_CELLS } = this.#options
    const room = Math.floor(maxCells / ((MEASURES.length - DRAWN.size) * this.#used.length))
    return Math.min(this.#slots, Math.max(rates, Math.min(wanted, room)))
  }

  /** From where on a measure is known when an answer told, or did not tell, these steps of it. */
  #sinceWith(measure: Measure, from: number, to: number): number {
    const since = this.#since[measure]
    if (!this.#counted[measure]) return Math.max(since, to)
    return from < since && to >= Math.min(since, this.end) ? from : since
  }

  /** Rows that used nothing in the whole window go, with their names, so that the cube never grows for ever. */
  #forgetIdle(): void {
    if (this.end - this.#lookedAt < this.#slots / LOOKS_PER_WINDOW) return
    this.#lookedAt = this.end
    const kept: number[] = []
    for (let row = 0; row < this.rows; row++) if ((this.#used[row] as number) >= this.first) kept.push(row)
    if (kept.length >= this.rows * (1 - IDLE_SHARE)) return
    const names = new CubeNames()
    const byKey = new Map<number, number>()
    for (const [to, row] of kept.entries()) {
      const dims = Object.fromEntries(
        DIMENSIONS.map((dimension) => [
          dimension,
          this.names.of(dimension)[this.ids[dimension][row] as number],
        ]),
      )
      const ids = Object.fromEntries(
        DIMENSIONS.map((dimension) => [dimension, names.idOf(dimension, dims)]),
      ) as Record<Dimension, number>
      for (const dimension of DIMENSIONS) this.ids[dimension][to] = ids[dimension]
      this.#used[to] = this.#used[row] as number
      byKey.set(rowKey(ids), to)
    }
    for (const ring of Object.values(this.#rings)) ring?.keep(kept)
    this.names = names
    this.#byKey = byKey
    this.rows = kept.length
    // Prints name rows by their number.
    this.#prints.fill(0)
    for (let step = this.first; step < this.end; step++) {
      const slot = step % this.#slots
      for (const measure of TOKENS) {
        const ring = this.#rings[measure]
        if (ring === null || !this.isCovered(step)) continue
        for (let row = 0; row < this.rows; row++) {
          const value = ring.get(row, step)
          if (value !== 0) this.#prints[slot] = (this.#prints[slot] as number) + printOf(row, measure, value)
        }
      }
    }
  }

  #restart(table: UsageTable, stepMs: number): void {
    this.stepMs = stepMs
    this.#slots = Math.max(table.times.length, Math.ceil(this.#options.windowMs / stepMs)) + 1
    this.#origin = table.times[0] ?? 0
    this.end = 0
    this.rows = 0
    this.reach = null
    this.names = new CubeNames()
    this.#byKey = new Map()
    this.#used = new Float64Array(FIRST_ROWS)
    this.ids = blankIds(FIRST_ROWS)
    this.#rings = blankRings()
    this.#counted = blankCounted()
    this.#since = blankSince()
    this.#covered = new Float64Array(this.#slots).fill(-1)
    this.#prints = new Int32Array(this.#slots)
    this.#sums = new Float64Array(this.#slots)
    this.#lookedAt = 0
    this.#spreadTo = Number.NEGATIVE_INFINITY
  }
}

/** Adds up, in any order and in parts, to another sum when a figure changes or moves to another row. */
function printOf(row: number, measure: 'input' | 'output', value: number): number {
  const weight = Math.imul(2 * row + (measure === 'input' ? 1 : 0) + 1, 0x9e3779b1) | 1
  return Math.imul(weight, value % 4_294_967_296)
}

function enlarged<T extends Float64Array | Int32Array>(from: T, into: T): T {
  into.set(from)
  return into
}

function blankIds(rows: number): Record<Dimension, Int32Array> {
  return {
    gpuType: new Int32Array(rows),
    model: new Int32Array(rows),
    endpoint: new Int32Array(rows),
    tenant: new Int32Array(rows),
  }
}

function blankRings(): Record<Measure, Ring | null> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, null])) as Record<Measure, null>
}

function blankCounted(): Record<Measure, boolean> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, false])) as Record<Measure, boolean>
}

function blankSince(): Record<Measure, number> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, Number.POSITIVE_INFINITY])) as Record<
    Measure,
    number
  >
}

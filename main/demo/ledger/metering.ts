import { createRandom } from '../factory/random.ts'
import type { Client } from './clients.ts'
import { hashUnit } from './hash.ts'
import type { History } from './history.ts'
import { AT, CELL_MS, WIDTH } from './measures.ts'
import type { Correction, LedgerFaults } from './types.ts'

/** How far the metering is usually behind, seconds. */
export const USUAL_LAG = { least: 5, most: 8 } as const
/** Under `lateEvents` one booking in so many is held back, for so long. */
const LATE_EVERY = 25
const LATE_SECONDS = { least: 120, most: 360 } as const
/** Under `unknownModel` one booking of one stream in so many is metered under another model. */
const UNKNOWN_EVERY = 40

interface HeldBack {
  readonly dueMs: number
  readonly atMs: number
  readonly stream: number
  readonly counts: Float64Array
}

/** Books what was served as the metering learns of it: the faults stand between the two. */
export interface Metering {
  /** @param counts a row of WIDTH per stream */
  book(counts: Float64Array, atMs: number): void
  /** Lets time pass: the reach moves on and late events come in. */
  tick(nowMs: number): void
  dataAsOf(): number
  lastCorrection(): Correction | null
}

export interface MeteringOptions {
  readonly clients: readonly Client[]
  readonly history: History
  readonly faults: LedgerFaults
  /** Stream under which a model is metered that is not known, and the stream that it is taken from. */
  readonly unknown: { readonly stream: number; readonly of: number }
  readonly seed: number
  readonly startMs: number
}

export function createMetering(options: MeteringOptions): Metering {
  const { clients, history, faults, unknown, seed } = options
  const random = createRandom(seed, 'metering')
  const leaking = new Float64Array(clients.length * WIDTH)
  const row = new Float64Array(WIDTH)
  let held: HeldBack[] = []
  let correction: Correction | null = null
  let asOf = 0
  moveOn(options.startMs)

  function moveOn(nowMs: number): void {
    const { least, most } = USUAL_LAG
    const usual = least + (most - least) * hashUnit(seed, Math.floor(nowMs / CELL_MS), 5)
    const reach = nowMs - (usual + Math.max(0, faults.lagSeconds)) * 1000
    asOf = Math.max(asOf, Math.floor(reach / CELL_MS) * CELL_MS)
  }

  function leak(stream: number): void {
    const { leak: fault } = faults
    if (fault === null || (fault.model !== null && fault.model !== clients[stream]?.model)) return
    for (const measure of [AT.input, AT.output, AT.cachedInput, AT.reasoning, AT.errorTokens]) {
      const at = stream * WIDTH + measure
      const lost = (leaking[at] ?? 0) + (row[measure] ?? 0) * Math.min(1, Math.max(0, fault.share))
      const whole = Math.min(row[measure] ?? 0, Math.floor(lost))
      leaking[at] = lost - whole
      row[measure] = (row[measure] ?? 0) - whole
    }
    row[AT.cachedInput] = Math.min(row[AT.cachedInput] ?? 0, row[AT.input] ?? 0)
    row[AT.reasoning] = Math.min(row[AT.reasoning] ?? 0, row[AT.output] ?? 0)
    const both = (row[AT.input] ?? 0) + (row[AT.output] ?? 0)
    row[AT.errorTokens] = Math.min(row[AT.errorTokens] ?? 0, both)
  }

  function put(stream: number, counts: Float64Array, atMs: number): void {
    for (let m = 0; m < WIDTH; m++) {
      const count = counts[m] ?? 0
      if (count > 0) history.book(stream, m, count, atMs)
    }
  }

  return {
    book(counts, atMs) {
      for (let stream = 0; stream < clients.length; stream++) {
        const at = stream * WIDTH
        if (counts[at + AT.requests] === 0 && counts[at + AT.rejected] === 0) continue
        row.set(counts.subarray(at, at + WIDTH))
        leak(stream)
        if (faults.lateEvents && random.below(LATE_EVERY) === 0) {
          const seconds = LATE_SECONDS.least + (LATE_SECONDS.most - LATE_SECONDS.least) * random.next()
          held.push({ dueMs: atMs + seconds * 1000, atMs, stream, counts: row.slice() })
          continue
        }
        const strange = faults.unknownModel && stream === unknown.of && random.below(UNKNOWN_EVERY) === 0
        put(strange ? unknown.stream : stream, row, atMs)
      }
    },
    tick(nowMs) {
      moveOn(nowMs)
      if (held.length === 0) return
      const due = held.filter((late) => late.dueMs <= nowMs)
      if (due.length === 0) return
      held = held.filter((late) => late.dueMs > nowMs)
      for (const { stream, counts, atMs } of due) put(stream, counts, atMs)
      const cells = due.map(({ atMs }) => Math.floor(atMs / CELL_MS) * CELL_MS).filter((cell) => cell < asOf)
      if (cells.length > 0) correction = { at: nowMs, fromMs: Math.min(...cells) }
    },
    dataAsOf: () => asOf,
    lastCorrection: () => correction,
  }
}

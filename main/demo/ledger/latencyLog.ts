import type { Factory } from '../factory/factory.ts'
import { SLOW_SPEED } from '../factory/slowness.ts'
import type { LatencyKind } from '../../../shared/metering/capabilities.ts'
import { dealInto, latencyLaws, waitSeconds } from './latencies.ts'
import { hashUnit, seedOf } from './hash.ts'
import { CELL_MS, CELLS_PER_HOUR, DAY_MS, HOUR_MS } from './measures.ts'
import type { Past } from './past.ts'
import type { Shape } from './shapes.ts'

/** Latencies are kept for so many days: an objective's month, and the day that runs. */
export const LATENCY_KEPT_DAYS = 31
/** Hours of before the start that are computed once; whoever reads the past reads it in order. */
const MAX_HOURS = 26

/**
 * What every deployment's latencies depended on, cell by cell: its load and its queue. Histograms of streams are dealt
 * from it on demand, the same whenever they are asked for.
 */
export interface LatencyLog {
  /** Notes load and queue of the cell that holds this instant. */
  record(atMs: number): void
  /** Adds the histogram of so many observations of one stream in one cell. */
  addCell(into: Float64Array, kind: LatencyKind, of: LatencyCell): void
}

export interface LatencyCell {
  readonly stream: number
  readonly deployment: number
  readonly shape: Shape
  readonly atMs: number
  readonly observations: number
}

/** What is kept of a deployment in a cell: its load, seconds of waiting, the share of its requests that slow servers had. */
const FACTS = 3

/** FACTS by deployment, of consecutive cells. */
interface Stretch {
  readonly cells: Float32Array
  readonly firstCell: number
}

export function createLatencyLog(factory: Factory, past: Past, startMs: number): LatencyLog {
  const { deployments } = factory.placement
  const { intake, slowness } = factory
  const width = deployments.length * FACTS
  const seed = seedOf(factory.options.seed, 'latency')
  const startCell = Math.floor(startMs / CELL_MS)
  /** By day since 1970; only days that were lived have one. */
  const lived = new Map<number, Stretch>()
  const before = new Map<number, Stretch>()

  function livedAt(cell: number): Stretch {
    const day = Math.floor((cell * CELL_MS) / DAY_MS)
    let stretch = lived.get(day)
    if (stretch === undefined) {
      const firstCell = (day * DAY_MS) / CELL_MS
      stretch = { cells: new Float32Array((DAY_MS / CELL_MS) * width), firstCell }
      lived.set(day, stretch)
      for (const old of lived.keys()) if (old < day - LATENCY_KEPT_DAYS) lived.delete(old)
    }
    return stretch
  }

  function beforeStart(cell: number): Stretch {
    const hour = Math.floor((cell * CELL_MS) / HOUR_MS)
    const known = before.get(hour)
    if (known !== undefined) return known
    const stretch = { cells: new Float32Array(CELLS_PER_HOUR * width), firstCell: hour * CELLS_PER_HOUR }
    deployments.forEach(({ spec }, d) => {
      if (spec.kind === 'serving') fill(stretch, d, hour)
    })
    if (before.size >= MAX_HOURS) before.delete(before.keys().next().value ?? hour)
    before.set(hour, stretch)
    return stretch
  }

  function fill({ cells }: Stretch, d: number, hour: number): void {
    const profile = past.profile(d, hour)
    const mean = past.load(d, hour) * CELLS_PER_HOUR
    for (let c = 0; c < CELLS_PER_HOUR; c++) {
      const usual = mean * ((profile[c + 1] ?? 1) - (profile[c] ?? 0))
      const { load, waitSeconds: wait } = past.strained(d, usual, hour * HOUR_MS + c * CELL_MS)
      cells[c * width + d * FACTS] = load
      cells[c * width + d * FACTS + 1] = wait
    }
  }

  return {
    record(atMs) {
      const cell = Math.floor(atMs / CELL_MS)
      const { cells, firstCell } = livedAt(cell)
      const slot = (cell - firstCell) * width
      deployments.forEach((_, d) => {
        cells[slot + d * FACTS] = intake.load[d] ?? 0
        cells[slot + d * FACTS + 1] = waitSeconds(factory, d)
        cells[slot + d * FACTS + 2] = slowness.share(d)
      })
    },
    addCell(into, kind, { stream, deployment, shape, atMs, observations }) {
      const cell = Math.floor(atMs / CELL_MS)
      const { cells, firstCell } = cell < startCell ? beforeStart(cell) : livedAt(cell)
      const at = (cell - firstCell) * width + deployment * FACTS
      const load = cells[at] ?? 0
      const wait = cells[at + 1] ?? 0
      const phase = hashUnit(seed, stream, cell, kind.length)
      const slow = Math.min(observations, Math.floor(observations * (cells[at + 2] ?? 0) + phase))
      if (slow > 0) dealInto(into, 0, kind, latencyLaws(shape, load, wait, SLOW_SPEED)[kind], slow, phase)
      dealInto(into, 0, kind, latencyLaws(shape, load, wait)[kind], observations - slow, phase)
    },
  }
}

import type { Factory } from '../factory/factory.ts'
import type { LatencyKind } from '../../../shared/metering/capabilities.ts'
import { dealInto, latencyLaws, waitSeconds } from './latencies.ts'
import { hashUnit, seedOf } from './hash.ts'
import { CELL_MS, HOUR_MS } from './measures.ts'
import type { Past } from './past.ts'
import type { Shape } from './shapes.ts'

/** Latencies are kept for so long. */
export const LATENCY_KEPT_MS = HOUR_MS
const RING_CELLS = LATENCY_KEPT_MS / CELL_MS + 12

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

export function createLatencyLog(factory: Factory, past: Past, startMs: number): LatencyLog {
  const { deployments } = factory.placement
  const { intake } = factory
  const width = deployments.length * 2
  const ring = new Float64Array(RING_CELLS * width)
  const seed = seedOf(factory.options.seed, 'latency')
  const slotOf = (cell: number) => (cell % RING_CELLS) * width
  const startCell = Math.floor(startMs / CELL_MS)
  for (let cell = startCell - RING_CELLS + 1; cell <= startCell; cell++) {
    const hour = Math.floor((cell * CELL_MS) / HOUR_MS)
    deployments.forEach((_, d) => {
      ring[slotOf(cell) + d * 2] = past.load(d, hour)
    })
  }

  return {
    record(atMs) {
      const slot = slotOf(Math.floor(atMs / CELL_MS))
      deployments.forEach(({ capacity }, d) => {
        ring[slot + d * 2] = intake.load[d] ?? 0
        ring[slot + d * 2 + 1] = waitSeconds(intake.queued[d] ?? 0, capacity)
      })
    },
    addCell(into, kind, { stream, deployment, shape, atMs, observations }) {
      const cell = Math.floor(atMs / CELL_MS)
      const at = slotOf(cell) + deployment * 2
      const law = latencyLaws(shape, ring[at] ?? 0, ring[at + 1] ?? 0)[kind]
      dealInto(into, 0, kind, law, observations, hashUnit(seed, stream, cell, kind.length))
    },
  }
}

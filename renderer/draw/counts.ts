import { FIGURE, PRESENCE, SEVERITY } from '../../shared/model/figure.ts'
import type { FleetFrame } from '../../shared/model/frame.ts'
import type { FloorLayout } from './layout/layout.ts'

/** What stands in the header of a band. */
export interface BandCount {
  present: number
  missing: number
  /** Sum over boards with a known figure, W, and how many those are. */
  watts: number
  boards: number
  advisory: number
  critical: number
}

export interface FloorCounts {
  /** Per band of the layout. */
  readonly bands: readonly BandCount[]
  /** Rows, ascending; all of them, because the first few thousand would make one floor look worse than the next. */
  readonly critical: readonly number[]
  readonly advisory: readonly number[]
}

export const NO_COUNTS: FloorCounts = { bands: [], critical: [], advisory: [] }

/** One pass over the physical GPUs of a frame. @param watts the power column with its states; null where not carried */
export function countFloors(
  layout: FloorLayout,
  frame: FleetFrame,
  watts: { readonly values: Float32Array; readonly states: Uint8Array } | null,
): FloorCounts {
  const bands = layout.bands.map(
    (): BandCount => ({ present: 0, missing: 0, watts: 0, boards: 0, advisory: 0, critical: 0 }),
  )
  const critical: number[] = []
  const advisory: number[] = []
  const rows = layout.pixelOf.length
  for (let row = 0; row < rows; row++) {
    const band = bands[layout.bandOf[row] as number]
    if (!band) continue
    if (frame.presence[row] === PRESENCE.missing) band.missing++
    else band.present++
    const state = watts?.states[row]
    const drawn = watts?.values[row] ?? Number.NaN
    // One contradictory row (good, but without a number) must not cost the floor its sum.
    if ((state === FIGURE.ok || state === FIGURE.zero) && Number.isFinite(drawn)) {
      band.watts += drawn
      band.boards++
    }
    const severity = frame.severity[row] as number
    if (severity === SEVERITY.normal) continue
    if (severity === SEVERITY.advisory) {
      band.advisory++
      advisory.push(row)
    } else {
      band.critical++
      critical.push(row)
    }
  }
  return { bands, critical, advisory }
}

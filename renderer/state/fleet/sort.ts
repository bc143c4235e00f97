import { FIGURE, SEVERITY } from '../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'

/** How much a state asks for a person when the severity is equal; index is the FIGURE code. */
const CONCERN = new Uint8Array(256).fill(4)
CONCERN[FIGURE.implausible] = 4
CONCERN[FIGURE.absent] = 3
CONCERN[FIGURE.stale] = 2
CONCERN[FIGURE.zero] = 0
CONCERN[FIGURE.ok] = 0

const CLASSES = 32

/**
 * "Abnormal first": critical before advisory before normal; within a severity refused, absent and stale figures before
 * good ones; then in the order of the floor. A counting sort, stable, so that a list does not jump while being read.
 * @param rows physical GPUs
 * @param mask rows to take, 1 each; null for all
 */
export function sortRows(frame: FleetFrame, rows: number, mask: Uint8Array | null = null): Uint32Array {
  const starts = new Uint32Array(CLASSES + 1)
  let total = 0
  for (let row = 0; row < rows; row++) {
    if (mask !== null && mask[row] === 0) continue
    const place = classOf(frame, row) + 1
    starts[place] = (starts[place] as number) + 1
    total++
  }
  for (let i = 1; i <= CLASSES; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number)
  const sorted = new Uint32Array(total)
  for (let row = 0; row < rows; row++) {
    if (mask !== null && mask[row] === 0) continue
    const place = classOf(frame, row)
    sorted[starts[place] as number] = row
    starts[place] = (starts[place] as number) + 1
  }
  return sorted
}

/** 0 is the worst. A severity that this screen does not know counts as critical. */
function classOf(frame: FleetFrame, row: number): number {
  const severity = Math.min(frame.severity[row] as number, SEVERITY.critical)
  return (SEVERITY.critical - severity) * 8 + (4 - (CONCERN[frame.state[row] as number] as number))
}

import { slopeOf } from '../bench/statistics.ts'

/** What the console took at one moment; heap and external bytes after a forced collection, resident ones before it. */
export interface SoakSample {
  /** Since its start. */
  readonly hours: number
  readonly heapBytes: number
  readonly externalBytes: number
  readonly residentBytes: number
}

export interface SoakVerdict {
  /** Upper end of the 95 % interval of the slope after warm-up, MB/h. */
  readonly heapBound: number
  readonly externalBound: number
  readonly heapSlope: number
  readonly externalSlope: number
  /** Resident memory of the last tenth against the level after warm-up. */
  readonly residentRatio: number
  readonly failures: readonly string[]
}

const MEGABYTE = 1e6
const MOST_PER_HOUR = 1
const RESIDENT_WITHIN = 0.05
/** Means of this many neighbours: single samples resemble their neighbours and would make the slope look surer than it is. */
const BLOCK = 4

/**
 * @param warmUpHours what came before is not judged: rings of the last quarter of an hour fill
 * @throws RangeError for fewer samples than a slope can be told from
 */
export function judgeSoak(samples: readonly SoakSample[], warmUpHours: number): SoakVerdict {
  const warm = samples.filter(({ hours }) => hours >= warmUpHours)
  const slope = (of: (sample: SoakSample) => number) =>
    slopeOf(blocksOf(warm, (sample) => ({ x: sample.hours, y: of(sample) / MEGABYTE })))
  const heap = slope(({ heapBytes }) => heapBytes)
  const external = slope(({ externalBytes }) => externalBytes)
  const tenth = Math.max(1, Math.floor(warm.length / 10))
  const resident = (part: readonly SoakSample[]) =>
    part.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / part.length
  const residentRatio = resident(warm.slice(-tenth)) / resident(warm.slice(0, tenth))

  const failures: string[] = []
  const judge = (what: string, { upper }: { upper: number }) => {
    if (!(upper < MOST_PER_HOUR))
      failures.push(`${what} may grow by ${upper.toFixed(2)} MB/h, at most ${MOST_PER_HOUR} is allowed`)
  }
  judge('the heap', heap)
  judge('memory outside the heap', external)
  if (!(Math.abs(residentRatio - 1) <= RESIDENT_WITHIN))
    failures.push(
      `resident memory went to ${(residentRatio * 100).toFixed(1)} % of its level after warm-up, 95 to 105 % are allowed`,
    )
  return {
    heapBound: heap.upper,
    externalBound: external.upper,
    heapSlope: heap.slope,
    externalSlope: external.slope,
    residentRatio,
    failures,
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

function blocksOf(samples: readonly SoakSample[], pointOf: (sample: SoakSample) => Point): Point[] {
  const blocks: Point[] = []
  for (let from = 0; from + BLOCK <= samples.length; from += BLOCK) {
    const points = samples.slice(from, from + BLOCK).map(pointOf)
    const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / BLOCK
    blocks.push({ x: mean(({ x }) => x), y: mean(({ y }) => y) })
  }
  return blocks
}

import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from '../../../core/tokens/usage/counts.ts'
import type { Dims, Reach, UsageTable } from '../../../core/tokens/types.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import type { UsageQuestion } from '../types.ts'
import { passes, stepAt } from '../usage/builder.ts'
import type { UsageSteps } from '../usage/steps.ts'
import { only, rowKey } from '../usage/table.ts'
import type { Slice } from './counters.ts'
import { COUNTED, type CountedMeasure } from './series.ts'

/** Rows times steps of one table; each costs about 65 bytes. */
const MOST_CELLS = 2_000_000

/** Slices of counters as they were kept. */
export interface Kept {
  readonly slices: readonly Slice[]
  /** Names of the rows of the slices. */
  readonly rows: readonly Dims[]
  readonly counted: ReadonlySet<CountedMeasure>
  readonly reach: Reach
}

/** The part of a slice that lies in one step. */
interface Share {
  readonly step: number
  /** From and up to where in the slice, 0–1; 1 is its very end. */
  readonly from: number
  readonly to: number
}

/**
 * Slices as columns of steps. The engine asks for this every few seconds and there may be ten thousand rows, so names are
 * looked up once for each row and sums are plain numbers: an hour of tokens is far below 2^53.
 * @param offsetMs moves the slices to the clock of the steps
 * @throws SourceFailure where the table outgrows what can be held
 */
export function tableOfSlices(
  { groupBy, filters }: Pick<UsageQuestion, 'groupBy' | 'filters'>,
  steps: UsageSteps,
  { slices, rows, counted, reach }: Kept,
  offsetMs: number,
): UsageTable {
  const size = steps.times.length
  const shared = slices.map((slice) => ({ slice, shares: sharesOf(slice, steps, offsetMs) }))
  const asked = shared.filter(({ shares }) => shares.length > 0)
  const { names, places } = placesOf(asked.map(({ slice }) => slice))
  const cells = names.length * size
  if (cells > MOST_CELLS) {
    throw new SourceFailure({
      code: 'too-large',
      text: `LiteLLM: usage has ${cells} points, and at most ${MOST_CELLS} can be held`,
      nextStep: 'Ask for a shorter time, longer steps or fewer groups.',
    })
  }
  const given = new Uint8Array(cells)
  const sums = COUNTED.map((measure) => (counted.has(measure) ? new Float64Array(cells) : null))
  for (const { slice, shares } of asked) {
    slice.rows.forEach((row, i) => {
      const place = places[row] as number
      if (place < 0) return
      for (const { step, from, to } of shares) {
        const cell = place * size + step
        given[cell] = 1
        for (let column = 0; column < COUNTED.length; column++) {
          const total = slice.values[i * COUNTED.length + column] as number
          const sum = sums[column] ?? null
          if (total === 0 || sum === null) continue
          sum[cell] = (sum[cell] as number) + Math.floor(total * to) - Math.floor(total * from)
        }
      }
    })
  }
  const counts = Object.fromEntries(
    MEASURES.map((measure) => [measure, countsOf(sums[COUNTED.indexOf(measure as CountedMeasure)] ?? null)]),
  ) as Record<Measure, Counts | null>
  return { ...reach, times: steps.times, toMs: steps.toMs, rows: names, restRow: -1, counts, given }

  /** Rows of the table and, by row of the slices, the place of each; -1 where it does not pass. */
  function placesOf(used: readonly Slice[]) {
    const UNKNOWN = -2
    const found = new Int32Array(rows.length).fill(UNKNOWN)
    const groups = new Map<string, number>()
    const made: Dims[] = []
    for (const slice of used) {
      for (const row of slice.rows) {
        if (found[row] !== UNKNOWN) continue
        const dims = rows[row] as Dims
        if (!passes(dims, filters)) {
          found[row] = -1
          continue
        }
        const group = only(dims, groupBy)
        const key = rowKey(group, groupBy)
        let place = groups.get(key)
        if (place === undefined) groups.set(key, (place = made.push(group) - 1))
        found[row] = place
      }
    }
    return { names: made, places: found }
  }
}

/** Counts of a slice are spread evenly over its time; each end is rounded down, so the shares add up exactly. */
function sharesOf(slice: Slice, steps: UsageSteps, offsetMs: number): Share[] {
  const begin = slice.fromMs + offsetMs
  const end = slice.toMs + offsetMs
  const last = Math.min(end, steps.toMs)
  const shares: Share[] = []
  const at = (ms: number) => (ms === end ? 1 : (ms - begin) / (end - begin))
  for (let from = Math.max(begin, steps.times[0] ?? end); from < last; ) {
    const step = stepAt(steps, from)
    const to = Math.min(last, steps.times[step + 1] ?? steps.toMs)
    shares.push({ step, from: at(from), to: at(to) })
    from = to
  }
  return shares
}

function countsOf(sums: Float64Array | null): Counts | null {
  if (sums === null) return null
  const counts = new Counts(sums.length)
  sums.forEach((sum, cell) => {
    if (sum !== 0) counts.set(cell, sum)
  })
  return counts
}

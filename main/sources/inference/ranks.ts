import type { Labels } from './identity.ts'
import type { Ranks } from './mapping.ts'

/** A value of an exposition and the factor to its unit. */
export interface Cell {
  readonly index: number
  readonly scale: number
}

/**
 * Cells of one process each: those of one entry say the same again, rank by rank. Processes of their own (data-parallel
 * ranks, label sets that nobody here knows) stay apart and are added.
 */
export type Processes = readonly (readonly Cell[])[]

/** Tells what is repeated by the ranks that are named, whatever other labels the series have. */
export function processesOf(
  all: readonly { readonly labels: Labels; readonly ranks: Ranks | undefined; readonly cell: Cell }[],
): Processes {
  const byProcess = new Map<string, Cell[]>()
  for (const { labels, ranks, cell } of all) {
    const key = keyWithout(labels, ranks?.repeated ?? [])
    const there = byProcess.get(key)
    if (there === undefined) byProcess.set(key, [cell])
    else there.push(cell)
  }
  return [...byProcess.values()]
}

/** Labels but for some, as text. */
export function keyWithout(labels: Labels, left: readonly string[]): string {
  return [...labels]
    .filter(([name]) => !left.includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('\u0000')
}

/** What each process says, in its unit; those that say nothing are left out. */
export function readEach(processes: Processes, values: Float64Array): number[] {
  return processes.flatMap((cells) => {
    const said = cells.flatMap(({ index, scale }) => {
      const value = values[index] ?? Number.NaN
      return Number.isFinite(value) ? [value * scale] : []
    })
    return said.length === 0 ? [] : [Math.max(...said)]
  })
}

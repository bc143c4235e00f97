import type { Labels } from './identity.ts'
import type { Ranks } from './rules.ts'

/** A value of an exposition and the factor to its unit. */
export interface Cell {
  readonly index: number
  readonly scale: number
}

/**
 * Cells by process, and in it by rank. Processes of their own (data-parallel ranks) are added; ranks of one process say
 * the same again; all else that distinguishes cells (the replicas of one Ray node, an outcome) is added inside its rank.
 */
export type Processes = readonly Rank[][]
type Rank = readonly Cell[]

/** The same grouping as the questions to Prometheus make (questions.ts), so that both ways say the same. */
export function processesOf(
  all: readonly { readonly labels: Labels; readonly ranks: Ranks | undefined; readonly cell: Cell }[],
): Processes {
  const byProcess = new Map<string, Map<string, Cell[]>>()
  for (const { labels, ranks, cell } of all) {
    const process = keyOf(labels, ranks?.apart ?? [])
    const rank = keyOf(labels, ranks?.repeated ?? [])
    const byRank = byProcess.get(process) ?? new Map<string, Cell[]>()
    byProcess.set(process, byRank)
    const there = byRank.get(rank)
    if (there === undefined) byRank.set(rank, [cell])
    else there.push(cell)
  }
  return [...byProcess.values()].map((byRank) => [...byRank.values()])
}

/** These labels as text. */
function keyOf(labels: Labels, names: readonly string[]): string {
  return names.map((name) => labels.get(name) ?? '').join('\u0000')
}

/** Labels but for some, as text. */
export function keyWithout(labels: Labels, left: readonly string[]): string {
  return [...labels]
    .filter(([name]) => !left.includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('\u0000')
}

/** What each process says, in its unit; those that say nothing are left out. @param how cells of one rank go together */
export function readEach(processes: Processes, values: Float64Array, how: 'sum' | 'mean'): number[] {
  return processes.flatMap((ranks) => {
    const said = ranks.flatMap((cells) => {
      const read = readCells(cells, values)
      if (read.length === 0) return []
      const sum = read.reduce((total, value) => total + value, 0)
      return [how === 'sum' ? sum : sum / read.length]
    })
    return said.length === 0 ? [] : [Math.max(...said)]
  })
}

/** The largest of all cells; null where none says anything. */
export function readMost(processes: Processes, values: Float64Array): number | null {
  const all = processes.flatMap((ranks) => ranks.flatMap((cells) => readCells(cells, values)))
  return all.length === 0 ? null : Math.max(...all)
}

function readCells(cells: readonly Cell[], values: Float64Array): number[] {
  return cells.flatMap(({ index, scale }) => {
    const value = values[index] ?? Number.NaN
    return Number.isFinite(value) ? [value * scale] : []
  })
}

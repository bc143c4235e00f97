import { MEASURES, type Measure, TOKEN_MEASURES } from '../../../../shared/model/tokens.ts'
import { figureText } from '../../../../shared/model/units.ts'
import type { Dims, UsageTable } from '../types.ts'

/** More per second is no usage but a fault: all GPUs that there are together serve less. */
const MOST_TOKENS_PER_SECOND = 1e11
const MOST_REQUESTS_PER_SECOND = 1e9
const MOST_TOLD = 3

/** Counts that are spread over steps are rounded in each, part and whole for themselves. */
const ROUNDING = 1n

/** A part and the whole that it cannot exceed. */
const PARTS: readonly (readonly [Measure, Measure, string])[] = [
  ['cachedInput', 'input', 'more input from caches than input'],
  ['reasoning', 'output', 'more reasoning than output'],
  ['errors', 'requests', 'more failed requests than requests'],
]

export interface Plausible {
  /** Without what cannot be: such a figure is unknown, and its absence is said in `missing`. */
  readonly table: UsageTable
  /** What was left out or contradicts itself, in plain words; empty where all is well. */
  readonly faults: readonly string[]
}

/** Holds an answer against what can be at all, and its parts against their wholes. */
export function plausibleUsage(table: UsageTable): Plausible {
  const impossible = impossibleCells(table)
  const contradictions = contradictionsIn(table)
  if (impossible.length === 0 && contradictions.length === 0) return { table, faults: [] }
  const told = impossible.slice(0, MOST_TOLD).map((cell) => cellText(table, cell))
  const more = impossible.length - told.length
  if (more > 0) told.push(`${more} more figures that cannot be`)
  return {
    table: {
      ...table,
      complete: table.complete && impossible.length === 0,
      missing: [...table.missing, ...told],
      doubts: [...(table.doubts ?? []), ...contradictions],
    },
    faults: [...told, ...contradictions],
  }
}

interface Cell {
  readonly at: number
  readonly measure: Measure
  readonly count: bigint
}

/** Empties them: a part of a picture that is wrong by eight orders of magnitude is worth nothing. */
function impossibleCells({ times, toMs, counts, given }: UsageTable): Cell[] {
  const found: Cell[] = []
  const steps = times.length
  const seconds = times.map((time, step) => ((times[step + 1] ?? toMs) - time) / 1000)
  const shortest = Math.min(...seconds)
  for (const measure of MEASURES) {
    const column = counts[measure]
    const isTokens = TOKEN_MEASURES.some((each) => each === measure)
    const most = isTokens ? MOST_TOKENS_PER_SECOND : MOST_REQUESTS_PER_SECOND
    if (column === null || column.largest <= most * shortest) continue
    for (let at = 0; at < column.length; at++) {
      if (column.approximate(at) <= most * (seconds[at % steps] as number)) continue
      found.push({ at, measure, count: column.exact(at) })
    }
  }
  for (const { at } of found) {
    given[at] = 0
    for (const measure of MEASURES) counts[measure]?.set(at, 0)
  }
  return found
}

function contradictionsIn({ counts }: UsageTable): string[] {
  return PARTS.flatMap(([part, whole, text]) => {
    const [less, more] = [counts[part], counts[whole]]
    if (less === null || more === null || less.largest === 0) return []
    for (let at = 0; at < less.length; at++) {
      const exceeds =
        less.approximate(at) > more.approximate(at) && less.exact(at) > more.exact(at) + ROUNDING
      if (exceeds) return [text]
    }
    return []
  })
}

function cellText({ times, toMs, rows }: UsageTable, { at, measure, count }: Cell): string {
  const step = at % times.length
  const from = times[step] ?? 0
  const seconds = Math.round(((times[step + 1] ?? toMs) - from) / 1000)
  const who = nameOf(rows[Math.floor(at / times.length)] ?? {})
  const size = figureText(count, { unit: TOKEN_MEASURES.some((each) => each === measure) ? 'tok' : '' })
  return `${measure} of ${who} at ${new Date(from).toISOString()}: ${size} in ${seconds} s cannot be`
}

function nameOf(dims: Dims): string {
  const names = Object.values(dims).filter((name) => name !== '')
  return names.length === 0 ? 'all usage' : names.join(', ').slice(0, 200)
}

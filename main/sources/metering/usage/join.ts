import type { Group } from '../../../../shared/metering/capabilities.ts'
import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from '../../../core/tokens/usage/counts.ts'
import type { Dims, UsageTable } from '../../../core/tokens/types.ts'
import { tooManyPoints } from './builder.ts'
import { rowKey } from './table.ts'

/** Rows times steps of all parts together; each costs about 65 bytes for as long as the table is used. */
const MAX_JOINED_CELLS = 8_000_000

/**
 * Tables of times that follow each other, as one. It reaches as far as the least of them.
 * @param parts the oldest first, at least one, none with a rest row
 * @throws SourceFailure where they are more than can be held
 */
export function joinInTime(parts: readonly UsageTable[], groupBy: readonly Group[]): UsageTable {
  const [first] = parts
  if (first === undefined) throw new RangeError('there is nothing to join')
  if (parts.length === 1) return first
  const rows: Dims[] = []
  const places = new Map<string, number>()
  for (const part of parts) {
    for (const dims of part.rows) {
      const key = rowKey(dims, groupBy)
      if (!places.has(key)) places.set(key, rows.push(dims) - 1)
    }
  }
  const times = parts.flatMap((part) => part.times)
  const cells = rows.length * times.length
  if (cells > MAX_JOINED_CELLS) {
    const size = `${rows.length} combinations over ${times.length} steps`
    throw tooManyPoints(`usage of ${size} is more than the ${MAX_JOINED_CELLS} points that can be held`)
  }
  const given = new Uint8Array(cells)
  const counts = Object.fromEntries(
    MEASURES.map((measure) => [
      measure,
      parts.every((part) => part.counts[measure] !== null) ? new Counts(cells) : null,
    ]),
  ) as Record<Measure, Counts | null>
  let offset = 0
  for (const part of parts) {
    const steps = part.times.length
    part.rows.forEach((dims, row) => {
      const target = (places.get(rowKey(dims, groupBy)) ?? 0) * times.length + offset
      for (let step = 0; step < steps; step++) {
        const from = row * steps + step
        if (part.given[from] !== 1) continue
        given[target + step] = 1
        for (const measure of MEASURES) {
          counts[measure]?.set(target + step, part.counts[measure]?.exact(from) ?? 0)
        }
      }
    })
    offset += steps
  }
  return {
    dataAsOf: Math.min(...parts.map((part) => part.dataAsOf)),
    complete: parts.every((part) => part.complete),
    missing: [...new Set(parts.flatMap((part) => part.missing))],
    doubts: [...new Set(parts.flatMap((part) => part.doubts ?? []))],
    notes: [...new Set(parts.flatMap((part) => part.notes ?? []))],
    spread: parts.flatMap((part) => part.spread ?? []),
    times,
    toMs: parts.at(-1)?.toMs ?? first.toMs,
    rows,
    restRow: -1,
    counts,
    given,
  }
}

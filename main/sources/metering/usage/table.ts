import type { Group } from '../../../../shared/metering/capabilities.ts'
import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { Counts } from '../../../core/tokens/usage/counts.ts'
import type { Dims, Reach, UsageTable } from '../../../core/tokens/types.ts'
import { AnswerError, type Reader, TooLargeError } from '../transport/reader.ts'
import type { UsageQuestion } from '../types.ts'
import { type RawPoint, type RawUsage, readUsage } from './points.ts'
import { type UsageSteps, stepsOf } from './steps.ts'

/** Rows times steps of one answer; each costs about 65 bytes. */
export const MAX_CELLS = 2_000_000

/** Measures of a back end that counts them; `errorTokens` may still be missing from its points. */
export type Counted = Readonly<Record<Measure, boolean>>

/**
 * Turns an answer into columns, exactly.
 * @returns throws AnswerError for another step, a point off the steps, or one that is there twice; TooLargeError where
 * there are more points than can be held
 */
export function usageReader(question: UsageQuestion, counted: Counted): Reader<UsageTable> {
  const steps = stepsOf(question)
  return (body) => tableOf(readUsage(body), question, steps, counted)
}

function tableOf(answer: RawUsage, question: UsageQuestion, steps: UsageSteps, counted: Counted): UsageTable {
  const { groupBy, step } = question
  const wanted = 'ms' in step ? step.ms / 1000 : null
  if (answer.step !== wanted) {
    throw new AnswerError('step', `expected ${wanted ?? 'null'}, as was asked for, and it is ${answer.step}`)
  }
  const rest = answer.rest ?? []
  const rows: Dims[] = answer.series.map(({ dims }) => only(dims, groupBy))
  refuseTwins(rows, groupBy)
  const restRow = rest.length > 0 ? rows.push({}) - 1 : -1
  const cells = rows.length * steps.times.length
  if (cells > MAX_CELLS) {
    throw new TooLargeError(
      `${rows.length} series of ${steps.times.length} steps are more than the ${MAX_CELLS} points that can be held`,
    )
  }
  const counts = columnsFor(cells, counted, [...answer.series.map(({ points }) => points), rest])
  const given = new Uint8Array(cells)
  const fill = (points: readonly RawPoint[], row: number, place: string) => {
    points.forEach((point, i) => {
      const index = steps.indexOf(answer.instants.get(point.t) ?? Number.NaN)
      if (index < 0)
        throw new AnswerError(`${place}.${i}.t`, `${point.t} starts none of the steps that were asked for`)
      const cell = row * steps.times.length + index
      if (given[cell] === 1) throw new AnswerError(`${place}.${i}.t`, `${point.t} is there twice`)
      given[cell] = 1
      for (const measure of MEASURES) counts[measure]?.set(cell, point[measure] ?? 0)
    })
  }
  answer.series.forEach(({ points }, row) => fill(points, row, `series.${row}.points`))
  if (restRow >= 0) fill(rest, restRow, 'rest')
  return { ...reachOf(answer), times: steps.times, toMs: steps.toMs, rows, restRow, counts, given }
}

/** How far an answer reaches, from its own words. */
export function reachOf(answer: { dataAsOf: string; complete: boolean; missing: readonly string[] }): Reach {
  return { dataAsOf: Date.parse(answer.dataAsOf), complete: answer.complete, missing: answer.missing }
}

/** A dimension that was not asked for is left out, whatever the answer brings. */
export function only(dims: Partial<Record<Group, string | undefined>>, groupBy: readonly Group[]): Dims {
  const kept: Partial<Record<Group, string>> = {}
  for (const group of groupBy) {
    const name = dims[group]
    if (name !== undefined) kept[group] = name
  }
  return kept
}

export function rowKey(dims: Dims, groupBy: readonly Group[]): string {
  return JSON.stringify(groupBy.map((group) => dims[group] ?? null))
}

function refuseTwins(rows: readonly Dims[], groupBy: readonly Group[]): void {
  const seen = new Set<string>()
  rows.forEach((dims, row) => {
    const key = rowKey(dims, groupBy)
    if (seen.has(key)) {
      const names = Object.values(dims).join(', ')
      throw new AnswerError(
        `series.${row}.dims`,
        names === '' ? 'there is more than one series without names' : `${names} is there twice`,
      )
    }
    seen.add(key)
  })
}

/** Null for what is not counted, and for tokens of failed requests where any point leaves them out. */
function columnsFor(
  cells: number,
  counted: Counted,
  all: readonly (readonly RawPoint[])[],
): Record<Measure, Counts | null> {
  const errorTokens =
    counted.errorTokens && all.every((points) => points.every((point) => point.errorTokens !== undefined))
  const isThere = (measure: Measure) => (measure === 'errorTokens' ? errorTokens : counted[measure])
  return Object.fromEntries(
    MEASURES.map((measure) => [measure, isThere(measure) ? new Counts(cells) : null]),
  ) as Record<Measure, Counts | null>
}

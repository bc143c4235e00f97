import type { Group } from '../../../../shared/metering/capabilities.ts'
import type { Dims, Reach, UsageTable } from '../../../core/tokens/types.ts'
import { pieces } from '../transport/jsonPieces.ts'
import { AnswerError, type LongReader } from '../transport/reader.ts'
import type { UsageQuestion } from '../types.ts'
import { UsageColumns } from './columns.ts'
import type { Counted } from './growing.ts'
import { UsageParts } from './points.ts'
import { type UsageSteps, stepsOf } from './steps.ts'

/**
 * Turns an answer into columns, exactly, in turns.
 * @returns throws AnswerError for another step, a point off the steps, or one that is there twice; TooLargeError where
 * there are more points than can be held
 */
export function usageReader(question: UsageQuestion, counted: Counted): LongReader<UsageTable> {
  const steps = stepsOf(question)
  return (body) => read(body, question, steps, counted)
}

function* read(
  body: Uint8Array,
  question: UsageQuestion,
  steps: UsageSteps,
  counted: Counted,
): Generator<void, UsageTable> {
  const { step, groupBy } = question
  const answer = yield* pieces(body, 'series')
  const parts = new UsageParts()
  const head = parts.head(answer.head)
  const wanted = 'ms' in step ? step.ms / 1000 : null
  if (head.step !== wanted) {
    throw new AnswerError('step', `expected ${wanted ?? 'null'}, as was asked for, and it is ${head.step}`)
  }
  const columns = new UsageColumns(steps, counted, parts.instants)
  const named = new Set<string>()
  for (const { first, elements } of answer.batches()) {
    const series = elements.map((one, i) => parts.series(one, first + i))
    const dims = series.map((one) => only(one.dims, groupBy))
    refuseTwins(dims, first, groupBy, named)
    // Names beyond a budget come back as one, before they cost any room.
    const rows = question.admit?.(dims) ?? dims
    for (const [i, { points }] of series.entries())
      columns.add(rows[i] ?? {}, rowKey(rows[i] ?? {}, groupBy), points, `series.${first + i}.points`)
    yield
  }
  const restRow = head.rest === undefined || head.rest.length === 0 ? -1 : columns.addRest(head.rest)
  return { ...reachOf(head), times: steps.times, toMs: steps.toMs, restRow, ...columns.table() }
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

/** @param named what stood before */
function refuseTwins(
  rows: readonly Dims[],
  first: number,
  groupBy: readonly Group[],
  named: Set<string>,
): void {
  for (const [i, dims] of rows.entries()) {
    const key = rowKey(dims, groupBy)
    if (named.has(key)) {
      const names = Object.values(dims).join(', ')
      throw new AnswerError(
        `series.${first + i}.dims`,
        names === '' ? 'there is more than one series without names' : `${names} is there twice`,
      )
    }
    named.add(key)
  }
}

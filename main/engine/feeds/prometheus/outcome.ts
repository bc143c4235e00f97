import { SourceFailure } from '../../../platform/failure.ts'
import { isComplete, type Completeness } from '../../../core/observation.ts'
import type { Answered, Vector } from '../../../sources/prometheus/index.ts'
import type { FloorQuestion } from './questions.ts'

/** The slow questions, which may take several refreshes: those not asked yet, and why others were not answered wholly. */
export interface SlowRound {
  readonly left: FloorQuestion[]
  readonly lacking: string[]
}

/** What became of the questions of one refresh so far. */
export interface Outcome {
  readonly columns: AnsweredColumn[]
  readonly warnings: Set<string>
  /** Why questions were not answered wholly, each. */
  readonly lacking: string[]
  /** Of the first question that was not answered at all. */
  failure: unknown
  rows: number
  bytes: number
}

export interface AnsweredColumn {
  readonly question: FloorQuestion
  readonly vector: Vector
  readonly whole: boolean
}

export function judgement(): Outcome {
  return { columns: [], warnings: new Set(), lacking: [], failure: null, rows: 0, bytes: 0 }
}

export function completenessOf({ lacking: [why] }: Outcome): Completeness {
  return why === undefined ? true : { why }
}

export interface Checked {
  readonly answer: Answered<Vector>
  /** Why the answer is not whole; null where it is. */
  readonly lacks: string | null
}

/** Complete where all of them are; else the first reason why not. */
export function firstWhy(...parts: readonly Completeness[]): Completeness {
  return parts.find((part) => !isComplete(part)) ?? true
}

/**
 * Puts answers into what became of the questions so far.
 * @returns body bytes of the longest, and whether two series of one name show that shortened UUIDs are shared
 */
export function judge(
  outcome: Outcome,
  asked: readonly FloorQuestion[],
  answers: readonly PromiseSettledResult<Checked>[],
): { readonly longest: number; readonly mixedUp: boolean } {
  const { columns, warnings, lacking } = outcome
  let longest = 0
  let mixedUp = false
  asked.forEach((question, i) => {
    const settled = answers[i]
    if (settled?.status === 'fulfilled') {
      const { answer, lacks } = settled.value
      outcome.rows += answer.value.series.length
      outcome.bytes += answer.bytes
      longest = Math.max(longest, answer.bytes)
      for (const warning of answer.warnings) warnings.add(warning)
      if (lacks !== null) {
        warnings.add(lacks)
        lacking.push(lacks)
      }
      columns.push({ question, vector: answer.value, whole: lacks === null })
      return
    }
    outcome.failure ??= settled?.reason
    if (codeOf(settled?.reason) === 'duplicate-series') mixedUp = true
    const why = `${question.title} was not answered: ${textOf(settled?.reason)}`
    warnings.add(why)
    lacking.push(why)
  })
  return { longest, mixedUp }
}

function codeOf(error: unknown): string {
  return error instanceof SourceFailure ? error.failure.code : ''
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
